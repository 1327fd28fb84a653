-- The files of request ?1 that it has no result for. Where it was lost on its way (?2) and may be billed, they fail: nobody pays twice without
-- having said so. Else they wait again.
UPDATE awaited SET request = NULL, failure_code = iif(of.is_lost, 'provider_answer_lost', NULL), failure_detail = iif(of.is_lost, ?3, NULL),
    is_maybe_paid = of.is_lost
FROM (SELECT ?2 AND coalesce((SELECT json_extract(r.settings, '$.is_billed') FROM request AS q JOIN run AS r ON r.id = q.run WHERE q.id = ?1), 1) <> 0
    AS is_lost) AS of
WHERE request = ?1;
