-- The library, version 1: docs/formats/library.md. `PRAGMA application_id = 0x54414753` ("TAGS") and `user_version = 1` are set by whoever
-- applies it. Times are ms since 1970. Every data table counts in `ledger`: rows, and the sum of the CRC-32 of each row.

CREATE TABLE ledger (name TEXT PRIMARY KEY, n INTEGER NOT NULL, sum INTEGER NOT NULL) WITHOUT ROWID, STRICT;

-- What people put together. `folder`: the folder it was made of. `view`: JSON of what was looked at last (query, scroll place, current picture).
CREATE TABLE collection (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, folder TEXT, made_ms INTEGER NOT NULL, opened_ms INTEGER, view TEXT) STRICT;

-- A file's content. `taken_ms`: local time of the camera, where the file tells it.
CREATE TABLE asset (
    id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32), size INTEGER NOT NULL,
    width INTEGER, height INTEGER, format TEXT, is_incomplete INTEGER NOT NULL DEFAULT 0, decoder TEXT, taken_ms INTEGER) STRICT;

-- A path in a collection, and the asset it holds once it was read. `position`: the order in the grid. `removed_ms`: taken off, can be put back.
CREATE TABLE file (
    id INTEGER PRIMARY KEY, collection INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE, position INTEGER NOT NULL,
    path TEXT NOT NULL, size INTEGER NOT NULL, modified_ms INTEGER NOT NULL, asset INTEGER REFERENCES asset (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'tagged', 'failed', 'stopped')),
    failure_code TEXT, failure_detail TEXT, is_reviewed INTEGER NOT NULL DEFAULT 0, removed_ms INTEGER) STRICT;
CREATE INDEX file_order ON file (collection, position);
CREATE INDEX file_asset ON file (asset);

-- A tag reference: `ref` is the vocabulary's id, or "own:" and the word. `name`, `language`: as it was typed or named first.
CREATE TABLE tag (id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, name TEXT NOT NULL, language TEXT) STRICT;

-- One tagging of many assets by one tagger with one set-up. `kind`: 'model' or 'provider'. `components`, `settings`: JSON.
CREATE TABLE run (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, tagger TEXT NOT NULL, version TEXT NOT NULL, pipeline INTEGER NOT NULL,
    components TEXT NOT NULL, settings TEXT NOT NULL, begun_ms INTEGER NOT NULL, ended_ms INTEGER, undone_ms INTEGER) STRICT;

-- Tables with large rows have rowids: without, what is longer than a quarter of a page would take a page of its own.
-- What a run found in an asset. `looks`: 1, or 2 after the second look. Candidates, the surest first, by columns, little-endian:
-- tag u32[n], score f32[n], confidence f32[n], component u8[n] (13 n bytes). Boxes: tag u32[n], confidence f32[n], region f32[4 n], component u8[n]
-- (25 n bytes). `tag` is tag.id. `timings`: JSON.
CREATE TABLE tagging (
    asset INTEGER NOT NULL REFERENCES asset (id), run INTEGER NOT NULL REFERENCES run (id), looks INTEGER NOT NULL,
    timings TEXT NOT NULL, candidates BLOB NOT NULL, boxes BLOB NOT NULL, tagged_ms INTEGER NOT NULL, PRIMARY KEY (asset, run)) STRICT;

-- `vector`: int8; a value is that times `scale`. `backbone`: id and version of the model.
CREATE TABLE embedding (
    asset INTEGER NOT NULL REFERENCES asset (id), backbone TEXT NOT NULL, scale REAL NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (asset, backbone)) STRICT;

-- What a person said of a file. `kind`: 'add' (also to accept what a run suggests) or 'reject'. `position`: the order of added tags.
CREATE TABLE correction (
    file INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE, tag INTEGER NOT NULL REFERENCES tag (id),
    kind TEXT NOT NULL CHECK (kind IN ('add', 'reject')), is_in_bulk INTEGER NOT NULL DEFAULT 0, position INTEGER NOT NULL,
    said_ms INTEGER NOT NULL, PRIMARY KEY (file, tag)) STRICT, WITHOUT ROWID;

-- What can be undone and done again, in order. `key`, `params`: the message that says what was done; `kind`, `data`: how, as JSON.
CREATE TABLE step (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, params TEXT NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL,
    is_undone INTEGER NOT NULL DEFAULT 0, done_ms INTEGER NOT NULL) STRICT;

-- What a backup carries besides: rules over tags and the policy, as JSON by name.
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Only in backups where people chose to have them: WebP, JPEG or PNG, at most 256 px.
CREATE TABLE thumbnail (asset INTEGER PRIMARY KEY REFERENCES asset (id), picture BLOB NOT NULL) STRICT;

