UPDATE request SET ended_ms = ?2, status = ?3, outcome = ?4, n_billed = ?5, n_maybe = ?6, detail = ?7, n_bytes = coalesce(?8, n_bytes), tab = NULL WHERE id = ?1;
