-- The files ?1 (an id, or a JSON list of ids, in its order), and the assets that they hold.
SELECT f.path, f.size, f.modified_ms, f.state, f.failure_code, f.failure_detail, f.is_reviewed, f.asset,
    lower(hex(a.sha256)), a.width, a.height, a.format, a.is_incomplete, a.decoder, a.taken_ms, f.id
FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value LEFT JOIN asset AS a ON a.id = f.asset;
