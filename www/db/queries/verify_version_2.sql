-- As verify.sql, of the tables that have had another column since version 3.
SELECT 'awaited' AS name, count(*) AS n, coalesce(sum(crc32(run, file, position, request, failure_code, failure_detail)), 0) AS sum FROM awaited
