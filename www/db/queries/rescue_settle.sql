-- After the tables of a damaged library were taken over: what names something that was lost is settled.
INSERT INTO collection (id, name, made_ms)
SELECT DISTINCT collection, '', CAST(strftime('%s', 'now') AS INTEGER) * 1000 FROM file WHERE collection NOT IN (SELECT id FROM collection);
DELETE FROM correction WHERE file NOT IN (SELECT id FROM file) OR tag NOT IN (SELECT id FROM tag);
UPDATE file SET asset = NULL WHERE asset NOT IN (SELECT id FROM asset);
UPDATE file SET state = 'waiting' WHERE state = 'tagged' AND NOT EXISTS (SELECT 1 FROM tagging WHERE tagging.asset = file.asset);
