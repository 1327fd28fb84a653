-- All collections, the one that was open last first. `own`: assets that no other collection has.
SELECT id, name, folder, made_ms, opened_ms, view,
    (SELECT count(*) FROM file WHERE file.collection = c.id AND removed_ms IS NULL) AS n_files,
    (SELECT count(*) FROM file WHERE file.collection = c.id AND removed_ms IS NULL AND state = 'tagged') AS n_tagged,
    (SELECT count(*) FROM file WHERE file.collection = c.id AND removed_ms IS NULL AND state = 'failed') AS n_failed,
    (SELECT count(DISTINCT f.asset) FROM file AS f WHERE f.collection = c.id AND f.asset IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM file AS o WHERE o.asset = f.asset AND o.collection <> c.id)) AS n_own
FROM collection AS c ORDER BY opened_ms DESC, id DESC;
