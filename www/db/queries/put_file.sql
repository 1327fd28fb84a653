INSERT INTO file (id, collection, position, path, size, modified_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (id) DO UPDATE SET path = excluded.path, size = excluded.size, modified_ms = excluded.modified_ms, removed_ms = NULL;
