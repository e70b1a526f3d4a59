-- A page of what holds in a region: its own services and those of the regions above it, of each LeiKa key the nearest description.
-- v_service_for_region with rank = 1 says the same of all at once.
-- :ars   the region
-- :skip  how many services the pages before had; 50 are on a page
WITH here AS MATERIALIZED (
    SELECT s.id, coalesce(s.leika_key, s.id) AS key, s.title, s.level, s.changed_at, a.distance,
           iif(a.distance = 0 OR r.precision = 'assumed', r.precision, 'parent') AS precision
    FROM region_ancestor a CROSS JOIN service_region r ON r.ars = a.ancestor_ars CROSS JOIN service s ON s.id = r.service_id
    WHERE a.ars = :ars AND s.status <> 'withdrawn')
SELECT p.*, (
    SELECT l.url FROM v_service_link l
    WHERE l.service_id = p.id AND l.url IS NOT NULL AND l.role IN ('apply', 'form', 'information')
    ORDER BY l.role = 'apply' DESC, l.role = 'form' DESC, l.state = 'ok' DESC, l.position LIMIT 1) AS url
FROM (
    SELECT h.id, h.title, h.level, h.precision FROM here h
    WHERE NOT EXISTS (
        SELECT 1 FROM here n
        WHERE n.key = h.key AND (n.distance, h.changed_at, n.id) < (h.distance, n.changed_at, h.id))
    ORDER BY h.title, h.id LIMIT 50 OFFSET coalesce(CAST(:skip AS INTEGER), 0)) p;
