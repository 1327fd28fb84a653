INSERT INTO found_text (asset, run, field, language, text) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (asset, run, field) DO UPDATE SET language = excluded.language, text = excluded.text;
