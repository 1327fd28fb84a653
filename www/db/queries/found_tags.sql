-- The tags of the version whose run ?1 is, unless that was undone.
SELECT h.tags FROM run AS r JOIN head AS h ON h.own_tagger = r.tagger AND CAST(h.number AS TEXT) = r.version
WHERE r.id = ?1 AND r.kind = 'head' AND r.undone_ms IS NULL;
