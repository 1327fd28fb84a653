-- The files that the job ?1 waits for, in their order. `is_asked`: in a request that has not ended.
SELECT file, request IS NOT NULL AS is_asked, failure_code, failure_detail FROM awaited WHERE run = ?1 ORDER BY position, file;
