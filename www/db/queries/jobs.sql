-- Runs of providers that are under way, the oldest first.
SELECT r.id, r.tagger, json_extract(r.settings, '$.name'), json_extract(r.settings, '$.collection'), r.settings, r.begun_ms,
    json_extract(r.settings, '$.n_files'),
    (SELECT count(*) FROM awaited AS a WHERE a.run = r.id AND a.failure_code IS NULL) AS n_waiting,
    (SELECT count(*) FROM awaited AS a WHERE a.run = r.id AND a.failure_code IS NOT NULL) AS n_failed
FROM run AS r WHERE r.kind = 'provider' AND r.ended_ms IS NULL AND r.undone_ms IS NULL AND json_type(r.settings, '$.collection') = 'integer'
ORDER BY r.id;
