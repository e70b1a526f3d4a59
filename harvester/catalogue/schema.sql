-- The catalogue, schema version 1. A contract: docs/catalogue.md. Any SQLite from 3.34 on can read it.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE source (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, level TEXT NOT NULL, region TEXT NOT NULL, interface TEXT NOT NULL,
    verdict TEXT, reason TEXT, last_run_at TEXT, last_complete_at TEXT, records INTEGER NOT NULL,
    licence TEXT, attribution TEXT, contact TEXT, publisher TEXT, homepage TEXT
);
CREATE TABLE region (ars TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, parent_ars TEXT REFERENCES region (ars));
CREATE TABLE region_ancestor (
    ars TEXT NOT NULL REFERENCES region (ars), ancestor_ars TEXT NOT NULL REFERENCES region (ars), distance INTEGER NOT NULL,
    PRIMARY KEY (ars, ancestor_ars)
) WITHOUT ROWID;
CREATE TABLE organisation (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, level TEXT, region TEXT, homepage TEXT, phone TEXT, email TEXT, address TEXT
);
CREATE TABLE service (
    id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, leika_key TEXT, title TEXT NOT NULL, official_title TEXT, summary TEXT,
    level TEXT NOT NULL, audience TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('live', 'missing', 'withdrawn')),
    source_id TEXT NOT NULL REFERENCES source (id), organisation_id TEXT REFERENCES organisation (id), language TEXT NOT NULL,
    source_modified_at TEXT, first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, changed_at TEXT NOT NULL,
    content_hash TEXT NOT NULL, base_id TEXT REFERENCES service (id)
);
CREATE TABLE service_key (
    service_id TEXT NOT NULL REFERENCES service (id), leika_key TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('source', 'matched')), confidence REAL NOT NULL,
    PRIMARY KEY (service_id, leika_key)
) WITHOUT ROWID;
CREATE TABLE key_match (                    -- services whose source names no key: what matching says, and why
    service_id TEXT PRIMARY KEY REFERENCES service (id),
    decision TEXT NOT NULL CHECK (decision IN ('assigned', 'review', 'none')), rule TEXT NOT NULL, leika_keys TEXT NOT NULL,
    digits INTEGER NOT NULL, score REAL NOT NULL, reason TEXT NOT NULL, evidence TEXT NOT NULL, alternatives TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE service_source (
    service_id TEXT NOT NULL REFERENCES service (id), source_id TEXT NOT NULL REFERENCES source (id), remote_id TEXT NOT NULL,
    url TEXT NOT NULL, reason TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (service_id, source_id, remote_id)
) WITHOUT ROWID;
CREATE TABLE conflict (                     -- what records of one service say against each other
    service_id TEXT NOT NULL REFERENCES service (id), field TEXT NOT NULL CHECK (field IN ('apply', 'fees')),
    source_id TEXT NOT NULL REFERENCES source (id), remote_id TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (service_id, field, source_id, remote_id, value)
) WITHOUT ROWID;
CREATE TABLE text_module ( -- same_as: another service's row holds the very same text, and this one has none
    service_id TEXT NOT NULL REFERENCES service (id), language TEXT NOT NULL, module TEXT NOT NULL, html TEXT, text TEXT,
    same_as TEXT REFERENCES service (id), CHECK ((html IS NULL) = (same_as IS NOT NULL) AND (text IS NULL) = (same_as IS NOT NULL))
); -- unique by service_id, language, module: the index is made after the rows
CREATE TABLE service_region (
    service_id TEXT NOT NULL REFERENCES service (id), ars TEXT NOT NULL,
    precision TEXT NOT NULL CHECK (precision IN ('exact', 'parent', 'assumed')), PRIMARY KEY (service_id, ars)
) WITHOUT ROWID;
CREATE TABLE online_service (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, organisation_id TEXT REFERENCES organisation (id), trust_level TEXT,
    identification TEXT, payment TEXT, languages TEXT
);
CREATE TABLE competence (
    service_id TEXT NOT NULL REFERENCES service (id), organisation_id TEXT NOT NULL REFERENCES organisation (id), ars TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('responsible', 'contact')), PRIMARY KEY (service_id, organisation_id, ars, role)
) WITHOUT ROWID;
CREATE TABLE link (
    id TEXT PRIMARY KEY, url TEXT NOT NULL UNIQUE, host TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ok', 'suspect', 'dead', 'unchecked')), outcome TEXT, code TEXT, http_status INTEGER,
    final_url TEXT, since TEXT, last_checked_at TEXT, last_ok_at TEXT, failures INTEGER NOT NULL DEFAULT 0, suggestion TEXT
);
CREATE TABLE service_link (
    service_id TEXT NOT NULL REFERENCES service (id), link_id TEXT NOT NULL REFERENCES link (id),
    online_service_id TEXT REFERENCES online_service (id), role TEXT NOT NULL, label TEXT NOT NULL, language TEXT NOT NULL,
    position INTEGER NOT NULL, substitute TEXT, substitute_reason TEXT,
    ars TEXT, -- holds there and in the regions inside it; NULL: wherever the service does
    replaces TEXT, replaced_because TEXT, -- what the source states instead, where an editor accepted another address
    PRIMARY KEY (service_id, position)
); -- with rowid: integrity_check of SQLite 3.40 cries wolf over tables without that have a nullable column

