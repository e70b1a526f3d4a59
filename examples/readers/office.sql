-- The competent office of a service in a region: the nearest statement, the responsible office before one that only advises.
-- :service  the service's id
-- :ars      the region
SELECT o.name, o.phone, o.email, o.homepage, o.address, c.role, a.distance FROM competence c
JOIN region_ancestor a ON a.ars = :ars AND a.ancestor_ars = c.ars JOIN organisation o ON o.id = c.organisation_id
WHERE c.service_id = :service ORDER BY a.distance, c.role <> 'responsible', o.id LIMIT 1;
