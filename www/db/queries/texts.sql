-- The texts of the files ?1 (a JSON list of ids), of each field the one that shows first: what a person wrote, then what the newest run found
-- that shows of the asset, which shows again where the person takes theirs back. A run of a provider does not, once a newer one of that provider
-- has tagged the asset that does not only add (runs_by_rank.sql).
SELECT f.id, g.field, g.text, NULL, NULL, NULL
FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value CROSS JOIN given_text AS g ON g.file = f.id
UNION ALL
SELECT f.id, t.field, t.text, t.language, r.tagger, max(r.id)
FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value CROSS JOIN found_text AS t ON t.asset = f.asset
CROSS JOIN run AS r ON r.id = t.run
WHERE r.undone_ms IS NULL AND NOT EXISTS (
    SELECT 1 FROM tagging AS n CROSS JOIN run AS o ON o.id = n.run
    WHERE n.asset = t.asset AND n.run > t.run AND o.undone_ms IS NULL AND o.kind = 'provider' AND o.tagger = r.tagger
        AND coalesce(json_extract(o.settings, '$.mode'), '') <> 'add')
GROUP BY f.id, t.field;
