-- What the training ?1 has made.
INSERT INTO head (id, own_tagger, number, title, comment, made_ms, seed, backbone, n_examples, tags, file, report)
SELECT ?1, own_tagger, number, title, comment, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM training WHERE id = ?1;
