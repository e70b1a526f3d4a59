"""Make ``docs/catalogue.md`` and ``examples/readers/datasette.json`` from the schema: ``python docs/dictionary.py``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harvester.catalogue.dictionary import Table, read_dictionary
from harvester.catalogue.published import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parents[1]
READERS = ROOT / "examples" / "readers"
_QUESTIONS = ("tiles", "region", "situation", "service", "texts", "links", "office", "search", "changes")
_HEAD = f"""\
# The catalogue, table by table

`catalogue.db` is one SQLite file, schema version {SCHEMA_VERSION}. Any SQLite from 3.34 on reads it, in any language, without
extensions. Times are UTC in ISO 8601, regions are ARS (twelve digits as text), languages BCP 47. The file is never written in
place: each build replaces it in one step, and whoever has it open goes on reading the old one whole. Open it anew for every
request, or when `meta.build_id` has changed; read-only: `file:catalogue.db?mode=ro`.

Tables and columns may be added without a new schema version; name the columns you read. What is here is kept.

This page is made from the schema by `python docs/dictionary.py`; meanings are in `harvester/catalogue/dictionary.yml`.

## The questions of a portal

The files in `examples/readers/`. `reader.py` there asks them with nothing but Python's standard library, `reader.sh` with the `sqlite3`
shell. Each goes by an index; a test reads the query plans. `datasette catalogue.db --metadata examples/readers/datasette.json`
shows tables with their meanings in a browser, with these questions as forms.
"""


def queries() -> dict[str, str]:
    """The questions with their SQL, as the readers ask them."""
    return {name: (READERS / f"{name}.sql").read_text(encoding="utf-8") for name in _QUESTIONS}


def markdown() -> str:
    """The page."""
    tables = read_dictionary()
    return "".join([_HEAD, *_questions(), *_tables("Tables", tables, view=False), *_tables("Views", tables, view=True)])


def datasette() -> dict[str, Any]:
    """Metadata for datasette 0.65: meanings of tables and columns, and the questions as canned queries."""
    return {
        "title": "Verwaltungsleistungen: Bund, Land und Kommune",
        "description": "The catalogue that service portals read.",
        "databases": {
            "catalogue": {
                "tables": {
                    table.name: {
                        "description": table.about,
                        "columns": {column.name: column.about for column in table.columns},
                    }
                    for table in read_dictionary()
                },
                "queries": {
                    f"ask_{name}": {  # a query with the name of a table would hide it
                        "title": _title(sql),
                        "sql": _bare(sql),
                        "params": sorted(set(re.findall(r"(?<![:\w]):(\w+)", _bare(sql)))),
                    }
                    for name, sql in queries().items()
                },
            }
        },
    }


def _questions() -> Iterator[str]:
    for name, sql in queries().items():
        yield f"\n### {name}\n\n```sql\n{sql}```\n"


def _tables(title: str, tables: list[Table], *, view: bool) -> Iterator[str]:
    yield f"\n## {title}\n"
    for table in tables:
        if table.view == view:
            yield f"\n### {table.name}\n\n{table.about}\n\n| column | type | | meaning |\n|---|---|---|---|\n"
            for column in table.columns:
                notes = ", ".join(column.constraints)
                yield f"| `{column.name}` | {column.type.lower()} | {notes} | {column.about} |\n"
            if table.indexes:
                told = " · ".join(", ".join(columns) for columns in table.indexes)
                yield f"\nIndexes: {told}\n"


def _title(sql: str) -> str:
    """The first sentence of the comment above a query."""
    comment = " ".join(re.findall(r"^-- (?! *:)(.*)$", sql, re.MULTILINE))
    return re.split(r"(?<=\.)\s|: ", comment)[0]


def _bare(sql: str) -> str:
    return re.sub(r"\s*--.*", "", sql).strip().rstrip(";")


def main() -> None:
    """Write both files."""
    (ROOT / "docs" / "catalogue.md").write_text(markdown(), encoding="utf-8")
    text = json.dumps(datasette(), ensure_ascii=False, indent=2) + "\n"
    (READERS / "datasette.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
