-- What a person said of the file ?1.
SELECT c.tag, t.ref, t.name, t.language, c.kind, c.is_in_bulk, c.position
FROM correction AS c JOIN tag AS t ON t.id = c.tag WHERE c.file = ?1 ORDER BY c.position, c.tag;
