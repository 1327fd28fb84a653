-- How many numbers the embeddings by the backbone ?1 have; of several the most frequent.
SELECT length(vector) FROM embedding WHERE backbone = ?1 GROUP BY length(vector) ORDER BY count(*) DESC, length(vector) LIMIT 1;
