-- The links of a service in a region, those to apply first. ars: the link is stated for that region only, and holds inside it;
-- never show a town's link to everyone. state dead: show none, or the substitute of v_service_link.
-- :service  its id
-- :ars      the region
SELECT k.role, k.label, l.url, l.state, l.since, k.ars FROM service_link k JOIN link l ON l.id = k.link_id
WHERE k.service_id = :service
  AND (k.ars IS NULL OR EXISTS (SELECT 1 FROM region_ancestor a WHERE a.ars = :ars AND a.ancestor_ars = k.ars))
ORDER BY k.role <> 'apply', k.ars IS NULL, k.position;
