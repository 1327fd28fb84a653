-- The versions of all own taggers, or of ?1, the newest first; without their files and reports.
SELECT id, own_tagger, number, title, comment, seed, backbone, made_ms, n_examples, tags, is_in_use, report IS NOT NULL AS has_report,
    octet_length(file) + coalesce(octet_length(report), 0) AS n_bytes
FROM head WHERE ?1 IS NULL OR own_tagger = ?1 ORDER BY own_tagger, number DESC;
