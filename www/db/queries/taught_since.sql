-- Of how many files of the collections ?1 (a JSON list of ids) a person said something after ?2.
SELECT count(*) FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.collection = wanted.value
WHERE f.removed_ms IS NULL AND EXISTS (SELECT 1 FROM correction AS c WHERE c.file = f.id AND c.said_ms > ?2);
