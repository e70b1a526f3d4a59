"""Fees in words: ``kosten`` with a fixed amount, a range, or none at all.

Where amounts and currency stand differs between versions and editors' systems (``kostenauswahl/betrag``,
``betragUntergrenze`` …; the currency as attribute or beside it), so they are found by name wherever they are.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from harvester.model import clean_line
from normalizers.xzufi.element import NAMES, XSI_TYPE, Element, code_of, text_of

_CURRENCY_ATTRIBUTES = ("currencyID", "currencyCode", "waehrung")
_FREE = frozenset({"kostenfrei", "frei"})
_TRUE = frozenset({"true", "1"})
_GERMAN = str.maketrans(",.", ".,")


def say_fee(entry: Element, language: str) -> str:
    """A sentence in German or English; empty where the entry holds no figures."""
    amounts: dict[str, str] = {}
    currency, free, reasons, ahead = "", False, [], False
    for element in entry.iter():
        name = NAMES[element.tag]
        match name:
            case "betrag" | "betragUntergrenze" | "betragObergrenze" if not len(element):
                amounts[name] = clean_line(text_of(element))
                currency = next((found for key in _CURRENCY_ATTRIBUTES if (found := element.get(key))), currency)
            case "waehrung":
                currency = code_of(element)
            case "beschreibungKostenfreiheit" | "beschreibungVariabilitaet":
                free = free or name == "beschreibungKostenfreiheit"
                if (element.get("languageCode") or "de").lower()[:2] == language:
                    reasons.append(clean_line(text_of(element)))
            case "vorkasse":
                ahead = text_of(element) in _TRUE
        kind = (element.get(XSI_TYPE) or "").rpartition(":")[2]
        free = free or name.lower() in _FREE or kind.lower() == "kostenfrei"
    said = _say(amounts, currency or "EUR", free=free, german=language == "de")
    if said and ahead:
        said += " Sie sind im Voraus zu zahlen." if language == "de" else " Payment is due in advance."
    return " ".join(part for part in (said, *reasons) if part)


def _say(amounts: dict[str, str], currency: str, *, free: bool, german: bool) -> str:
    fixed, low, high = (
        _money(amounts.get(name, ""), currency, german=german)
        for name in ("betrag", "betragUntergrenze", "betragObergrenze")
    )
    if fixed:
        said = f"Es fallen Kosten von {fixed} an.", f"The fee is {fixed}."
    elif low and high:
        said = f"Es fallen Kosten von {low} bis {high} an.", f"The fee is between {low} and {high}."
    elif low:
        said = f"Es fallen Kosten ab {low} an.", f"The fee is {low} or more."
    elif high:
        said = f"Es fallen Kosten bis {high} an.", f"The fee is up to {high}."
    elif words := ", ".join(value for value in amounts.values() if value):
        said = f"Kosten: {words}", f"Fee: {words}"
    else:
        said = ("Es fallen keine Kosten an.", "There is no fee.") if free else ("", "")
    return said[0] if german else said[1]


def _money(value: str, currency: str, *, german: bool) -> str:
    """„1.234,50 Euro“, “EUR 1,234.50”; empty for what is no amount."""
    try:
        number = Decimal(value if "." in value else value.replace(",", "."))
        usual = 0 <= number < 10**12
    except InvalidOperation:  # no number, or NaN, which cannot be compared
        return ""
    if not usual:
        return ""
    shown = f"{number:,.2f}"
    if not german:
        return f"{currency} {shown}"
    return f"{shown.translate(_GERMAN)} {'Euro' if currency.upper() == 'EUR' else currency}"
