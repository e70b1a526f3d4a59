-- What changed since a moment, in a region or above it, also of services that are gone.
-- :since  a time in UTC, such as 2026-11-22T00:00:00+00:00; remember the last seq instead and ask for seq > that, if you can
-- :ars    the region
SELECT e.seq, e.at, e.kind, coalesce(s.title, e.old, e.new) AS title, e.field, e.old, e.new
FROM event e LEFT JOIN service s ON s.id = e.entity_id
WHERE e.at >= :since AND e.entity = 'service' AND EXISTS (
    SELECT 1 FROM region_ancestor a WHERE a.ars = :ars AND instr(e.regions, a.ancestor_ars))
ORDER BY e.seq;
