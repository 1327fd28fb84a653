-- Of a damaged table, the own taggers from row ?1 to ?2 that are what one can be.
INSERT OR IGNORE INTO own_tagger (id, name, settings, is_used, made_ms, removed_ms)
SELECT id, name, settings, is_used, made_ms, iif(typeof(removed_ms) = 'integer', removed_ms, NULL)
FROM damaged.own_tagger WHERE rowid BETWEEN ?1 AND ?2 AND is_text(id) AND length(id) BETWEEN 1 AND 64 AND id NOT GLOB '*[^a-z0-9-]*'
    AND is_text(name) AND length(CAST(name AS BLOB)) <= 16384 AND is_text(settings) AND is_used IN (0, 1) AND typeof(made_ms) = 'integer'
    AND CASE WHEN json_valid(settings) THEN json_type(settings) = 'object' ELSE 0 END;
