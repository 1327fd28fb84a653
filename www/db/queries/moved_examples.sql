-- What came with a file of the own tagger ?1, as its settings have it: JSON, or null.
SELECT json_extract(settings, '$.moved') FROM own_tagger WHERE id = ?1;
