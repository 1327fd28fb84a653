-- The pictures of the collection ?2, not taken off, whose content has one of the SHA-256 hashes ?1 (a JSON list, in hexadecimal digits), with the hash's place.
SELECT f.id, wanted.key
FROM json_each(?1) AS wanted CROSS JOIN asset AS a ON a.sha256 = unhex(wanted.value) CROSS JOIN file AS f ON f.asset = a.id
WHERE f.collection = ?2 AND f.removed_ms IS NULL
ORDER BY wanted.key, f.id;
