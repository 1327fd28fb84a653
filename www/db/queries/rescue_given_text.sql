-- Of a damaged table, what a person can have written of the files from ?1 to ?2.
INSERT OR IGNORE INTO given_text (file, field, text, said_ms)
SELECT file, field, text, said_ms
FROM damaged.given_text WHERE file BETWEEN ?1 AND ?2 AND typeof(file) = 'integer' AND field IN ('title', 'description', 'alt_text')
    AND is_text(text) AND length(CAST(text AS BLOB)) <= 16384 AND typeof(said_ms) = 'integer';
