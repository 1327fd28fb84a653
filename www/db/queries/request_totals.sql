-- What was asked of each provider since ?1. What is under way may be billed with all its units, in whichever tab it is.
SELECT provider, count(*), sum(n_units), sum(n_billed), sum(iif(ended_ms IS NULL, n_units, n_maybe)), sum(n_bytes)
FROM request WHERE sent_ms >= ?1 GROUP BY provider ORDER BY provider;
