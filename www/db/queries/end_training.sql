UPDATE training SET ended_ms = ?2, failure_code = ?3, failure_detail = ?4, tab = NULL WHERE id = ?1 AND ended_ms IS NULL;
