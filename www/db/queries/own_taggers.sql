-- The own taggers that were not removed, the first made first.
SELECT id, name, settings, is_used, made_ms FROM own_tagger WHERE removed_ms IS NULL ORDER BY made_ms, id;
