INSERT INTO own_tagger (id, name, settings, is_used, made_ms) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING;
