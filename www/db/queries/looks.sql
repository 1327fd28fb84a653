-- How often run ?2 has looked at the files ?1 (a JSON list of ids, in its order), and how long that took.
SELECT f.id, t.looks, t.timings
FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value CROSS JOIN tagging AS t ON t.asset = f.asset AND t.run = ?2;
