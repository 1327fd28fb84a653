INSERT INTO tag (ref, name, language) VALUES (?1, ?2, ?3) RETURNING id;
