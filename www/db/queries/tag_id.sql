SELECT id FROM tag WHERE ref = ?1;
