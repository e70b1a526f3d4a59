-- The services of a life situation, with all below it, that hold in a region.
-- :situation  the situation, such as pvlagen:1050000 (table situation)
-- :ars        the region
WITH here AS (
    SELECT service_id AS id, title, level, precision,
           row_number() OVER (PARTITION BY key ORDER BY distance, changed_at DESC, service_id) AS nearness
    FROM v_holding WHERE ars = :ars)
SELECT p.*, (
    SELECT l.url FROM v_service_link l
    WHERE l.service_id = p.id AND l.url IS NOT NULL AND l.role IN ('apply', 'form', 'information')
      AND (l.ars IS NULL OR EXISTS (SELECT 1 FROM region_ancestor x WHERE x.ars = :ars AND x.ancestor_ars = l.ars))
    ORDER BY l.role = 'apply' DESC, l.role = 'form' DESC, l.ars IS NULL, l.state = 'ok' DESC, l.position LIMIT 1) AS url
FROM (
    SELECT id, title, level, precision FROM here WHERE nearness = 1 AND EXISTS (
        SELECT 1 FROM service_situation g JOIN situation_ancestor u ON u.situation_id = g.situation_id
        WHERE g.service_id = here.id AND u.ancestor_id = :situation)
    ORDER BY title, id) p;
