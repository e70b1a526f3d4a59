"""Links of a service: where a citizen is sent."""

from enum import StrEnum

from harvester.model.base import Model


class LinkRole(StrEnum):
    """What a person does behind a link; the value stands in the catalogue's column ``role``."""

    APPLY = "apply"
    INFORMATION = "information"
    FORM = "form"
    APPOINTMENT = "appointment"
    PAYMENT = "payment"
    CONTACT = "contact"
    LEGAL = "legal"


class Link(Model):
    """An address with its role.

    ``template`` is true where the address still holds placeholders (``{serviceId}``) or needs parameters of the
    portal (PVOG ``dynamicParameters``): it is no address yet, is never reported as dead and never shown as a button.
    ``online_service`` is the source's identifier of the online service the link leads to, if it names one.
    """

    url: str
    role: LinkRole
    label: str = ""
    language: str = "de"
    online_service: str | None = None
    template: bool = False
