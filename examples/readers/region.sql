-- What holds in a region: its own services and those of the regions above it, of each LeiKa key the nearest description.
-- :ars  the region
SELECT service_id, title, level, precision, url FROM v_service_for_region WHERE ars = :ars AND rank = 1 ORDER BY title;
