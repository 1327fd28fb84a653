UPDATE head SET is_in_use = 0 WHERE own_tagger = ?1 AND is_in_use = 1;
