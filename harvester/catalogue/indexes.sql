-- Indexes and views, made after the rows, in one sorted pass, instead of being kept up to date row by row.

CREATE UNIQUE INDEX text_module_key ON text_module (service_id, module, language);
CREATE INDEX service_base ON service (base_id) WHERE base_id IS NOT NULL;
CREATE INDEX service_leika_key ON service (leika_key);
CREATE INDEX service_source_id ON service (source_id);
CREATE INDEX service_changed_at ON service (changed_at);
CREATE INDEX service_key_key ON service_key (leika_key, service_id);
CREATE INDEX service_source_source ON service_source (source_id, remote_id);
CREATE INDEX service_region_ars ON service_region (ars, service_id, precision);
CREATE INDEX region_parent ON region (parent_ars);
CREATE INDEX region_ancestor_ancestor ON region_ancestor (ancestor_ars, ars);
CREATE INDEX service_link_link ON service_link (link_id, service_id);
CREATE INDEX link_host ON link (host);
CREATE INDEX link_state ON link (state) WHERE state <> 'ok';
CREATE INDEX competence_organisation ON competence (organisation_id, ars);
CREATE INDEX situation_parent ON situation (parent_id);
CREATE INDEX situation_ancestor_ancestor ON situation_ancestor (ancestor_id, situation_id);
CREATE INDEX service_situation_situation ON service_situation (situation_id, service_id);
CREATE INDEX synonym_stems ON synonym (stems);
CREATE INDEX search_word_stem ON search_word (stem);
CREATE INDEX event_entity ON event (entity, entity_id);
CREATE INDEX event_at ON event (at);

-- The texts of a service as a portal shows them: its own, and for modules that it says nothing about those of its base description,
-- the one of the same key that Land or Bund wrote once for all. Ask with WHERE service_id = 'sop2zbjygv43fk'.
-- (No outer join: readers join this view, and SQLite would first make the whole of it.)
CREATE VIEW service_text AS
SELECT s.id AS service_id, t.language, t.module,
       coalesce(t.html, (SELECT h.html FROM text_module h
                         WHERE h.service_id = t.same_as AND h.module = t.module AND h.language = t.language)) AS html,
       coalesce(t.text, (SELECT h.text FROM text_module h
                         WHERE h.service_id = t.same_as AND h.module = t.module AND h.language = t.language)) AS text,
       coalesce(t.same_as, t.service_id) AS origin_id, t.service_id <> s.id AS inherited
FROM service s CROSS JOIN text_module t
WHERE t.service_id IN (s.id, s.base_id, (SELECT b.base_id FROM service b WHERE b.id = s.base_id))
  AND (t.service_id = s.id
       OR NOT EXISTS (SELECT 1 FROM text_module o WHERE o.service_id = s.id AND o.module = t.module)
      AND (t.service_id = s.base_id
           OR NOT EXISTS (SELECT 1 FROM text_module o WHERE o.service_id = s.base_id AND o.module = t.module)));

-- Every link of a service as a portal may show it. url is what a button may lead to: the address itself, or where that is
-- dead or cannot be opened, the best living substitute (is_substitute = 1, the reason beside it); NULL: show no button.
CREATE VIEW v_service_link AS
SELECT sl.service_id, sl.position, sl.role, sl.label, sl.language, sl.online_service_id, sl.ars,
       iif(l.state = 'dead' OR coalesce(l.outcome, '') = 'invalid' OR coalesce(l.code, '') IN ('template', 'script-address'),
           sl.substitute, l.url) AS url,
       sl.substitute IS NOT NULL AS is_substitute, sl.substitute_reason, l.url AS stated_url, l.id AS link_id, l.state,
       l.outcome, l.code, l.since, l.last_checked_at, l.last_ok_at, sl.substitute, l.suggestion,
       sl.replaces, sl.replaced_because
FROM service_link sl JOIN link l ON l.id = sl.link_id;

-- What holds in a region: its own descriptions and those of the regions above it. key: descriptions with the same key are one
-- service, of which the nearest counts. Questions about a region begin here: WITH here AS MATERIALIZED (SELECT * FROM v_holding
-- WHERE ars = '055130000000') … (CROSS JOIN as below.)
CREATE VIEW v_holding AS
SELECT a.ars AS ars, s.id AS service_id, coalesce(s.leika_key, s.id) AS key, s.title, s.level, s.changed_at, a.distance,
       iif(a.distance = 0 OR r.precision = 'assumed', r.precision, 'parent') AS precision
FROM region_ancestor a CROSS JOIN service_region r ON r.ars = a.ancestor_ars CROSS JOIN service s ON s.id = r.service_id
WHERE s.status <> 'withdrawn';

