-- The links of a service with their state, those to apply first. A portal shows no dead one.
-- :service  its id
SELECT k.role, k.label, l.url, l.state, l.since FROM service_link k JOIN link l ON l.id = k.link_id
WHERE k.service_id = :service ORDER BY k.role <> 'apply', k.position;
