-- After files were deleted for good: steps about files, all of which are gone, take back nothing.
DELETE FROM step WHERE kind IN ('corrections', 'texts') AND NOT EXISTS (
    SELECT 1 FROM json_tree(step.data) AS one JOIN file ON file.id = one.atom
    WHERE one.key = iif(step.kind = 'texts', 'file', 'id') AND one.type = 'integer');
DELETE FROM step WHERE kind = 'files' AND NOT EXISTS (
    SELECT 1 FROM json_tree(step.data, '$.places') AS one JOIN file ON file.id = one.atom WHERE one.key = 0 AND one.type = 'integer');
