-- The file ?1 in collection ?2 as well, as file ?3, unless its path is there already.
INSERT INTO file (id, collection, position, path, size, modified_ms, asset, state, failure_code, failure_detail, is_reviewed)
SELECT ?3, ?2, (SELECT coalesce(max(position), 0) + 1 FROM file WHERE collection = ?2),
    path, size, modified_ms, asset, state, failure_code, failure_detail, is_reviewed
FROM file AS f WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM file AS o WHERE o.collection = ?2 AND o.path = f.path AND o.removed_ms IS NULL)
ON CONFLICT (id) DO NOTHING;
