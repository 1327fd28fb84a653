INSERT INTO run (kind, tagger, version, pipeline, components, settings, begun_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id;
