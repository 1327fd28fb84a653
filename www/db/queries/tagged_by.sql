-- Which of the runs ?2 has tagged which of the files ?1 (both JSON lists of ids), in the order of the files.
SELECT f.id, t.run
FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value CROSS JOIN tagging AS t ON t.asset = f.asset
WHERE t.run IN (SELECT value FROM json_each(?2));
