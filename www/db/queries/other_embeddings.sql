-- Embeddings of ?3 numbers by the backbone ?2 of at most ?4 pictures that none of the files ?1 (a JSON list of ids) holds: always the same ones, as
-- hashes are as good as dice. Each with the first file that holds it.
SELECT (SELECT min(f.id) FROM file AS f WHERE f.asset = a.id AND f.removed_ms IS NULL) AS holder, '', e.scale, e.vector
FROM asset AS a CROSS JOIN embedding AS e ON e.asset = a.id AND e.backbone = ?2
WHERE length(e.vector) = ?3 AND holder IS NOT NULL AND a.id NOT IN (
    SELECT f.asset FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value WHERE f.asset IS NOT NULL)
ORDER BY a.sha256 LIMIT ?4;
