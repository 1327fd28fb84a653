-- The files of collection ?1 that show what another tagger of this device found, as no run of the model ?2 in version ?3 and pipeline ?4 holds
-- that has tagged them: in their order. What own taggers and providers found stands beside it, and counts for neither. Where all runs are of that model, as in
-- most libraries, no file is looked at.
WITH mine AS MATERIALIZED (
    SELECT id FROM run WHERE undone_ms IS NULL AND kind = 'model' AND tagger = ?2 AND version = ?3 AND pipeline = ?4
), others AS MATERIALIZED (
    SELECT id FROM run WHERE undone_ms IS NULL AND kind NOT IN ('head', 'provider') AND id NOT IN mine
)
SELECT f.id FROM file AS f WHERE f.collection = ?1 AND f.removed_ms IS NULL AND EXISTS (SELECT 1 FROM others)
    AND NOT EXISTS (SELECT 1 FROM tagging AS t WHERE t.asset = f.asset AND t.run IN mine)
    AND EXISTS (SELECT 1 FROM tagging AS t WHERE t.asset = f.asset AND t.run IN others)
ORDER BY f.position, f.id;
