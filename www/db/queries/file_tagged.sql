UPDATE file SET asset = ?2, state = 'tagged', failure_code = NULL, failure_detail = NULL WHERE id = ?1;