-- Every description that holds in a region: its own and those of the regions above it. Of several with the same LeiKa key the
-- nearest one wins (rank 1). A link that is stated for a region only is shown there, before one that holds everywhere.
-- Ask with WHERE ars = '055130000000' AND rank = 1. (CROSS JOIN: from the region to its services, whatever the statistics
-- of a small catalogue say.)
CREATE VIEW v_service_for_region AS
SELECT a.ars AS ars, s.id AS service_id, s.slug, s.title, s.summary, s.leika_key, s.level, s.language,
       a.ancestor_ars AS valid_in, a.distance,
       iif(a.distance = 0, r.precision, iif(r.precision = 'assumed', 'assumed', 'parent')) AS precision,
       row_number() OVER (PARTITION BY a.ars, coalesce(s.leika_key, s.id) ORDER BY a.distance, s.changed_at DESC, s.id) AS rank,
       coalesce(
        (SELECT l.url FROM service_link sl JOIN link l ON l.id = sl.link_id
          WHERE sl.service_id = s.id AND sl.role IN ('apply', 'form', 'information')
            AND l.state <> 'dead' AND coalesce(l.outcome, '') <> 'invalid' AND coalesce(l.code, '') NOT IN ('template', 'script-address')
            AND (sl.ars IS NULL OR EXISTS (SELECT 1 FROM region_ancestor x WHERE x.ars = a.ars AND x.ancestor_ars = sl.ars))
          ORDER BY sl.role = 'apply' DESC, sl.role = 'form' DESC, sl.ars IS NULL, l.state = 'ok' DESC, sl.position LIMIT 1),
        (SELECT sl.substitute FROM service_link sl
          WHERE sl.service_id = s.id AND sl.substitute IS NOT NULL
            AND (sl.ars IS NULL OR EXISTS (SELECT 1 FROM region_ancestor x WHERE x.ars = a.ars AND x.ancestor_ars = sl.ars))
          ORDER BY sl.role = 'apply' DESC, sl.role = 'form' DESC, sl.ars IS NULL, sl.position LIMIT 1)) AS url
FROM region_ancestor a CROSS JOIN service_region r ON r.ars = a.ancestor_ars CROSS JOIN service s ON s.id = r.service_id
WHERE s.status <> 'withdrawn';

-- How many services hold in a region in each life situation, with all below it. Descriptions of several levels with the same
-- LeiKa key are one service, as in v_service_for_region with rank 1. Ask with WHERE ars = '055130000000'.
CREATE VIEW v_situation_counts AS
SELECT a.ars AS ars, up.ancestor_id AS situation_id, count(DISTINCT coalesce(s.leika_key, s.id)) AS services
FROM region_ancestor a JOIN service_region r ON r.ars = a.ancestor_ars JOIN service s ON s.id = r.service_id
JOIN service_situation ss ON ss.service_id = s.id JOIN situation_ancestor up ON up.situation_id = ss.situation_id
WHERE s.status <> 'withdrawn' GROUP BY a.ars, up.ancestor_id;

CREATE VIEW v_dead_links AS
SELECT l.url, l.host, l.outcome, l.http_status, l.since, l.suggestion, s.id AS service_id, s.title, s.source_id, sl.role,
       l.state, l.code, l.last_ok_at, l.failures, sl.substitute, sl.substitute_reason
FROM link l JOIN service_link sl ON sl.link_id = l.id JOIN service s ON s.id = sl.service_id WHERE l.state = 'dead';

CREATE VIEW v_without_link AS
SELECT s.id AS service_id, s.title, s.leika_key, s.level, s.source_id FROM service s
WHERE NOT EXISTS (SELECT 1 FROM service_link sl JOIN link l ON l.id = sl.link_id
                  WHERE sl.service_id = s.id AND l.state <> 'dead' AND coalesce(l.outcome, '') <> 'invalid' AND coalesce(l.code, '') NOT IN ('template', 'script-address'));

CREATE VIEW v_unsorted AS
SELECT s.id AS service_id, s.title, s.leika_key, s.level, s.source_id FROM service s
WHERE NOT EXISTS (SELECT 1 FROM service_situation ss WHERE ss.service_id = s.id);

CREATE VIEW v_source_health AS
SELECT s.id, s.title, s.level, s.verdict, s.reason, s.last_run_at, s.last_complete_at, s.records,
       (SELECT count(*) FROM run r WHERE r.source_id = s.id) AS runs,
       (SELECT count(*) FROM run r WHERE r.source_id = s.id AND r.verdict = 'complete') AS complete_runs,
       (SELECT count(*) FROM finding f WHERE f.entity = 'source' AND f.entity_id = s.id) AS findings
FROM source s;
