-- A file's content, by its hash ?1.
INSERT INTO asset (sha256, size, width, height, format, is_incomplete, decoder, taken_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (sha256) DO UPDATE SET width = excluded.width, height = excluded.height, format = excluded.format,
    is_incomplete = excluded.is_incomplete, decoder = excluded.decoder, taken_ms = coalesce(excluded.taken_ms, taken_ms)
RETURNING id;
