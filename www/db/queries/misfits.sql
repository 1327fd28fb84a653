-- Values that no program of ours writes: the first of each kind, as a sentence without its full stop.
SELECT 'the tagging of asset ' || asset || ' by run ' || run || ' is no row of candidates and boxes'
FROM tagging WHERE length(candidates) % 13 <> 0 OR length(boxes) % 25 <> 0 OR looks NOT IN (1, 2)
UNION ALL SELECT 'the timings of asset ' || asset || ' are no numbers' FROM tagging WHERE CASE WHEN json_valid(timings) THEN (
    SELECT count(DISTINCT one.key) FILTER (WHERE one.key IN ('decode', 'resize', 'infer', 'tags')) < 4
        OR count(*) FILTER (WHERE one.type NOT IN ('integer', 'real')) > 0
    FROM json_each(tagging.timings) AS one) ELSE 1 END
UNION ALL SELECT 'file ' || id || ' is outside the ids that a file can have' FROM file WHERE id NOT BETWEEN 1 AND 4294967295
UNION ALL SELECT 'the path of file ' || id || ' has a NUL' FROM file WHERE instr(path, char(0)) > 0
UNION ALL SELECT 'run ' || id || ' is outside the ids that a run can have' FROM run WHERE id NOT BETWEEN 1 AND 4294967295
UNION ALL SELECT 'tag ' || id || ' is outside the ids that a tag can have' FROM tag WHERE id NOT BETWEEN 1 AND 4294967295
UNION ALL SELECT 'tag ' || id || ' has no name, or one of more than 8,192 bytes' FROM tag
    WHERE length(CAST(ref AS BLOB)) NOT BETWEEN 1 AND 8192 OR length(CAST(name AS BLOB)) NOT BETWEEN 1 AND 8192
UNION ALL SELECT 'collection ' || id || ' is outside the ids that a collection can have' FROM collection WHERE id NOT BETWEEN 1 AND 9007199254740991
UNION ALL SELECT 'step ' || id || ' is outside the ids that a step can have' FROM step WHERE id NOT BETWEEN 1 AND 9007199254740991
UNION ALL SELECT 'the settings or components of run ' || id || ' are no JSON' FROM run
    WHERE NOT (json_valid(components) AND json_valid(settings)) OR pipeline NOT BETWEEN 0 AND 4294967295
UNION ALL SELECT 'the components of run ' || id || ' are no list of names' FROM run
    WHERE json_valid(components) AND (json_type(components) <> 'array' OR json_array_length(components) > 256
        OR EXISTS (SELECT 1 FROM json_each(run.components) AS one WHERE one.type <> 'text'))
UNION ALL SELECT 'step ' || id || ' is no JSON' FROM step WHERE NOT (json_valid(params) AND json_valid(data))
UNION ALL SELECT 'the view of collection ' || id || ' is no JSON' FROM collection WHERE view IS NOT NULL AND NOT json_valid(view)
UNION ALL SELECT 'the setting ' || name || ' is no JSON' FROM setting WHERE NOT json_valid(value)
UNION ALL SELECT 'the embedding of asset ' || asset || ' has no scale' FROM embedding WHERE NOT (scale >= 0 AND scale < 1e30)
UNION ALL SELECT 'the size of asset ' || id || ' is no size' FROM asset
    WHERE size < 0 OR coalesce(width, 0) NOT BETWEEN 0 AND 4294967295 OR coalesce(height, 0) NOT BETWEEN 0 AND 4294967295
LIMIT 1;
