-- The competent office of a service in a region: the nearest statement, the responsible office before one that only advises; where
-- nobody states any, the office that the description names (distance 99: assumed).
-- :service  the service's id
-- :ars      the region
SELECT o.name, o.phone, o.email, o.homepage, o.address, x.role, x.distance FROM (
    SELECT c.organisation_id, c.role, a.distance FROM competence c
    JOIN region_ancestor a ON a.ars = :ars AND a.ancestor_ars = c.ars WHERE c.service_id = :service
    UNION ALL
    SELECT organisation_id, 'responsible', 99 FROM service WHERE id = :service) x
JOIN organisation o ON o.id = x.organisation_id ORDER BY x.distance, x.role <> 'responsible', o.id LIMIT 1;
