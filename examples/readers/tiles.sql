-- The tiles of a portal, each with the number of services that hold in a region; last what lies in none of them.
-- :portal  the portal, such as gelsenkirchen (table portal)
-- :ars     the region, such as 055130000000
WITH here AS MATERIALIZED (
    SELECT service_id AS id, key FROM v_holding WHERE ars = :ars),
lies AS MATERIALIZED (
    SELECT DISTINCT t.tile_id, h.id, h.key FROM here h CROSS JOIN service_situation g ON g.service_id = h.id
    CROSS JOIN situation_ancestor u ON u.situation_id = g.situation_id
    CROSS JOIN tile_situation t ON t.portal_id = :portal AND t.situation_id = u.ancestor_id)
SELECT t.title, CASE t.kind
    WHEN 'rest' THEN (SELECT count(DISTINCT key) FROM here WHERE id NOT IN (SELECT id FROM lies))
    ELSE (SELECT count(DISTINCT key) FROM lies WHERE tile_id = t.id) END AS services
FROM tile t WHERE t.portal_id = :portal ORDER BY t.kind = 'tile' DESC, t.position;