-- crc32(...) is a function that the program adds to SQLite: CRC-32 (IEEE) over all arguments, each as one byte of type and its content:
-- 0 NULL; 1 INTEGER (8 bytes, little-endian); 2 REAL (8 bytes, little-endian); 3 TEXT (u32 length, UTF-8); 4 BLOB (u32 length, bytes).
INSERT INTO ledger (name, n, sum) VALUES
    ('collection', 0, 0),
    ('asset', 0, 0),
    ('file', 0, 0),
    ('tag', 0, 0),
    ('run', 0, 0),
    ('tagging', 0, 0),
    ('embedding', 0, 0),
    ('correction', 0, 0),
    ('step', 0, 0),
    ('setting', 0, 0),
    ('thumbnail', 0, 0);

CREATE TRIGGER collection_ai AFTER INSERT ON collection BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.id, NEW.name, NEW.folder, NEW.made_ms, NEW.opened_ms, NEW.view) WHERE name = 'collection'; END;
CREATE TRIGGER collection_au AFTER UPDATE ON collection BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.id, NEW.name, NEW.folder, NEW.made_ms, NEW.opened_ms, NEW.view)
        - crc32(OLD.id, OLD.name, OLD.folder, OLD.made_ms, OLD.opened_ms, OLD.view) WHERE name = 'collection'; END;
CREATE TRIGGER collection_ad AFTER DELETE ON collection BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.id, OLD.name, OLD.folder, OLD.made_ms, OLD.opened_ms, OLD.view) WHERE name = 'collection'; END;

CREATE TRIGGER asset_ai AFTER INSERT ON asset BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.id, NEW.sha256, NEW.size, NEW.width, NEW.height, NEW.format, NEW.is_incomplete, NEW.decoder, NEW.taken_ms) WHERE name = 'asset'; END;
CREATE TRIGGER asset_au AFTER UPDATE ON asset BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.id, NEW.sha256, NEW.size, NEW.width, NEW.height, NEW.format, NEW.is_incomplete, NEW.decoder, NEW.taken_ms)
        - crc32(OLD.id, OLD.sha256, OLD.size, OLD.width, OLD.height, OLD.format, OLD.is_incomplete, OLD.decoder, OLD.taken_ms) WHERE name = 'asset'; END;
CREATE TRIGGER asset_ad AFTER DELETE ON asset BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.id, OLD.sha256, OLD.size, OLD.width, OLD.height, OLD.format, OLD.is_incomplete, OLD.decoder, OLD.taken_ms) WHERE name = 'asset'; END;

CREATE TRIGGER file_ai AFTER INSERT ON file BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.id, NEW.collection, NEW.position, NEW.path, NEW.size, NEW.modified_ms, NEW.asset, NEW.state, NEW.failure_code, NEW.failure_detail, NEW.is_reviewed, NEW.removed_ms) WHERE name = 'file'; END;
CREATE TRIGGER file_au AFTER UPDATE ON file BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.id, NEW.collection, NEW.position, NEW.path, NEW.size, NEW.modified_ms, NEW.asset, NEW.state, NEW.failure_code, NEW.failure_detail, NEW.is_reviewed, NEW.removed_ms)
        - crc32(OLD.id, OLD.collection, OLD.position, OLD.path, OLD.size, OLD.modified_ms, OLD.asset, OLD.state, OLD.failure_code, OLD.failure_detail, OLD.is_reviewed, OLD.removed_ms) WHERE name = 'file'; END;
CREATE TRIGGER file_ad AFTER DELETE ON file BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.id, OLD.collection, OLD.position, OLD.path, OLD.size, OLD.modified_ms, OLD.asset, OLD.state, OLD.failure_code, OLD.failure_detail, OLD.is_reviewed, OLD.removed_ms) WHERE name = 'file'; END;

CREATE TRIGGER tag_ai AFTER INSERT ON tag BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.id, NEW.ref, NEW.name, NEW.language) WHERE name = 'tag'; END;
CREATE TRIGGER tag_au AFTER UPDATE ON tag BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.id, NEW.ref, NEW.name, NEW.language)
        - crc32(OLD.id, OLD.ref, OLD.name, OLD.language) WHERE name = 'tag'; END;
CREATE TRIGGER tag_ad AFTER DELETE ON tag BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.id, OLD.ref, OLD.name, OLD.language) WHERE name = 'tag'; END;

CREATE TRIGGER run_ai AFTER INSERT ON run BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.id, NEW.kind, NEW.tagger, NEW.version, NEW.pipeline, NEW.components, NEW.settings, NEW.begun_ms, NEW.ended_ms, NEW.undone_ms) WHERE name = 'run'; END;
CREATE TRIGGER run_au AFTER UPDATE ON run BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.id, NEW.kind, NEW.tagger, NEW.version, NEW.pipeline, NEW.components, NEW.settings, NEW.begun_ms, NEW.ended_ms, NEW.undone_ms)
        - crc32(OLD.id, OLD.kind, OLD.tagger, OLD.version, OLD.pipeline, OLD.components, OLD.settings, OLD.begun_ms, OLD.ended_ms, OLD.undone_ms) WHERE name = 'run'; END;
