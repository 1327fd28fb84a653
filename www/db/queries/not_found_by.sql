-- Which of the files ?1 (a JSON list of ids, in its order) no run of the version ?3 of the own tagger ?2 has tagged that was not undone; and whether
-- there is an embedding of ?5 numbers by the backbone ?4.
WITH mine AS MATERIALIZED (SELECT id FROM run WHERE kind = 'head' AND tagger = ?2 AND version = ?3 AND undone_ms IS NULL)
SELECT f.id, EXISTS (SELECT 1 FROM embedding AS e WHERE e.asset = f.asset AND e.backbone = ?4 AND length(e.vector) = ?5)
FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value
WHERE f.removed_ms IS NULL AND NOT EXISTS (SELECT 1 FROM tagging AS t WHERE t.asset = f.asset AND t.run IN mine);
