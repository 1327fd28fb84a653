-- A training of the tagger ?2, if that is there: its number is the next that neither a version nor a training of it ever had.
INSERT INTO training (id, own_tagger, number, begun_ms, reason, title, comment, tab)
SELECT ?1, o.id, 1 + max(coalesce((SELECT max(number) FROM head WHERE own_tagger = o.id), 0),
    coalesce((SELECT max(number) FROM training WHERE own_tagger = o.id), 0)), ?3, ?4, ?5, ?6, ?7
FROM own_tagger AS o WHERE o.id = ?2 AND o.removed_ms IS NULL ON CONFLICT (id) DO NOTHING;
