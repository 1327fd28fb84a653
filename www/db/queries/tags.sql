SELECT id, ref, name, language FROM tag ORDER BY id;
