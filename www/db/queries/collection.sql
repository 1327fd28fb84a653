SELECT id, name, folder, made_ms, opened_ms, view,
    (SELECT count(*) FROM file WHERE file.collection = collection.id AND removed_ms IS NULL) AS n_files
FROM collection WHERE id = ?1;
