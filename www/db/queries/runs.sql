SELECT id, kind, tagger, version, pipeline, begun_ms, ended_ms, undone_ms,
    (SELECT count(*) FROM tagging WHERE tagging.run = run.id) AS n_assets, json_extract(settings, '$.name'),
    iif(json_type(settings, '$.tried') = 'array', json_extract(settings, '$.tried'), '[]') FROM run ORDER BY id DESC;
