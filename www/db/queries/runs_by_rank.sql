-- The runs that may show, the one that is preferred first: of the model ?1 in version ?2 and pipeline ?3, the newest first, then those of
-- other models. What an asset shows is the first of them that tagged it.
SELECT id, tagger, version, pipeline, components FROM run WHERE undone_ms IS NULL
ORDER BY (kind = 'model' AND tagger = ?1 AND version = ?2 AND pipeline = ?3) DESC, id DESC;
