-- The files of collection ?1 in their order.
SELECT id FROM file WHERE collection = ?1 AND removed_ms IS NULL ORDER BY position, id;
