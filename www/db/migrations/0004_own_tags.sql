-- The library, version 4: own taggers, their versions and trainings, and what they learn from. docs/formats/library.md; `user_version = 4` is set
-- by whoever applies it. What the version of an own tagger found is a run of kind 'head': its tagger is `own_tagger.id`, its version `head.number`.

-- A tagger that a person teaches. `id`: the same in files of its heads. `is_used`: whether it tags. `settings`: JSON of whoever teaches it.
-- `removed_ms`: neither it nor what it found shows, and it can be put back.
CREATE TABLE own_tagger (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, settings TEXT NOT NULL, is_used INTEGER NOT NULL DEFAULT 1 CHECK (is_used IN (0, 1)),
    made_ms INTEGER NOT NULL, removed_ms INTEGER) STRICT;

-- A version of it. `tags`: JSON, each with its threshold. `file`: JSON, docs/formats/head.md. `report`: JSON of its training.
CREATE TABLE head (
    id INTEGER PRIMARY KEY, own_tagger TEXT NOT NULL REFERENCES own_tagger (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    title TEXT NOT NULL, comment TEXT NOT NULL, seed INTEGER NOT NULL, backbone TEXT NOT NULL, made_ms INTEGER NOT NULL,
    n_examples INTEGER NOT NULL, tags TEXT NOT NULL, file TEXT NOT NULL, report TEXT,
    is_in_use INTEGER NOT NULL DEFAULT 0 CHECK (is_in_use IN (0, 1)), UNIQUE (own_tagger, number)) STRICT;
CREATE UNIQUE INDEX head_in_use ON head (own_tagger) WHERE is_in_use = 1;

-- A training, written before it begins. `number`: of the version that it makes; none is given twice. `tab`: who trains, until it has ended.
-- Ended with neither failure nor head, it was cancelled.
CREATE TABLE training (
    id INTEGER PRIMARY KEY, own_tagger TEXT NOT NULL REFERENCES own_tagger (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    begun_ms INTEGER NOT NULL, ended_ms INTEGER, reason TEXT NOT NULL CHECK (reason IN ('person', 'weekly', 'after_n', 'import')),
    title TEXT NOT NULL, comment TEXT NOT NULL, tab TEXT, failure_code TEXT, failure_detail TEXT, UNIQUE (own_tagger, number)) STRICT;

-- The embedding of a flip or crop of an asset; the picture's own is in `embedding`.
CREATE TABLE view (
    asset INTEGER NOT NULL REFERENCES asset (id), backbone TEXT NOT NULL, name TEXT NOT NULL, scale REAL NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (asset, backbone, name)) STRICT;

-- What the network saw of an asset that something was learnt from: WebP or JPEG.
CREATE TABLE square (asset INTEGER PRIMARY KEY REFERENCES asset (id), picture BLOB NOT NULL) STRICT;

INSERT INTO ledger (name, n, sum) VALUES
    ('own_tagger', 0, 0),
    ('head', 0, 0),
    ('training', 0, 0),
    ('view', 0, 0),
    ('square', 0, 0);

CREATE TRIGGER own_tagger_ai AFTER INSERT ON own_tagger BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.id, NEW.name, NEW.settings, NEW.is_used, NEW.made_ms, NEW.removed_ms) WHERE name = 'own_tagger'; END;
CREATE TRIGGER own_tagger_au AFTER UPDATE ON own_tagger BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.id, NEW.name, NEW.settings, NEW.is_used, NEW.made_ms, NEW.removed_ms)
        - crc32(OLD.id, OLD.name, OLD.settings, OLD.is_used, OLD.made_ms, OLD.removed_ms) WHERE name = 'own_tagger'; END;
CREATE TRIGGER own_tagger_ad AFTER DELETE ON own_tagger BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.id, OLD.name, OLD.settings, OLD.is_used, OLD.made_ms, OLD.removed_ms) WHERE name = 'own_tagger'; END;

CREATE TRIGGER head_ai AFTER INSERT ON head BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.id, NEW.own_tagger, NEW.number, NEW.title, NEW.comment, NEW.seed, NEW.backbone, NEW.made_ms, NEW.n_examples, NEW.tags, NEW.file, NEW.report, NEW.is_in_use) WHERE name = 'head'; END;
CREATE TRIGGER head_au AFTER UPDATE ON head BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.id, NEW.own_tagger, NEW.number, NEW.title, NEW.comment, NEW.seed, NEW.backbone, NEW.made_ms, NEW.n_examples, NEW.tags, NEW.file, NEW.report, NEW.is_in_use)
        - crc32(OLD.id, OLD.own_tagger, OLD.number, OLD.title, OLD.comment, OLD.seed, OLD.backbone, OLD.made_ms, OLD.n_examples, OLD.tags, OLD.file, OLD.report, OLD.is_in_use) WHERE name = 'head'; END;
CREATE TRIGGER head_ad AFTER DELETE ON head BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.id, OLD.own_tagger, OLD.number, OLD.title, OLD.comment, OLD.seed, OLD.backbone, OLD.made_ms, OLD.n_examples, OLD.tags, OLD.file, OLD.report, OLD.is_in_use) WHERE name = 'head'; END;

CREATE TRIGGER training_ai AFTER INSERT ON training BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.id, NEW.own_tagger, NEW.number, NEW.begun_ms, NEW.ended_ms, NEW.reason, NEW.title, NEW.comment, NEW.tab, NEW.failure_code, NEW.failure_detail) WHERE name = 'training'; END;
CREATE TRIGGER training_au AFTER UPDATE ON training BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.id, NEW.own_tagger, NEW.number, NEW.begun_ms, NEW.ended_ms, NEW.reason, NEW.title, NEW.comment, NEW.tab, NEW.failure_code, NEW.failure_detail)
        - crc32(OLD.id, OLD.own_tagger, OLD.number, OLD.begun_ms, OLD.ended_ms, OLD.reason, OLD.title, OLD.comment, OLD.tab, OLD.failure_code, OLD.failure_detail) WHERE name = 'training'; END;
CREATE TRIGGER training_ad AFTER DELETE ON training BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.id, OLD.own_tagger, OLD.number, OLD.begun_ms, OLD.ended_ms, OLD.reason, OLD.title, OLD.comment, OLD.tab, OLD.failure_code, OLD.failure_detail) WHERE name = 'training'; END;

CREATE TRIGGER view_ai AFTER INSERT ON view BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.asset, NEW.backbone, NEW.name, NEW.scale, NEW.vector) WHERE name = 'view'; END;
CREATE TRIGGER view_au AFTER UPDATE ON view BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.asset, NEW.backbone, NEW.name, NEW.scale, NEW.vector)
        - crc32(OLD.asset, OLD.backbone, OLD.name, OLD.scale, OLD.vector) WHERE name = 'view'; END;
CREATE TRIGGER view_ad AFTER DELETE ON view BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.asset, OLD.backbone, OLD.name, OLD.scale, OLD.vector) WHERE name = 'view'; END;

CREATE TRIGGER square_ai AFTER INSERT ON square BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.asset, NEW.picture) WHERE name = 'square'; END;
CREATE TRIGGER square_au AFTER UPDATE ON square BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.asset, NEW.picture)
        - crc32(OLD.asset, OLD.picture) WHERE name = 'square'; END;
CREATE TRIGGER square_ad AFTER DELETE ON square BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.asset, OLD.picture) WHERE name = 'square'; END;
