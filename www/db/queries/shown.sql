-- What run ?2 found in the files ?1 (an id, or a JSON list of ids, in its order); and of each its asset's facts as a report has them, of
-- which the timings and the closing brace are still to come.
SELECT f.id, t.looks, t.timings, t.candidates, t.boxes,
    '{"sha256":"' || lower(hex(a.sha256)) || '","width":' || coalesce(a.width, 0) || ',"height":' || coalesce(a.height, 0)
    || ',"format":' || json_quote(coalesce(a.format, ''))
    || CASE WHEN a.is_incomplete THEN ',"incomplete":true' ELSE '' END
    || CASE WHEN a.decoder IS NULL THEN '' ELSE ',"decoder":' || json_quote(a.decoder) END
    || CASE WHEN a.taken_ms IS NULL THEN '' ELSE ',"taken_ms":' || a.taken_ms END
FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value CROSS JOIN asset AS a ON a.id = f.asset
CROSS JOIN tagging AS t ON t.asset = a.id AND t.run = ?2;
