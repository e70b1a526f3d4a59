-- A page of what holds in a region: its own services and those of the regions above it, of each LeiKa key the nearest description.
-- v_service_for_region with rank = 1 says the same of all at once.
-- :ars   the region
-- :skip  how many services the pages before had; 50 are on a page
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
    SELECT id, title, level, precision FROM here WHERE nearness = 1
    ORDER BY title, id LIMIT 50 OFFSET coalesce(CAST(:skip AS INTEGER), 0)) p;
