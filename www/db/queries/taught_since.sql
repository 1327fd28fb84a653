-- Of how many files a person said something after ?2: of the files ?3 (a JSON list of ids) where there are any, else of those of the
-- collections ?1 (one, too); and only something of the tags ?4 (a JSON list of references), if that is not null.
WITH wanted(id) AS (
    SELECT value FROM json_each(?3)
    UNION ALL
    SELECT f.id FROM json_each(?1) AS one CROSS JOIN file AS f ON f.collection = one.value WHERE json_array_length(?3) = 0
)
SELECT count(*) FROM wanted CROSS JOIN file AS f ON f.id = wanted.id
WHERE f.removed_ms IS NULL AND EXISTS (
    SELECT 1 FROM correction AS c WHERE c.file = f.id AND c.said_ms > ?2
        AND (?4 IS NULL OR c.tag IN (SELECT id FROM tag WHERE ref IN (SELECT value FROM json_each(?4))))
);
