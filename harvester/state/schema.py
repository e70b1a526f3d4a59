"""The schema of ``state.db`` and its migrations.

Migrations only run forward; a file made by a newer program is refused (see ``store.py``).
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from harvester.links.schema import links

migrations = Migrations("state")


@migrations(name="0001-first")
def first(db: Database) -> None:
    """Runs, documents, records with their versions, identities and events."""
    db.executescript(
        """
        CREATE TABLE source (
            id TEXT PRIMARY KEY,
            description TEXT NOT NULL,              -- the source as JSON, as it was at its last run
            revision INTEGER NOT NULL DEFAULT 0,    -- counts up whenever a record appears, changes or goes
            cursor TEXT,                            -- where the next run of an event log begins
            last_run_at TEXT, last_complete_at TEXT, verdict TEXT, reason TEXT
        );
        CREATE TABLE run (
            id TEXT PRIMARY KEY,
            source_id TEXT NOT NULL,
            started_at TEXT NOT NULL, ended_at TEXT,
            verdict TEXT, reason TEXT NOT NULL DEFAULT '',
            how TEXT, expected INTEGER,
            requests INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
            fetched INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0,
            removed INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0, warnings INTEGER NOT NULL DEFAULT 0,
            unnamed INTEGER NOT NULL DEFAULT 0      -- unreadable records that did not even tell their id
        );
        CREATE INDEX run_source ON run (source_id, started_at);
        CREATE TABLE run_document (
            run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE, position INTEGER NOT NULL,
            url TEXT NOT NULL, role TEXT NOT NULL, note TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
            media_type TEXT NOT NULL, charset TEXT, fetched_at TEXT NOT NULL,
            PRIMARY KEY (run_id, position)
        ) WITHOUT ROWID;
        CREATE TABLE document (                     -- the documents the live records of a source were read from
            source_id TEXT NOT NULL, url TEXT NOT NULL, role TEXT NOT NULL, note TEXT NOT NULL, sha256 TEXT NOT NULL,
            size INTEGER NOT NULL, media_type TEXT NOT NULL, charset TEXT, fetched_at TEXT NOT NULL,
            reader TEXT NOT NULL,                   -- interface, its version and the context it was read in
            services INTEGER NOT NULL, errors INTEGER NOT NULL, unread INTEGER NOT NULL, unnamed INTEGER NOT NULL,
            warnings INTEGER NOT NULL, filled TEXT NOT NULL,                -- filled: field to count, JSON
            read_at TEXT NOT NULL,                  -- its records are those last seen then or later
            seen_at TEXT NOT NULL,
            PRIMARY KEY (source_id, url)
        );
        CREATE TABLE issue (
            source_id TEXT NOT NULL, url TEXT NOT NULL, severity TEXT NOT NULL, rule TEXT NOT NULL,
            locator TEXT NOT NULL, remote_id TEXT NOT NULL, message TEXT NOT NULL, first_seen_at TEXT NOT NULL
        );
        CREATE INDEX issue_source ON issue (source_id, url);
        CREATE TABLE record (
            source_id TEXT NOT NULL, kind TEXT NOT NULL, remote_id TEXT NOT NULL,
            hash BLOB NOT NULL,                     -- of the content; dates of change and places do not count
            title TEXT NOT NULL, keys TEXT NOT NULL, scope TEXT NOT NULL,   -- keys and regions, sorted, blank between
            modified_at TEXT, sha256 TEXT NOT NULL, url TEXT NOT NULL, locator TEXT NOT NULL,
            first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, changed_at TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'live' CHECK (status IN ('live', 'missing', 'withdrawn', 'purged')),
            absences INTEGER NOT NULL DEFAULT 0,
            content BLOB NOT NULL, provenance BLOB NOT NULL,    -- JSON, zstd; last, for what stands behind is read with it
            PRIMARY KEY (source_id, kind, remote_id)
        );
        CREATE INDEX record_url ON record (source_id, url);
        CREATE TABLE record_version (
            source_id TEXT NOT NULL, kind TEXT NOT NULL, remote_id TEXT NOT NULL, version INTEGER NOT NULL,
            hash BLOB NOT NULL, content BLOB NOT NULL, from_at TEXT NOT NULL, until_at TEXT NOT NULL, run_id TEXT NOT NULL,
            PRIMARY KEY (source_id, kind, remote_id, version)
        );
        -- only of live services; the columns of the key come first, or integrity_check of SQLite 3.40 cries wolf
        CREATE TABLE record_key (
            source_id TEXT NOT NULL, remote_id TEXT NOT NULL, leika_key TEXT NOT NULL, scope TEXT NOT NULL,
            PRIMARY KEY (source_id, remote_id, leika_key)
        ) WITHOUT ROWID;
        CREATE INDEX record_key_key ON record_key (leika_key, scope);
        CREATE TABLE identity (                     -- the service in which a record was published last
            source_id TEXT NOT NULL, remote_id TEXT NOT NULL, service_id TEXT NOT NULL, slug TEXT NOT NULL,
            first_seen_at TEXT NOT NULL,
            PRIMARY KEY (source_id, remote_id)
        ) WITHOUT ROWID;
        CREATE INDEX identity_service ON identity (service_id);
        CREATE TABLE validator (
            url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, sha256 TEXT NOT NULL,
            size INTEGER NOT NULL, media_type TEXT NOT NULL, charset TEXT, variant TEXT NOT NULL, seen_at TEXT NOT NULL
        );
        CREATE TABLE event (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, run_id TEXT NOT NULL, entity TEXT NOT NULL,
            entity_id TEXT NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL DEFAULT '', old TEXT, new TEXT
        );
        CREATE TABLE build (                        -- published catalogues whose events and identities are in here
            id TEXT PRIMARY KEY, built_at TEXT NOT NULL, services INTEGER NOT NULL
        );
        """
    )


@migrations(name="0002-safety")
def safety(db: Database) -> None:
    """Leases, decisions of people, and what a run tells for judging the next ones."""
    db.executescript(
        """
        CREATE TABLE lease (
            name TEXT PRIMARY KEY, host TEXT NOT NULL, pid INTEGER NOT NULL, began REAL NOT NULL,
            taken_at TEXT NOT NULL, expires_at TEXT NOT NULL
        );
        CREATE TABLE decision (
            id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, because TEXT NOT NULL,
            who TEXT NOT NULL
        );
        CREATE INDEX decision_subject ON decision (subject);
        ALTER TABLE run ADD COLUMN live INTEGER;    -- services of the source after the run
        ALTER TABLE run ADD COLUMN fill TEXT;       -- JSON: share of services that have each watched field
        ALTER TABLE run ADD COLUMN delta INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN cursor TEXT;
        """
    )


@migrations(name="0003-event-regions")
def event_regions(db: Database) -> None:
    """Where a service held when something happened to it: of a removed one nothing else tells it."""
    db.execute("ALTER TABLE event ADD COLUMN regions TEXT")


@migrations(name="0004-links")
def link_checking(db: Database) -> None:
    """Links, what was seen of them, and their hosts."""
    links(db)


@migrations(name="0005-interrupted")
def interrupted(db: Database) -> None:
    """Whether a run was cut off by something that was not its source's fault: its slot is served again."""
    db.execute("ALTER TABLE run ADD COLUMN interrupted INTEGER NOT NULL DEFAULT 0")


