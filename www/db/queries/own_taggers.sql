-- The own taggers that were not removed, the first made first; without the numbers that came with their files.
SELECT id, name, json_remove(settings, '$.moved.columns'), is_used, made_ms FROM own_tagger WHERE removed_ms IS NULL ORDER BY made_ms, id;