CREATE TRIGGER run_ad AFTER DELETE ON run BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.id, OLD.kind, OLD.tagger, OLD.version, OLD.pipeline, OLD.components, OLD.settings, OLD.begun_ms, OLD.ended_ms, OLD.undone_ms) WHERE name = 'run'; END;

CREATE TRIGGER tagging_ai AFTER INSERT ON tagging BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.asset, NEW.run, NEW.looks, NEW.timings, NEW.candidates, NEW.boxes, NEW.tagged_ms) WHERE name = 'tagging'; END;
CREATE TRIGGER tagging_au AFTER UPDATE ON tagging BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.asset, NEW.run, NEW.looks, NEW.timings, NEW.candidates, NEW.boxes, NEW.tagged_ms)
        - crc32(OLD.asset, OLD.run, OLD.looks, OLD.timings, OLD.candidates, OLD.boxes, OLD.tagged_ms) WHERE name = 'tagging'; END;
CREATE TRIGGER tagging_ad AFTER DELETE ON tagging BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.asset, OLD.run, OLD.looks, OLD.timings, OLD.candidates, OLD.boxes, OLD.tagged_ms) WHERE name = 'tagging'; END;

CREATE TRIGGER embedding_ai AFTER INSERT ON embedding BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.asset, NEW.backbone, NEW.scale, NEW.vector) WHERE name = 'embedding'; END;
CREATE TRIGGER embedding_au AFTER UPDATE ON embedding BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.asset, NEW.backbone, NEW.scale, NEW.vector)
        - crc32(OLD.asset, OLD.backbone, OLD.scale, OLD.vector) WHERE name = 'embedding'; END;
CREATE TRIGGER embedding_ad AFTER DELETE ON embedding BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.asset, OLD.backbone, OLD.scale, OLD.vector) WHERE name = 'embedding'; END;

CREATE TRIGGER correction_ai AFTER INSERT ON correction BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.file, NEW.tag, NEW.kind, NEW.is_in_bulk, NEW.position, NEW.said_ms) WHERE name = 'correction'; END;
CREATE TRIGGER correction_au AFTER UPDATE ON correction BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.file, NEW.tag, NEW.kind, NEW.is_in_bulk, NEW.position, NEW.said_ms)
        - crc32(OLD.file, OLD.tag, OLD.kind, OLD.is_in_bulk, OLD.position, OLD.said_ms) WHERE name = 'correction'; END;
CREATE TRIGGER correction_ad AFTER DELETE ON correction BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.file, OLD.tag, OLD.kind, OLD.is_in_bulk, OLD.position, OLD.said_ms) WHERE name = 'correction'; END;

CREATE TRIGGER step_ai AFTER INSERT ON step BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.id, NEW.key, NEW.params, NEW.kind, NEW.data, NEW.is_undone, NEW.done_ms) WHERE name = 'step'; END;
CREATE TRIGGER step_au AFTER UPDATE ON step BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.id, NEW.key, NEW.params, NEW.kind, NEW.data, NEW.is_undone, NEW.done_ms)
        - crc32(OLD.id, OLD.key, OLD.params, OLD.kind, OLD.data, OLD.is_undone, OLD.done_ms) WHERE name = 'step'; END;
CREATE TRIGGER step_ad AFTER DELETE ON step BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.id, OLD.key, OLD.params, OLD.kind, OLD.data, OLD.is_undone, OLD.done_ms) WHERE name = 'step'; END;

CREATE TRIGGER setting_ai AFTER INSERT ON setting BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.name, NEW.value) WHERE name = 'setting'; END;
CREATE TRIGGER setting_au AFTER UPDATE ON setting BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.name, NEW.value)
        - crc32(OLD.name, OLD.value) WHERE name = 'setting'; END;
CREATE TRIGGER setting_ad AFTER DELETE ON setting BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.name, OLD.value) WHERE name = 'setting'; END;

CREATE TRIGGER thumbnail_ai AFTER INSERT ON thumbnail BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.asset, NEW.picture) WHERE name = 'thumbnail'; END;
CREATE TRIGGER thumbnail_au AFTER UPDATE ON thumbnail BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.asset, NEW.picture)
        - crc32(OLD.asset, OLD.picture) WHERE name = 'thumbnail'; END;
CREATE TRIGGER thumbnail_ad AFTER DELETE ON thumbnail BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.asset, OLD.picture) WHERE name = 'thumbnail'; END;
