-- Of a damaged table, what can have been said of the files from ?1 to ?2.
INSERT OR IGNORE INTO correction (file, tag, kind, is_in_bulk, position, said_ms)
SELECT file, tag, kind, is_in_bulk, position, said_ms
FROM damaged.correction WHERE file BETWEEN ?1 AND ?2 AND typeof(file) = 'integer' AND typeof(tag) = 'integer' AND kind IN ('add', 'reject')
    AND is_in_bulk IN (0, 1) AND typeof(position) = 'integer' AND typeof(said_ms) = 'integer';
