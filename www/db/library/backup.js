/**
 * A backup: the database as one file, compact, with the thumbnails on wish.
 * @import { Library } from "./library.js"
 * @import { Place } from "./place.js"
 */
import putSetting from "../queries/put_setting.sql";
import { sizeOf } from "./orphans.js";
import { SQLITE_TYPE, TEMPORARY } from "./place.js";
import { thumbnailBytes } from "./thumbnail_sizes.js";

const BACKUP = TEMPORARY.backup;
/** Of the file in memory at a time; the browser keeps what is given to a Blob where it likes. */
const CHUNK_BYTES = 4 * 2 ** 20;
/** With its row. */
const THUMBNAIL_OVERHEAD = 60;

/** @param {Library} library @param {boolean} thumbnails @returns {Promise<number>} about how many bytes the file will have */
export async function backupSize(library, thumbnails) {
    const { db } = library;
    const database = sizeOf(db) - db.number("PRAGMA freelist_count") * db.number("PRAGMA page_size");
    return Math.round(database + (thumbnails ? await thumbnailBytes(library, THUMBNAIL_OVERHEAD) : 0));
}

/** @param {Library} library @param {Place} place @param {boolean} withThumbnails @returns {Promise<Blob>} */
export async function makeBackup(library, place, withThumbnails) {
    place.unlink(BACKUP);
    try {
        library.db.run("VACUUM INTO ?1", [BACKUP]);
        return await contentWith(library, place.open(BACKUP), withThumbnails);
    } finally {
        place.unlink(BACKUP); // also what there was no room for
    }
}

/** @param {Library} library @param {import("./database.js").Database} copy @param {boolean} withThumbnails */
async function contentWith(library, copy, withThumbnails) {
    try {
        copy.run(putSetting, ["backup_made_ms", String(Date.now())]);
        if (withThumbnails) await fillThumbnails(library, copy);
        return contentOf(copy);
    } finally {
        copy.close();
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
    return new Blob(parts, { type: SQLITE_TYPE });
}
