-- The library, version 2: other taggers (providers), what they were asked, and texts beside tags. docs/formats/library.md; `user_version = 2` is set
-- by whoever applies it. A job is a run of kind 'provider' that was neither ended nor undone.

-- One request to another tagger, written before it is sent. `purpose`: 'tag' (pictures of a run), 'try', 'check' (of a set-up) or 'token'.
-- `n_units`: what the provider bills for, as far as is known; of these `n_billed` surely and `n_maybe` perhaps. `tab`: who waits for the answer,
-- until it has ended. `outcome`: 'answered', 'refused' (by an answer), 'unreached' (it never left) or 'lost' (sent, and no answer).
CREATE TABLE request (
    id INTEGER PRIMARY KEY, run INTEGER REFERENCES run (id), purpose TEXT NOT NULL CHECK (purpose IN ('tag', 'try', 'check', 'token')),
    provider TEXT NOT NULL, host TEXT NOT NULL, n_pictures INTEGER NOT NULL, n_units INTEGER NOT NULL, n_bytes INTEGER NOT NULL,
    sent_ms INTEGER NOT NULL, tab TEXT, ended_ms INTEGER, status INTEGER,
    outcome TEXT CHECK (outcome IN ('answered', 'refused', 'unreached', 'lost')),
    n_billed INTEGER NOT NULL DEFAULT 0, n_maybe INTEGER NOT NULL DEFAULT 0, detail TEXT) STRICT;
CREATE INDEX request_open ON request (id) WHERE ended_ms IS NULL;

-- A file of a job that has no answer yet. `request`: the one that it is in now. One that failed stays until it is asked again or given up.
CREATE TABLE awaited (
    run INTEGER NOT NULL REFERENCES run (id), file INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE, position INTEGER NOT NULL,
    request INTEGER REFERENCES request (id), failure_code TEXT, failure_detail TEXT, PRIMARY KEY (run, file)) STRICT, WITHOUT ROWID;
CREATE INDEX awaited_file ON awaited (file);
CREATE INDEX awaited_request ON awaited (request);

-- What a run says of an asset in words; beside its tagging, which is there even without a tag.
CREATE TABLE found_text (
    asset INTEGER NOT NULL REFERENCES asset (id), run INTEGER NOT NULL REFERENCES run (id),
    field TEXT NOT NULL CHECK (field IN ('title', 'description', 'alt_text')), language TEXT, text TEXT NOT NULL,
    PRIMARY KEY (asset, run, field)) STRICT;

-- What a person wrote of a file, which always wins; '' where none is wanted.
CREATE TABLE given_text (
    file INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE, field TEXT NOT NULL CHECK (field IN ('title', 'description', 'alt_text')),
    text TEXT NOT NULL, said_ms INTEGER NOT NULL, PRIMARY KEY (file, field)) STRICT;

INSERT INTO ledger (name, n, sum) VALUES
    ('request', 0, 0),
    ('awaited', 0, 0),
    ('found_text', 0, 0),
    ('given_text', 0, 0);

CREATE TRIGGER request_ai AFTER INSERT ON request BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.id, NEW.run, NEW.purpose, NEW.provider, NEW.host, NEW.n_pictures, NEW.n_units, NEW.n_bytes, NEW.sent_ms, NEW.tab, NEW.ended_ms, NEW.status, NEW.outcome, NEW.n_billed, NEW.n_maybe, NEW.detail) WHERE name = 'request'; END;
CREATE TRIGGER request_au AFTER UPDATE ON request BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.id, NEW.run, NEW.purpose, NEW.provider, NEW.host, NEW.n_pictures, NEW.n_units, NEW.n_bytes, NEW.sent_ms, NEW.tab, NEW.ended_ms, NEW.status, NEW.outcome, NEW.n_billed, NEW.n_maybe, NEW.detail)
        - crc32(OLD.id, OLD.run, OLD.purpose, OLD.provider, OLD.host, OLD.n_pictures, OLD.n_units, OLD.n_bytes, OLD.sent_ms, OLD.tab, OLD.ended_ms, OLD.status, OLD.outcome, OLD.n_billed, OLD.n_maybe, OLD.detail) WHERE name = 'request'; END;
CREATE TRIGGER request_ad AFTER DELETE ON request BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.id, OLD.run, OLD.purpose, OLD.provider, OLD.host, OLD.n_pictures, OLD.n_units, OLD.n_bytes, OLD.sent_ms, OLD.tab, OLD.ended_ms, OLD.status, OLD.outcome, OLD.n_billed, OLD.n_maybe, OLD.detail) WHERE name = 'request'; END;

CREATE TRIGGER awaited_ai AFTER INSERT ON awaited BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.run, NEW.file, NEW.position, NEW.request, NEW.failure_code, NEW.failure_detail) WHERE name = 'awaited'; END;
CREATE TRIGGER awaited_au AFTER UPDATE ON awaited BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.run, NEW.file, NEW.position, NEW.request, NEW.failure_code, NEW.failure_detail)
        - crc32(OLD.run, OLD.file, OLD.position, OLD.request, OLD.failure_code, OLD.failure_detail) WHERE name = 'awaited'; END;
CREATE TRIGGER awaited_ad AFTER DELETE ON awaited BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.run, OLD.file, OLD.position, OLD.request, OLD.failure_code, OLD.failure_detail) WHERE name = 'awaited'; END;

CREATE TRIGGER found_text_ai AFTER INSERT ON found_text BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.asset, NEW.run, NEW.field, NEW.language, NEW.text) WHERE name = 'found_text'; END;
CREATE TRIGGER found_text_au AFTER UPDATE ON found_text BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.asset, NEW.run, NEW.field, NEW.language, NEW.text)
        - crc32(OLD.asset, OLD.run, OLD.field, OLD.language, OLD.text) WHERE name = 'found_text'; END;
CREATE TRIGGER found_text_ad AFTER DELETE ON found_text BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.asset, OLD.run, OLD.field, OLD.language, OLD.text) WHERE name = 'found_text'; END;

CREATE TRIGGER given_text_ai AFTER INSERT ON given_text BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.file, NEW.field, NEW.text, NEW.said_ms) WHERE name = 'given_text'; END;
CREATE TRIGGER given_text_au AFTER UPDATE ON given_text BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.file, NEW.field, NEW.text, NEW.said_ms)
        - crc32(OLD.file, OLD.field, OLD.text, OLD.said_ms) WHERE name = 'given_text'; END;
CREATE TRIGGER given_text_ad AFTER DELETE ON given_text BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.file, OLD.field, OLD.text, OLD.said_ms) WHERE name = 'given_text'; END;
