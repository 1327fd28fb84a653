-- As misfits.sql, of what version 2 has brought.
SELECT 'request ' || id || ' is outside the ids that a request can have' FROM request WHERE id NOT BETWEEN 1 AND 9007199254740991
UNION ALL SELECT 'request ' || id || ' has a name that is no text' FROM request
    WHERE NOT (is_text(provider) AND is_text(host)) OR length(CAST(provider AS BLOB)) NOT BETWEEN 1 AND 8192 OR length(CAST(host AS BLOB)) > 8192
        OR (detail IS NOT NULL AND (NOT is_text(detail) OR length(CAST(detail AS BLOB)) > 16384))
        OR (tab IS NOT NULL AND (NOT is_text(tab) OR length(CAST(tab AS BLOB)) > 256))
UNION ALL SELECT 'request ' || id || ' counts what cannot be counted' FROM request
    WHERE n_pictures NOT BETWEEN 0 AND 4294967295 OR n_units NOT BETWEEN 0 AND 4294967295 OR n_bytes NOT BETWEEN 0 AND 9007199254740991
        OR n_billed NOT BETWEEN 0 AND 4294967295 OR n_maybe NOT BETWEEN 0 AND 4294967295 OR coalesce(status, 0) NOT BETWEEN 0 AND 999
UNION ALL SELECT 'request ' || id || ' has half an end' FROM request WHERE (ended_ms IS NULL) <> (outcome IS NULL)
UNION ALL SELECT 'run ' || run || ' awaits file ' || file || ' and is no job' FROM awaited
    WHERE run NOT IN (SELECT id FROM run WHERE kind = 'provider') OR position NOT BETWEEN 0 AND 4294967295
UNION ALL SELECT 'run ' || run || ' awaits file ' || file || ' with half a failure' FROM awaited
    WHERE (failure_code IS NULL) <> (failure_detail IS NULL) OR (failure_code IS NOT NULL AND (request IS NOT NULL
        OR NOT (is_text(failure_code) AND is_text(failure_detail)) OR length(CAST(failure_code AS BLOB)) NOT BETWEEN 1 AND 256
        OR length(CAST(failure_detail AS BLOB)) > 16384))
UNION ALL SELECT 'the ' || field || ' of asset ' || asset || ' by run ' || run || ' is no text' FROM found_text
    WHERE NOT is_text(text) OR length(CAST(text AS BLOB)) NOT BETWEEN 1 AND 16384
        OR (language IS NOT NULL AND (NOT is_text(language) OR length(CAST(language AS BLOB)) > 256))
        OR run NOT IN (SELECT id FROM run WHERE kind = 'provider')
UNION ALL SELECT 'the ' || field || ' of file ' || file || ' is no text' FROM given_text
    WHERE NOT is_text(text) OR length(CAST(text AS BLOB)) > 16384
UNION ALL SELECT 'run ' || id || ' is none of a provider' FROM run WHERE kind = 'provider' AND (NOT json_valid(settings) OR json_type(settings) <> 'object'
    OR NOT is_text(tagger) OR length(CAST(tagger AS BLOB)) NOT BETWEEN 1 AND 256)
UNION ALL SELECT 'the tagging of asset ' || asset || ' by run ' || run || ' has boxes, and a provider gives none' FROM tagging
    WHERE length(boxes) > 0 AND run IN (SELECT id FROM run WHERE kind = 'provider')
LIMIT 1;
