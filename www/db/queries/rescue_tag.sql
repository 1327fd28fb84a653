-- Of a damaged table, the tags from ?1 to ?2 that are what a tag can be.
INSERT OR IGNORE INTO tag (id, ref, name, language)
SELECT id, ref, name, iif(is_text(language), language, NULL)
FROM damaged.tag WHERE id BETWEEN ?1 AND ?2 AND is_text(ref) AND is_text(name) AND ref <> '' AND name <> '';
