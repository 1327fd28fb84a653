INSERT INTO correction (file, tag, kind, is_in_bulk, position, said_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (file, tag) DO UPDATE SET kind = excluded.kind, is_in_bulk = excluded.is_in_bulk, position = excluded.position, said_ms = excluded.said_ms;
