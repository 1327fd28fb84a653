UPDATE file SET state = 'failed', failure_code = ?2, failure_detail = ?3 WHERE id = ?1;