CREATE TABLE taxonomy (id TEXT PRIMARY KEY, title TEXT NOT NULL, list_uri TEXT NOT NULL, version TEXT NOT NULL);
CREATE TABLE situation (
    id TEXT PRIMARY KEY, taxonomy_id TEXT NOT NULL REFERENCES taxonomy (id), code TEXT NOT NULL, name TEXT NOT NULL,
    parent_id TEXT REFERENCES situation (id), position INTEGER NOT NULL
);
CREATE TABLE situation_ancestor ( -- an entry counts as its own ancestor, at distance 0
    situation_id TEXT NOT NULL REFERENCES situation (id), ancestor_id TEXT NOT NULL REFERENCES situation (id),
    distance INTEGER NOT NULL, PRIMARY KEY (situation_id, ancestor_id)
) WITHOUT ROWID;
CREATE TABLE situation_map (
    from_id TEXT NOT NULL REFERENCES situation (id), to_id TEXT NOT NULL REFERENCES situation (id), relation TEXT NOT NULL,
    origin TEXT NOT NULL, PRIMARY KEY (from_id, to_id)
) WITHOUT ROWID;
CREATE TABLE service_situation (
    service_id TEXT NOT NULL REFERENCES service (id), situation_id TEXT NOT NULL REFERENCES situation (id), origin TEXT NOT NULL,
    confidence REAL NOT NULL, rule TEXT NOT NULL, rank INTEGER NOT NULL, PRIMARY KEY (service_id, situation_id)
) WITHOUT ROWID;
CREATE TABLE portal (id TEXT PRIMARY KEY, title TEXT NOT NULL);
CREATE TABLE portal_region (
    portal_id TEXT NOT NULL REFERENCES portal (id), ars TEXT NOT NULL, PRIMARY KEY (portal_id, ars)
) WITHOUT ROWID;
CREATE TABLE tile ( -- rest: what lies in no other tile of the portal
    portal_id TEXT NOT NULL REFERENCES portal (id), id TEXT NOT NULL, title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('tile', 'drawer', 'rest')), position INTEGER NOT NULL, PRIMARY KEY (portal_id, id)
) WITHOUT ROWID;
CREATE TABLE tile_situation ( -- with everything below it: see situation_ancestor
    portal_id TEXT NOT NULL, tile_id TEXT NOT NULL, situation_id TEXT NOT NULL REFERENCES situation (id),
    PRIMARY KEY (portal_id, tile_id, situation_id), FOREIGN KEY (portal_id, tile_id) REFERENCES tile (portal_id, id)
) WITHOUT ROWID;
CREATE TABLE synonym ( -- term: folded; written: as people write it; stems: as search compares it
    term TEXT NOT NULL, expansion TEXT NOT NULL, origin TEXT NOT NULL, written TEXT NOT NULL, stems TEXT NOT NULL,
    PRIMARY KEY (term, expansion)
) WITHOUT ROWID;
CREATE TABLE event (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, run_id TEXT NOT NULL, entity TEXT NOT NULL, entity_id TEXT NOT NULL, kind TEXT NOT NULL,
    field TEXT NOT NULL, old TEXT, new TEXT, regions TEXT
);
CREATE TABLE run (
    id TEXT PRIMARY KEY, source_id TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, verdict TEXT, reason TEXT,
    fetched INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL, removed INTEGER NOT NULL, errors INTEGER NOT NULL
);
CREATE TABLE finding (
    id TEXT PRIMARY KEY, severity TEXT NOT NULL, rule TEXT NOT NULL, entity TEXT NOT NULL, entity_id TEXT NOT NULL,
    message TEXT NOT NULL, hint TEXT NOT NULL, first_seen_at TEXT NOT NULL
);
CREATE VIRTUAL TABLE service_search USING fts5 (
    service_id UNINDEXED, title, official_title, synonyms, summary, terms, regions, stems, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE search_word ( -- the words of all titles, for "did you mean"; services: how often it is written
    id INTEGER PRIMARY KEY, word TEXT NOT NULL, folded TEXT NOT NULL, stem TEXT NOT NULL, services INTEGER NOT NULL
);
CREATE VIRTUAL TABLE search_trigram USING fts5 (folded, content = 'search_word', content_rowid = 'id', tokenize = 'trigram');
