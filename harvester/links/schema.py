"""The link checker's tables in ``state.db``; a migration calls ``links(db)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

SCHEMA = """
CREATE TABLE link (                             -- one per checkable address, however many services name it
    id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,                         -- with port where it is not the scheme's own
    domain TEXT NOT NULL,                       -- the registrable domain
    state TEXT NOT NULL DEFAULT 'unchecked', outcome TEXT NOT NULL DEFAULT 'unchecked', code TEXT NOT NULL DEFAULT '',
    since TEXT, failures INTEGER NOT NULL DEFAULT 0, failing_since TEXT, failed_at TEXT,
    sure INTEGER NOT NULL DEFAULT 0, sure_since TEXT, streak INTEGER NOT NULL DEFAULT 0, checked_at TEXT, ok_at TEXT,
    permanent_url TEXT NOT NULL DEFAULT '', permanent_since TEXT, permanent_seen TEXT, next_at TEXT,
    word TEXT, word_code TEXT, word_until TEXT, -- a maintainer's word and what it was said about
    status INTEGER, final_url TEXT, title TEXT, etag TEXT,
    incident_id INTEGER,                        -- set where the link is dead because its host is
    added_at TEXT NOT NULL, removed_at TEXT     -- removed: no service names it any more; found again it goes on
);
CREATE INDEX link_domain ON link (domain, host, id);
CREATE TABLE link_text (                        -- addresses as sources write them
    text TEXT PRIMARY KEY, link_id INTEGER NOT NULL REFERENCES link (id)
) WITHOUT ROWID;
CREATE TABLE link_observation (                 -- one per attempt; never changed
    id INTEGER PRIMARY KEY, link_id INTEGER NOT NULL, run_id TEXT NOT NULL, at TEXT NOT NULL, method TEXT NOT NULL,
    status INTEGER, fault TEXT, final_url TEXT, -- final_url is NULL where it is the address itself
    address TEXT, elapsed_ms INTEGER, media_type TEXT, title TEXT, heading TEXT, digest TEXT, size INTEGER,
    more TEXT,                                  -- JSON: the rarer facts
    code TEXT NOT NULL, rules INTEGER NOT NULL, -- the verdict, and the version of the rules it was made by
    permanent_url TEXT, decisive INTEGER NOT NULL
);
CREATE INDEX link_observation_link ON link_observation (link_id);
CREATE INDEX link_observation_run ON link_observation (run_id, link_id) WHERE decisive;
CREATE INDEX link_observation_aside ON link_observation (at) WHERE NOT decisive;
CREATE TABLE link_host (
    host TEXT PRIMARY KEY, head_lies_at TEXT, not_before TEXT, sibling TEXT, sibling_at TEXT,
    broken_code TEXT, broken_run TEXT
) WITHOUT ROWID;
CREATE TABLE link_incident (
    id INTEGER PRIMARY KEY, host TEXT NOT NULL, code TEXT NOT NULL, opened_at TEXT NOT NULL, seen_at TEXT NOT NULL,
    failures INTEGER NOT NULL, confirmed_at TEXT, closed_at TEXT
);
CREATE INDEX link_incident_host ON link_incident (host) WHERE closed_at IS NULL;
CREATE TABLE link_run (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, started_at TEXT NOT NULL, seen_at TEXT NOT NULL, ended_at TEXT,
    void TEXT                                   -- why nothing was judged
);
CREATE TABLE link_confirmation (
    id INTEGER PRIMARY KEY, link_id INTEGER NOT NULL, at TEXT NOT NULL, word TEXT NOT NULL,
    state TEXT NOT NULL, outcome TEXT NOT NULL, code TEXT NOT NULL, because TEXT NOT NULL DEFAULT ''
);
"""


def links(db: Database) -> None:
    """Make the tables of the link checker."""
    db.executescript(SCHEMA)
