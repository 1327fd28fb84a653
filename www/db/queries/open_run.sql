-- A run of this kind, tagger, version, pipeline and components that was neither ended nor undone.
SELECT id FROM run WHERE kind = ?1 AND tagger = ?2 AND version = ?3 AND pipeline = ?4 AND components = ?5
    AND ended_ms IS NULL AND undone_ms IS NULL ORDER BY id DESC LIMIT 1;
