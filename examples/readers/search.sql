-- Services of a region that have all the words in their titles, synonyms or summary, the best first. Regions are words of the
-- index, too, so that it takes as long for one city as for the whole country.
-- :words  as FTS5 reads them; a reader writes each word of a citizen as "word"*
-- :ars    the region
SELECT s.id, s.title, s.level, s.summary FROM service_search f
JOIN service s ON s.id = f.service_id AND s.status <> 'withdrawn'
WHERE f.service_search MATCH (
    SELECT '{title official_title synonyms summary terms} : (' || :words || ') AND regions : ('
        || coalesce(group_concat(ancestor_ars, ' OR '), 'unknown') || ')' FROM region_ancestor WHERE ars = :ars)
    AND f.rank MATCH 'bm25(0, 10, 5, 5, 1, 3, 0)' -- a word in the title says more than one in the summary
GROUP BY coalesce(s.leika_key, s.id) ORDER BY min(f.rank) LIMIT 20;
