-- Of every data table: its rows, the sum of their CRC-32, and what the ledger says of both. They are the same, or the library is damaged.
SELECT counted.name, counted.n, counted.sum, ledger.n AS ledger_n, ledger.sum AS ledger_sum FROM (
    SELECT 'collection' AS name, count(*) AS n, coalesce(sum(crc32(id, name, folder, made_ms, opened_ms, view)), 0) AS sum FROM collection
    UNION ALL SELECT 'asset' AS name, count(*) AS n, coalesce(sum(crc32(id, sha256, size, width, height, format, is_incomplete, decoder, taken_ms)), 0) AS sum FROM asset
    UNION ALL SELECT 'file' AS name, count(*) AS n, coalesce(sum(crc32(id, collection, position, path, size, modified_ms, asset, state, failure_code, failure_detail, is_reviewed, removed_ms)), 0) AS sum FROM file
    UNION ALL SELECT 'tag' AS name, count(*) AS n, coalesce(sum(crc32(id, ref, name, language)), 0) AS sum FROM tag
    UNION ALL SELECT 'run' AS name, count(*) AS n, coalesce(sum(crc32(id, kind, tagger, version, pipeline, components, settings, begun_ms, ended_ms, undone_ms)), 0) AS sum FROM run
    UNION ALL SELECT 'tagging' AS name, count(*) AS n, coalesce(sum(crc32(asset, run, looks, timings, candidates, boxes, tagged_ms)), 0) AS sum FROM tagging
    UNION ALL SELECT 'embedding' AS name, count(*) AS n, coalesce(sum(crc32(asset, backbone, scale, vector)), 0) AS sum FROM embedding
    UNION ALL SELECT 'correction' AS name, count(*) AS n, coalesce(sum(crc32(file, tag, kind, is_in_bulk, position, said_ms)), 0) AS sum FROM correction
    UNION ALL SELECT 'step' AS name, count(*) AS n, coalesce(sum(crc32(id, key, params, kind, data, is_undone, done_ms)), 0) AS sum FROM step
    UNION ALL SELECT 'setting' AS name, count(*) AS n, coalesce(sum(crc32(name, value)), 0) AS sum FROM setting
    UNION ALL SELECT 'thumbnail' AS name, count(*) AS n, coalesce(sum(crc32(asset, picture)), 0) AS sum FROM thumbnail
    UNION ALL SELECT 'request' AS name, count(*) AS n, coalesce(sum(crc32(id, run, purpose, provider, host, n_pictures, n_units, n_bytes, sent_ms, tab, ended_ms, status, outcome, n_billed, n_maybe, detail)), 0) AS sum FROM request
    UNION ALL SELECT 'awaited' AS name, count(*) AS n, coalesce(sum(crc32(run, file, position, request, failure_code, failure_detail, is_maybe_paid)), 0) AS sum FROM awaited
    UNION ALL SELECT 'found_text' AS name, count(*) AS n, coalesce(sum(crc32(asset, run, field, language, text)), 0) AS sum FROM found_text
    UNION ALL SELECT 'given_text' AS name, count(*) AS n, coalesce(sum(crc32(file, field, text, said_ms)), 0) AS sum FROM given_text
    UNION ALL SELECT 'own_tagger' AS name, count(*) AS n, coalesce(sum(crc32(id, name, settings, is_used, made_ms, removed_ms)), 0) AS sum FROM own_tagger
    UNION ALL SELECT 'head' AS name, count(*) AS n, coalesce(sum(crc32(id, own_tagger, number, title, comment, seed, backbone, made_ms, n_examples, tags, file, report, is_in_use)), 0) AS sum FROM head
    UNION ALL SELECT 'training' AS name, count(*) AS n, coalesce(sum(crc32(id, own_tagger, number, begun_ms, ended_ms, reason, title, comment, tab, failure_code, failure_detail)), 0) AS sum FROM training
    UNION ALL SELECT 'view' AS name, count(*) AS n, coalesce(sum(crc32(asset, backbone, name, scale, vector)), 0) AS sum FROM view
    UNION ALL SELECT 'square' AS name, count(*) AS n, coalesce(sum(crc32(asset, picture)), 0) AS sum FROM square
) AS counted LEFT JOIN ledger ON ledger.name = counted.name ORDER BY counted.name;
