-- The request log: at most ?2 before ?1, the newest first.
SELECT id, run, purpose, provider, host, n_pictures, n_units, n_bytes, sent_ms, ended_ms, status, outcome, n_billed, n_maybe, detail
FROM request WHERE id < ?1 ORDER BY id DESC LIMIT ?2;
