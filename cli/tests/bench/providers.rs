//! What other taggers may have left in a library of the pictures `many/a.bmp`, `many/b.bmp` and others.

/// Two runs of a provider, of which the second is under way, what they were asked and have answered, and what a person wrote.
pub const PROVIDERS: &str = r#"
    INSERT INTO tag (id, ref, name, language) VALUES (9001, 'own:sky', 'sky', 'en');
    INSERT INTO run (id, kind, tagger, version, pipeline, components, settings, begun_ms, ended_ms) VALUES
        (101, 'provider', 'google', 'v1', 1, '["provider:google"]', '{"mode":"add","name":"Google"}', 1700000000000, 1700000001000),
        (102, 'provider', 'google', 'v1', 1, '["provider:google"]', '{"mode":"add","collection":1,"n_files":2,"job":7}', 1700000002000, NULL);
    INSERT INTO tagging (asset, run, looks, timings, candidates, boxes, tagged_ms)
        SELECT asset, 101, 1, '{"decode":0,"resize":0,"infer":0,"tags":0}', x'292300000000403F0000403F00', x'', 1700000000500
        FROM file WHERE path = 'many/a.bmp';
    INSERT INTO request (id, run, purpose, provider, host, n_pictures, n_units, n_bytes, sent_ms, tab, ended_ms, status, outcome, n_billed, n_maybe, detail)
        VALUES (5, 101, 'tag', 'google', 'https://vision.googleapis.com', 1, 1, 900, 1700000000100, NULL, 1700000000500, 200, 'answered', 1, 0, NULL),
            (6, 102, 'tag', 'google', 'https://vision.googleapis.com', 1, 1, 900, 1700000002100, 'a-tab', NULL, NULL, NULL, 0, 0, NULL);
    INSERT INTO awaited (run, file, position, request, failure_code, failure_detail, is_maybe_paid)
        SELECT 102, id, position, iif(path = 'many/b.bmp', 6, NULL), iif(path = 'many/b.bmp', NULL, 'provider_request_refused'),
            iif(path = 'many/b.bmp', NULL, 'Not this one.'), path <> 'many/b.bmp' FROM file WHERE path LIKE 'many/_.bmp';
    INSERT INTO found_text (asset, run, field, language, text) SELECT asset, 101, 'title', 'en', 'A sky' FROM file WHERE path = 'many/a.bmp';
    INSERT INTO given_text (file, field, text, said_ms) SELECT id, 'description', 'Över taket', 1700000000000 FROM file;
    INSERT INTO given_text (file, field, text, said_ms) SELECT id, 'alt_text', '', 1700000000000 FROM file WHERE path = 'many/b.bmp';"#;
