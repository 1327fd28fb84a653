//! What an own tagger may have left in a library of the pictures `many/a.bmp`, `many/b.bmp` and others.

/// One that is used, with a version, its report, what it found and a training that was interrupted; one that was removed.
pub const OWN: &str = r#"
    INSERT INTO own_tagger (id, name, settings, is_used, made_ms, removed_ms) VALUES
        ('shop-1', 'Väskor', '{"collections":[1],"weekly":{"day":6,"minute":30}}', 1, 1700000000000, NULL),
        ('old', 'Old', '{}', 0, 1700000000000, 1700000001000);
    INSERT INTO training (id, own_tagger, number, begun_ms, ended_ms, reason, title, comment, tab, failure_code, failure_detail) VALUES
        (301, 'shop-1', 1, 1700000000000, 1700000001000, 'person', 'Första', 'Med logga', NULL, NULL, NULL),
        (302, 'shop-1', 2, 1700000002000, 1700000003000, 'after_n', '', '', NULL, 'out_of_memory', 'Too much.'),
        (303, 'shop-1', 3, 1700000004000, NULL, 'weekly', '', '', 'a-tab', NULL, NULL);
    INSERT INTO head (id, own_tagger, number, title, comment, seed, backbone, made_ms, n_examples, tags, file, report, is_in_use) VALUES
        (301, 'shop-1', 1, 'Första', 'Med logga', 7, 'efficientnet-lite0 1', 1700000001000, 12,
        '[{"id":"own:logoväska","name":"logoväska","threshold":0.5,"language":"sv"},{"id":"own:logomugg","name":"logomugg","threshold":0.875}]',
        '{"schema":2}', '{"map":0.5}', 1);
    INSERT INTO tag (id, ref, name, language) VALUES (9002, 'own:logoväska', 'logoväska', 'sv'), (9003, 'own:logomugg', 'logomugg', 'sv');
    INSERT INTO run (id, kind, tagger, version, pipeline, components, settings, begun_ms, ended_ms) VALUES
        (201, 'head', 'shop-1', '1', 1, '["head:shop-1"]', '{"name":"Väskor","thresholds":{"own:logoväska":0.5,"own:logomugg":0.875}}', 1700000001000, NULL),
        (202, 'head', 'old', '1', 1, '["head:old"]', '{"name":"Old"}', 1700000001000, 1700000002000);
    INSERT INTO tagging (asset, run, looks, timings, candidates, boxes, tagged_ms)
        SELECT asset, run.id, 1, '{"decode":0,"resize":0,"infer":0,"tags":0}', x'2A2300002B2300000000403F0000003F0000403F0000003F0000', x'', 1700000001500
        FROM file, run WHERE path = 'many/b.bmp' AND run.kind = 'head';
    INSERT INTO view (asset, backbone, name, scale, vector)
        SELECT asset, 'efficientnet-lite0 1', 'mirror', 0.5, x'7F8100' FROM file WHERE path = 'many/b.bmp';
    INSERT INTO square (asset, picture) SELECT asset, x'52494646' FROM file WHERE path = 'many/b.bmp';"#;
