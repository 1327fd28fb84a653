-- The runs that may show. First those of models: of the model ?1 in version ?2 and pipeline ?3, the newest first, then those of other models.
-- What an asset shows of them is what the first found that tagged it. Then those of each provider, the newest first: of each of these an asset
-- shows what the first found that tagged it, and, as long as such a run only adds (`is_end` is 0), what the next one found, too. `own`: what a run of
-- a provider was begun with besides, of which the least number and the number of tags shown count more than what is set.
SELECT id, tagger, version, pipeline, components, kind = 'provider' AS is_provider,
    kind <> 'provider' OR coalesce(json_extract(settings, '$.has_confidence'), 1) <> 0 AS has_confidence,
    kind <> 'provider' OR coalesce(json_extract(settings, '$.mode'), '') <> 'add' AS is_end,
    iif(json_type(settings, '$.own.threshold') IN ('real', 'integer'), min(1.0, max(0.0, json_extract(settings, '$.own.threshold'))), NULL) AS threshold,
    iif(json_type(settings, '$.own.max_tags') = 'integer', min(1000, max(1, json_extract(settings, '$.own.max_tags'))), NULL) AS max_tags
FROM run WHERE undone_ms IS NULL
ORDER BY is_provider, (kind = 'model' AND tagger = ?1 AND version = ?2 AND pipeline = ?3) DESC, iif(kind = 'provider', tagger, ''), id DESC;
