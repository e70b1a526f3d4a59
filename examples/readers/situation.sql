-- The services of a life situation, with all below it, that hold in a region.
-- :situation  the situation, such as pvlagen:1050000 (table situation)
-- :ars        the region
SELECT v.service_id, v.title, v.level, v.url FROM v_service_for_region v
WHERE v.ars = :ars AND v.rank = 1 AND EXISTS (
    SELECT 1 FROM service_situation s JOIN situation_ancestor a ON a.situation_id = s.situation_id
    WHERE s.service_id = v.service_id AND a.ancestor_id = :situation)
ORDER BY v.title;
