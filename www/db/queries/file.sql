-- The file ?1, and the asset that it holds.
SELECT f.path, f.size, f.modified_ms, f.state, f.failure_code, f.failure_detail, f.is_reviewed, f.asset,
    lower(hex(a.sha256)), a.width, a.height, a.format, a.is_incomplete, a.decoder, a.taken_ms
FROM file AS f LEFT JOIN asset AS a ON a.id = f.asset WHERE f.id = ?1;
