-- The file ?2 of the job ?1 is in the request ?3, if it waits for one and the job has not ended.
UPDATE awaited SET request = ?3, failure_code = NULL, failure_detail = NULL, is_maybe_paid = 0
WHERE run = ?1 AND file = ?2 AND request IS NULL AND failure_code IS NULL
    AND EXISTS (SELECT 1 FROM run WHERE run.id = ?1 AND run.ended_ms IS NULL AND run.undone_ms IS NULL);
