-- Of the files ?1 (a JSON list of ids, in its order) that were not taken off: what they hold, and what is kept of it for the backbone ?2 with
-- embeddings of ?3 numbers: 1 the picture's own, 2 all views ?4 (a JSON list of names), 4 its square.
SELECT f.id, coalesce(f.asset, 0), a.sha256, f.size, max(coalesce(a.width, 0), coalesce(a.height, 0)), f.state,
    EXISTS (SELECT 1 FROM embedding AS e WHERE e.asset = f.asset AND e.backbone = ?2 AND length(e.vector) = ?3)
    + 2 * ((SELECT count(*) FROM view AS v WHERE v.asset = f.asset AND v.backbone = ?2 AND length(v.vector) = ?3
        AND v.name IN (SELECT value FROM json_each(?4))) = json_array_length(?4))
    + 4 * EXISTS (SELECT 1 FROM square AS s WHERE s.asset = f.asset), f.path
FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value LEFT JOIN asset AS a ON a.id = f.asset
WHERE f.removed_ms IS NULL;
