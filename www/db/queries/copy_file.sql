-- The file ?1 in collection ?2 as well, as file ?3.
INSERT INTO file (id, collection, position, path, size, modified_ms, asset, state, failure_code, failure_detail, is_reviewed)
SELECT ?3, ?2, (SELECT coalesce(max(position), 0) + 1 FROM file WHERE collection = ?2),
    path, size, modified_ms, asset, state, failure_code, failure_detail, is_reviewed
FROM file WHERE id = ?1
ON CONFLICT (id) DO NOTHING;
