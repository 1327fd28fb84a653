-- The asset of the file ?1, and its facts as a report has them; the timings and the closing brace are still to come.
SELECT a.id, '{"sha256":"' || lower(hex(a.sha256)) || '","width":' || coalesce(a.width, 0) || ',"height":' || coalesce(a.height, 0)
    || ',"format":' || json_quote(coalesce(a.format, ''))
    || CASE WHEN a.is_incomplete THEN ',"incomplete":true' ELSE '' END
    || CASE WHEN a.decoder IS NULL THEN '' ELSE ',"decoder":' || json_quote(a.decoder) END
    || CASE WHEN a.taken_ms IS NULL THEN '' ELSE ',"taken_ms":' || a.taken_ms END
FROM file AS f JOIN asset AS a ON a.id = f.asset WHERE f.id = ?1;
