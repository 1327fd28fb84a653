-- Jobs that wait for nothing any more have ended.
UPDATE run SET ended_ms = CAST(strftime('%s', 'now') AS INTEGER) * 1000
WHERE kind = 'provider' AND ended_ms IS NULL AND NOT EXISTS (SELECT 1 FROM awaited AS a WHERE a.run = run.id);
