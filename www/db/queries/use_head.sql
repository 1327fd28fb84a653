UPDATE head SET is_in_use = 1 WHERE own_tagger = ?1 AND id = ?2;
