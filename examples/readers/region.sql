-- A page of what holds in a region: its own services and those of the regions above it, of each LeiKa key the nearest description.
-- v_service_for_region with rank = 1 says the same of all at once.
-- :ars   the region
-- :skip  how many services the pages before had; 50 are on a page
WITH here AS (
    SELECT s.id, s.title, s.level, iif(a.distance = 0 OR r.precision = 'assumed', r.precision, 'parent') AS precision,
           row_number() OVER (PARTITION BY coalesce(s.leika_key, s.id) ORDER BY a.distance, s.changed_at DESC, s.id) AS nearness
    FROM region_ancestor a CROSS JOIN service_region r ON r.ars = a.ancestor_ars CROSS JOIN service s ON s.id = r.service_id
    WHERE a.ars = :ars AND s.status <> 'withdrawn')
SELECT p.*, (
    SELECT l.url FROM v_service_link l
    WHERE l.service_id = p.id AND l.url IS NOT NULL AND l.role IN ('apply', 'form', 'information')
      AND (l.ars IS NULL OR EXISTS (SELECT 1 FROM region_ancestor x WHERE x.ars = :ars AND x.ancestor_ars = l.ars))
    ORDER BY l.role = 'apply' DESC, l.role = 'form' DESC, l.ars IS NULL, l.state = 'ok' DESC, l.position LIMIT 1) AS url
FROM (
    SELECT id, title, level, precision FROM here WHERE nearness = 1
    ORDER BY title, id LIMIT 50 OFFSET coalesce(CAST(:skip AS INTEGER), 0)) p;
