-- The trainings of all own taggers, or of ?1, the newest first, each with the version that it has made and that is still there.
SELECT t.id, t.own_tagger, t.number, t.begun_ms, t.ended_ms, t.reason, t.title, t.comment, t.tab, t.failure_code, t.failure_detail, h.id
FROM training AS t LEFT JOIN head AS h ON h.own_tagger = t.own_tagger AND h.number = t.number
WHERE ?1 IS NULL OR t.own_tagger = ?1 ORDER BY t.begun_ms DESC, t.id DESC;
