-- The texts of a service, each with where it is from: its own description, or the base description of the Land or the Bund.
-- :service  its id
SELECT t.module, t.language, t.text, o.level AS written_by, o.title AS description_of, t.inherited
FROM service_text t JOIN service o ON o.id = t.origin_id WHERE t.service_id = :service ORDER BY t.module, t.language;
