/**
 * A backup: the database as one file, compact, with the thumbnails on wish.
 * @import { Library } from "./library.js"
 * @import { Place } from "./place.js"
 */
import putSetting from "../queries/put_setting.sql";
import { sizeOf } from "./orphans.js";

const BACKUP = "/backup.db";
/** Of the file in memory at a time; the browser keeps what is given to a Blob where it likes. */
const CHUNK_BYTES = 4 * 2 ** 20;
/** How many thumbnails are looked at to guess the size of all. */
const N_SAMPLED = 64;
/** With its row. */
const THUMBNAIL_OVERHEAD = 60;

/** @param {Library} library @param {boolean} thumbnails @returns {Promise<number>} about how many bytes the file will have */
export async function backupSize(library, thumbnails) {
    const { db } = library;
    const database = sizeOf(db) - db.number("PRAGMA freelist_count") * db.number("PRAGMA page_size");
    return Math.round(database + (thumbnails ? await thumbnailBytes(library, THUMBNAIL_OVERHEAD) : 0));
}

/** About how much the thumbnails take, by a sample. @param {Library} library @param {number} [each] added for each @returns {Promise<number>} */
export async function thumbnailBytes({ db, thumbnails }, each = 0) {
    const n = db.number("SELECT count(*) FROM asset");
    const step = Math.max(1, Math.floor(n / N_SAMPLED));
    const sample = db.all(
        "SELECT lower(hex(sha256)) FROM asset WHERE id % ?1 = 0 LIMIT ?2",
        [step, 2 * N_SAMPLED],
        (row) => row.text(0),
    );
    const sizes = await Promise.all(sample.map((sha256) => thumbnails.bytesOf(sha256)));
    const there = sizes.filter((size) => size > 0);
    if (sample.length === 0) return 0;
    const sum = there.reduce((sum, size) => sum + size + each, 0);
    return (sum / sample.length) * n;
}

/** @param {Library} library @param {Place} place @param {boolean} withThumbnails @returns {Promise<Blob>} */
export async function makeBackup(library, place, withThumbnails) {
    place.unlink(BACKUP);
    library.db.run("VACUUM INTO ?1", [BACKUP]);
    const copy = place.open(BACKUP);
    try {
        copy.run(putSetting, ["backup_made_ms", String(Date.now())]);
        if (withThumbnails) await fillThumbnails(library, copy);
        return contentOf(copy);
    } finally {
        copy.close();
        place.unlink(BACKUP);
    }
}

/** @param {Library} library @param {import("./database.js").Database} copy */
async function fillThumbnails({ thumbnails }, copy) {
    const assets = copy.all("SELECT id, lower(hex(sha256)) FROM asset", [], (row) => ({
        id: row.real(0),
        sha256: row.text(1),
    }));
    for (let first = 0; first < assets.length; first += 500) {
        const some = assets.slice(first, first + 500);
        const pictures = await Promise.all(
            some.map(async ({ id, sha256 }) => ({ id, bytes: await (await thumbnails.get(sha256))?.arrayBuffer() })),
        );
        copy.transaction(() => {
            for (const { id, bytes } of pictures)
                if (bytes)
                    copy.run("INSERT INTO thumbnail (asset, picture) VALUES (?1, ?2)", [id, new Uint8Array(bytes)]);
        });
    }
}

/** The file itself, page by page. @param {import("./database.js").Database} database @returns {Blob} */
function contentOf(database) {
    /** @type {Blob[]} */
    const parts = [];
    const chunk = new Uint8Array(CHUNK_BYTES);
    let length = 0;
    const flush = () => {
        parts.push(new Blob([chunk.subarray(0, length)]));
        length = 0;
    };
    database.each("SELECT data FROM sqlite_dbpage", [], (row) => {
        const page = row.bytes(0);
        if (length + page.length > chunk.length) flush();
        chunk.set(page, length);
        length += page.length;
    });
    flush();
    return new Blob(parts, { type: "application/vnd.sqlite3" });
}
