-- What a person wrote of a file that is there.
INSERT INTO given_text (file, field, text, said_ms) SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM file WHERE id = ?1)
ON CONFLICT (file, field) DO UPDATE SET text = excluded.text, said_ms = excluded.said_ms WHERE text <> excluded.text;
