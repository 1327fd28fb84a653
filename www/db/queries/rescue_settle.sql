-- After the tables of a damaged library were taken over: what names something that was lost is settled.
INSERT INTO collection (id, name, made_ms)
SELECT DISTINCT collection, '', CAST(strftime('%s', 'now') AS INTEGER) * 1000 FROM file WHERE collection NOT IN (SELECT id FROM collection);
DELETE FROM correction WHERE file NOT IN (SELECT id FROM file) OR tag NOT IN (SELECT id FROM tag);
DELETE FROM head WHERE own_tagger NOT IN (SELECT id FROM own_tagger);
DELETE FROM training WHERE own_tagger NOT IN (SELECT id FROM own_tagger);
DELETE FROM given_text WHERE file NOT IN (SELECT id FROM file);
UPDATE file SET asset = NULL WHERE asset NOT IN (SELECT id FROM asset);
UPDATE file SET state = 'waiting' WHERE state = 'tagged' AND NOT EXISTS (SELECT 1 FROM tagging WHERE tagging.asset = file.asset);
UPDATE request SET run = NULL WHERE run NOT IN (SELECT id FROM run);
UPDATE run SET ended_ms = CAST(strftime('%s', 'now') AS INTEGER) * 1000
WHERE kind = 'provider' AND ended_ms IS NULL AND NOT EXISTS (SELECT 1 FROM awaited AS a WHERE a.run = run.id);
