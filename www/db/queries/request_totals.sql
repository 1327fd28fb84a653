-- What was asked of each provider since ?1. What is under way counts with all its units.
SELECT provider, count(*), sum(n_units), sum(n_billed), sum(n_maybe), sum(n_bytes) FROM request WHERE sent_ms >= ?1 GROUP BY provider ORDER BY provider;
