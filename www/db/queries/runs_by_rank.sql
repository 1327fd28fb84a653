-- The runs that may show. First those of models: of the model ?1 in version ?2 and pipeline ?3, the newest first, then those of other models.
-- What an asset shows of them is what the first found that tagged it. Then those of each own tagger that is used and was not removed: of the version in use, the
-- newest first, then those of its others; an asset shows what the first found that tagged it. Then those of each provider, the newest first: of each
-- of these an asset shows what the first found that tagged it, and, as long as such a run only adds (`is_end` is 0), what the next one found, too.
-- `threshold`, `max_tags`: what a run of a provider was begun with besides, which counts more than what is set. `thresholds`: of an own tagger's, by
-- the tag's reference, as JSON.
SELECT id, tagger, version, pipeline, components, iif(kind IN ('head', 'provider'), kind, 'model') AS kind,
    kind <> 'provider' OR coalesce(json_extract(settings, '$.has_confidence'), 1) <> 0 AS has_confidence,
    kind <> 'provider' OR coalesce(json_extract(settings, '$.mode'), '') <> 'add' AS is_end,
    iif(kind = 'provider' AND json_type(settings, '$.own.threshold') IN ('real', 'integer'), min(1.0, max(0.0, json_extract(settings, '$.own.threshold'))), NULL) AS threshold,
    iif(kind = 'provider' AND json_type(settings, '$.own.max_tags') = 'integer', min(1000, max(1, json_extract(settings, '$.own.max_tags'))), NULL) AS max_tags,
    iif(kind = 'head' AND json_type(settings, '$.thresholds') = 'object', json_extract(settings, '$.thresholds'), NULL) AS thresholds
FROM run WHERE undone_ms IS NULL AND NOT (kind = 'head' AND tagger IN (SELECT o.id FROM own_tagger AS o WHERE o.removed_ms IS NOT NULL OR o.is_used = 0))
ORDER BY CASE kind WHEN 'head' THEN 1 WHEN 'provider' THEN 2 ELSE 0 END,
    (kind = 'model' AND tagger = ?1 AND version = ?2 AND pipeline = ?3) DESC, iif(kind IN ('head', 'provider'), tagger, ''),
    (kind = 'head' AND version IN (SELECT CAST(h.number AS TEXT) FROM head AS h WHERE h.own_tagger = run.tagger AND h.is_in_use)) DESC, id DESC;
