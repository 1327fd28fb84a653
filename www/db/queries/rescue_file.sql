-- Of a damaged table, the files from ?1 to ?2 that are what a file can be: path and place. What they hold has to be looked at again.
INSERT OR IGNORE INTO file (id, collection, position, path, size, modified_ms, asset, state, removed_ms)
SELECT id, collection, position, path, size, modified_ms, NULL, iif(state = 'stopped', state, 'waiting'),
    iif(typeof(removed_ms) = 'integer', removed_ms, NULL)
FROM damaged.file WHERE id BETWEEN ?1 AND ?2 AND is_text(path) AND path <> '' AND state IN ('waiting', 'tagged', 'failed', 'stopped')
    AND typeof(collection) = 'integer' AND collection > 0 AND typeof(position) = 'integer' AND typeof(size) = 'integer' AND size >= 0
    AND typeof(modified_ms) = 'integer';
