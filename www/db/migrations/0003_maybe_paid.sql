-- The library, version 3: a file that failed says whether asking again may cost a second time. docs/formats/library.md; `user_version = 3` is set
-- by whoever applies it.

DROP TRIGGER awaited_ai;
DROP TRIGGER awaited_au;
DROP TRIGGER awaited_ad;

ALTER TABLE awaited ADD COLUMN is_maybe_paid INTEGER NOT NULL DEFAULT 0 CHECK (is_maybe_paid IN (0, 1) AND (is_maybe_paid = 0 OR failure_code IS NOT NULL));

-- Before, it was told from the code. Of those that can be both, nobody knows any more: in doubt a person is warned.
UPDATE awaited SET is_maybe_paid = 1 WHERE failure_code IN ('provider_answer_lost', 'provider_timed_out', 'provider_answer_unreadable',
    'provider_unreachable', 'provider_blocked', 'provider_picture_refused', 'provider_request_refused');

CREATE TRIGGER awaited_ai AFTER INSERT ON awaited BEGIN
    UPDATE ledger SET n = n + 1, sum = sum + crc32(NEW.run, NEW.file, NEW.position, NEW.request, NEW.failure_code, NEW.failure_detail, NEW.is_maybe_paid) WHERE name = 'awaited'; END;
CREATE TRIGGER awaited_au AFTER UPDATE ON awaited BEGIN
    UPDATE ledger SET sum = sum + crc32(NEW.run, NEW.file, NEW.position, NEW.request, NEW.failure_code, NEW.failure_detail, NEW.is_maybe_paid)
        - crc32(OLD.run, OLD.file, OLD.position, OLD.request, OLD.failure_code, OLD.failure_detail, OLD.is_maybe_paid) WHERE name = 'awaited'; END;
CREATE TRIGGER awaited_ad AFTER DELETE ON awaited BEGIN
    UPDATE ledger SET n = n - 1, sum = sum - crc32(OLD.run, OLD.file, OLD.position, OLD.request, OLD.failure_code, OLD.failure_detail, OLD.is_maybe_paid) WHERE name = 'awaited'; END;

UPDATE ledger SET sum = (SELECT coalesce(sum(crc32(run, file, position, request, failure_code, failure_detail, is_maybe_paid)), 0) FROM awaited)
WHERE name = 'awaited';
