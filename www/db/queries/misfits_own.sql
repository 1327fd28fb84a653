-- As misfits.sql, of what version 4 has brought.
SELECT 'the own tagger ' || id || ' has no name that one can have' FROM own_tagger
    WHERE NOT is_text(id) OR length(id) NOT BETWEEN 1 AND 64 OR id GLOB '*[^a-z0-9-]*' OR NOT is_text(name) OR length(CAST(name AS BLOB)) > 16384
UNION ALL SELECT 'the settings of the own tagger ' || id || ' are no object' FROM own_tagger
    WHERE CASE WHEN json_valid(settings) THEN json_type(settings) <> 'object' ELSE 1 END
UNION ALL SELECT 'version ' || id || ' is outside the ids that one can have' FROM head WHERE id NOT BETWEEN 1 AND 9007199254740991
UNION ALL SELECT 'version ' || id || ' counts what cannot be counted' FROM head
    WHERE number NOT BETWEEN 1 AND 4294967295 OR n_examples NOT BETWEEN 0 AND 4294967295 OR seed NOT BETWEEN 0 AND 9007199254740991
UNION ALL SELECT 'version ' || id || ' has a text that is none' FROM head
    WHERE NOT (is_text(title) AND is_text(comment) AND is_text(backbone) AND is_text(file)) OR length(CAST(title AS BLOB)) > 16384
        OR length(CAST(comment AS BLOB)) > 16384 OR length(CAST(backbone AS BLOB)) NOT BETWEEN 1 AND 8192
UNION ALL SELECT 'the file or report of version ' || id || ' is no JSON' FROM head WHERE NOT json_valid(file) OR NOT coalesce(json_valid(report), 1)
UNION ALL SELECT 'the tags of version ' || id || ' are no tags' FROM head WHERE CASE WHEN json_valid(tags) THEN json_type(tags) <> 'array'
    OR json_array_length(tags) > 65535 OR EXISTS (SELECT 1 FROM json_each(head.tags) AS one WHERE one.type <> 'object'
        OR coalesce(json_type(one.value, '$.id') <> 'text' OR json_type(one.value, '$.name') <> 'text'
            OR json_type(one.value, '$.threshold') NOT IN ('real', 'integer') OR json_extract(one.value, '$.threshold') NOT BETWEEN 0 AND 1
            OR length(CAST(json_extract(one.value, '$.id') AS BLOB)) NOT BETWEEN 1 AND 8192
            OR length(CAST(json_extract(one.value, '$.name') AS BLOB)) NOT BETWEEN 1 AND 8192, 1)) ELSE 1 END
UNION ALL SELECT 'training ' || id || ' is none' FROM training WHERE id NOT BETWEEN 1 AND 9007199254740991 OR number NOT BETWEEN 1 AND 4294967295
    OR NOT (is_text(title) AND is_text(comment)) OR length(CAST(title AS BLOB)) > 16384 OR length(CAST(comment AS BLOB)) > 16384
    OR (tab IS NOT NULL AND (ended_ms IS NOT NULL OR NOT is_text(tab) OR length(CAST(tab AS BLOB)) > 256))
UNION ALL SELECT 'training ' || id || ' has half a failure' FROM training
    WHERE (failure_code IS NULL) <> (failure_detail IS NULL) OR (failure_code IS NOT NULL AND (ended_ms IS NULL
        OR NOT (is_text(failure_code) AND is_text(failure_detail)) OR length(CAST(failure_code AS BLOB)) NOT BETWEEN 1 AND 256
        OR length(CAST(failure_detail AS BLOB)) > 16384))
UNION ALL SELECT 'the view ' || name || ' of asset ' || asset || ' is none' FROM view
    WHERE NOT (scale >= 0 AND scale < 1e30) OR NOT is_text(name) OR length(name) NOT BETWEEN 1 AND 64 OR NOT is_text(backbone)
        OR length(vector) NOT BETWEEN 1 AND 65536
UNION ALL SELECT 'the square of asset ' || asset || ' is none' FROM square WHERE length(picture) NOT BETWEEN 1 AND 262144
UNION ALL SELECT 'run ' || id || ' is none of an own tagger' FROM run WHERE kind = 'head' AND (
    length(tagger) NOT BETWEEN 1 AND 64 OR tagger GLOB '*[^a-z0-9-]*' OR components <> json_array('head:' || tagger)
    OR CASE WHEN json_valid(settings) THEN json_type(settings) <> 'object' OR coalesce(json_type(settings, '$.thresholds') <> 'object', 0)
        OR EXISTS (SELECT 1 FROM json_each(run.settings, '$.thresholds') AS one
            WHERE one.type NOT IN ('real', 'integer') OR one.value NOT BETWEEN 0 AND 1) ELSE 1 END)
UNION ALL SELECT 'the tagging of asset ' || asset || ' by run ' || run || ' has boxes, and an own tagger gives none' FROM tagging
    WHERE length(boxes) > 0 AND run IN (SELECT id FROM run WHERE kind = 'head')
LIMIT 1;
