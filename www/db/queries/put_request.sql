INSERT INTO request (id, run, purpose, provider, host, n_pictures, n_units, n_bytes, sent_ms, tab) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);