@migrations(name="0006-told")
def told(db: Database) -> None:
    """What each channel was told: needs that are open there, and which source had a message on which day."""
    db.execute("CREATE TABLE told (channel TEXT, key TEXT, subject TEXT, title TEXT, PRIMARY KEY (channel, key))")
    db.execute(
        "CREATE TABLE told_day (channel TEXT, subject TEXT, day TEXT, keys TEXT, PRIMARY KEY (channel, subject, day))"
    )


@migrations(name="0007-life-cycle")
def life_cycle(db: Database) -> None:
    """Find what is due to be purged without looking at every record; forget options, which may hold what is secret."""
    db.executescript(
        """
        CREATE INDEX record_withdrawn ON record (source_id, changed_at) WHERE status = 'withdrawn';
        UPDATE source SET description = json_remove(description, '$.options') WHERE json_valid(description);
        """
    )


@migrations(name="0008-merge")
def merge(db: Database) -> None:
    """Find the services that hold in the same regions; remember the identifiers that records had before they were merged."""
    db.executescript(
        """
        CREATE INDEX record_scope ON record (scope, source_id, status) WHERE kind = 'service';
        CREATE TABLE identity_before (              -- services that a record was published in, and is not any more
            source_id TEXT NOT NULL, remote_id TEXT NOT NULL, service_id TEXT NOT NULL, slug TEXT NOT NULL,
            PRIMARY KEY (source_id, remote_id, service_id)
        ) WITHOUT ROWID;
        CREATE INDEX identity_before_service ON identity_before (service_id);
        """
    )


NAMES = frozenset(migration.name for migration in migrations.pending(Database(memory=True)))
"""All migrations this program knows; a file with others was written by a newer one."""
