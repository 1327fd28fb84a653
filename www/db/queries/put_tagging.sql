INSERT INTO tagging (asset, run, looks, timings, candidates, boxes, tagged_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (asset, run) DO UPDATE SET looks = excluded.looks, timings = excluded.timings, candidates = excluded.candidates,
    boxes = excluded.boxes, tagged_ms = excluded.tagged_ms;
