-- One service.
-- :service  its id or its slug
SELECT id, title, summary, level, source_modified_at FROM service WHERE id = :service OR slug = :service;
