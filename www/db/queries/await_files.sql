-- The files ?2 (a JSON list of ids, in its order) are awaited by the job ?1. Of files with the same content only the first: an answer is about
-- that, and nobody pays for it twice.
INSERT INTO awaited (run, file, position)
SELECT ?1, f.id, min(wanted.key) FROM json_each(?2) AS wanted CROSS JOIN file AS f ON f.id = wanted.value GROUP BY coalesce(f.asset, -f.id);
