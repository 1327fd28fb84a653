-- The files that the job ?1 waits for, in their order. `is_asked`: in a request that has not ended. `is_maybe_paid`: asking again may cost a second time.
SELECT file, request IS NOT NULL AS is_asked, failure_code, failure_detail, is_maybe_paid FROM awaited WHERE run = ?1 ORDER BY position, file;
