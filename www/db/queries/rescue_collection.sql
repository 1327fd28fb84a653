-- Of a damaged table, the collections from ?1 to ?2 that are what a collection can be.
INSERT OR IGNORE INTO collection (id, name, folder, made_ms, opened_ms, view)
SELECT id, name, iif(is_text(folder), folder, NULL), made_ms, iif(typeof(opened_ms) = 'integer', opened_ms, NULL), NULL
FROM damaged.collection WHERE id BETWEEN ?1 AND ?2 AND is_text(name) AND typeof(made_ms) = 'integer';
