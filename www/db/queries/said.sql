-- What a person said of the files ?1 (a JSON list of ids, in its order).
SELECT c.file, c.kind = 'add', t.ref, t.name, t.language
FROM json_each(?1) AS wanted CROSS JOIN correction AS c ON c.file = wanted.value CROSS JOIN tag AS t ON t.id = c.tag
ORDER BY wanted.key, c.position, c.tag;
