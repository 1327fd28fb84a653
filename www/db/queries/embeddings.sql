-- Embeddings of ?3 numbers by the backbone ?2 of the files ?1 (a JSON list of ids, in its order): the picture's own, whose name is '', then those of
-- the views ?4 (a JSON list of names), in their order.
SELECT f.id, '' AS name, e.scale, e.vector, wanted.key AS place, -1 AS nth
FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value CROSS JOIN embedding AS e ON e.asset = f.asset AND e.backbone = ?2
WHERE length(e.vector) = ?3
UNION ALL
SELECT f.id, v.name, v.scale, v.vector, wanted.key, names.key
FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value CROSS JOIN json_each(?4) AS names
CROSS JOIN view AS v ON v.asset = f.asset AND v.backbone = ?2 AND v.name = names.value
WHERE length(v.vector) = ?3
ORDER BY place, nth;
