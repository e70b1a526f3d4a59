"""Read the catalogue with nothing but the Python standard library.

    python examples/readers/reader.py catalogue.db tiles      gelsenkirchen 055130000000
    python examples/readers/reader.py catalogue.db region     055130000000
    python examples/readers/reader.py catalogue.db situation  pvlagen:1050000 055130000000
    python examples/readers/reader.py catalogue.db service    anmeldung-einer-wohnung-op2zbjygv43fk 055130000000
    python examples/readers/reader.py catalogue.db search     "wohnung anmelden" 055130000000
    python examples/readers/reader.py catalogue.db changes    2026-11-22 055130000000

The queries are the .sql files beside this one; the sqlite3 shell reads the same (reader.sh).
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

QUERIES = Path(__file__).parent


def ask(db: sqlite3.Connection, query: str, **told: str) -> list[sqlite3.Row]:
    """The rows of one of the queries."""
    return db.execute((QUERIES / f"{query}.sql").read_text(encoding="utf-8"), told).fetchall()


def words(typed: str) -> str:
    """What a citizen typed, as FTS5 reads it: every word quoted, beginnings count."""
    return " ".join('"{}"*'.format(word.replace('"', "")) for word in typed.split() if word.strip('"')) or '""'


def moment(told: str) -> str:
    """A day or time as the catalogue writes it, in UTC."""
    at = datetime.fromisoformat(told)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


QUESTIONS = {
    "tiles": ("portal", "ars"),
    "region": ("ars",),
    "situation": ("situation", "ars"),
    "service": ("service", "ars"),
    "search": ("words", "ars"),
    "changes": ("since", "ars"),
}


def understand(arguments: list[str]) -> tuple[str, dict[str, str]] | None:
    """The question and what it is about; None for anything else."""
    question, values = arguments[:1], arguments[1:]
    if not question or len(values) != len(QUESTIONS.get(question[0], ())) or not values:
        return None
    told = {"skip": "0"} | dict(zip(QUESTIONS[question[0]], values, strict=True))
    for name, read in (("words", words), ("since", moment)):
        if name in told:
            told[name] = read(told[name])
    return question[0], told


def answer(db: sqlite3.Connection, question: str, told: dict[str, str]) -> list[sqlite3.Row]:
    """The rows of an answer; a service comes with its texts, links and office."""
    rows = ask(db, question, **told)
    if question == "service" and rows:
        told["service"] = rows[0]["id"]
        rows += ask(db, "texts", **told) + ask(db, "links", **told) + ask(db, "office", **told)
    return rows


def main(arguments: list[str]) -> int:
    """Print the answer, a row a line; 0 answered, 1 nothing found, 2 not understood."""
    asked = understand(arguments[1:])
    if asked is None or not Path(arguments[0]).is_file():
        print(__doc__ if asked is None else f"{arguments[0]} does not exist", file=sys.stderr)
        return 2
    with closing(sqlite3.connect(f"{Path(arguments[0]).resolve().as_uri()}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        rows = answer(db, *asked)
    for row in rows:
        print("\t".join("" if value is None else str(value) for value in row))
    return 0 if rows else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
