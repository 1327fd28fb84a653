-- What run ?2 found in asset ?1.
SELECT looks, timings, candidates, boxes FROM tagging WHERE asset = ?1 AND run = ?2;
