/**
 * A backup comes back, whole or not at all: it is copied beside the library, checked, and only then takes its place, in one transaction.
 * @import { BackupFacts } from "../protocol.js"
 * @import { Database } from "./database.js"
 * @import { Place } from "./place.js"
 * @import { Sqlite } from "./sqlite.d.ts"
 * @import { Thumbnails } from "./thumbnails.js"
 */
import { CodedError } from "../../core/protocol.js";
import { checkLibrary } from "./checks.js";
import { closeAll } from "./lost_requests.js";
import { identify, migrate } from "./opening.js";
import { hashesIn, shrink } from "./orphans.js";
import { TEMPORARY, refuse } from "./place.js";
import { codeOf } from "./refusals.js";

const INCOMING = TEMPORARY.incoming;
/** Of a picture of at most 256 px; whatever is larger is none. */
const MAX_THUMBNAIL_BYTES = 2 ** 20;
const DONE = 101;

/**
 * What `take` makes of the checked backup, which is gone afterwards.
 * @template T
 * @param {Sqlite} sqlite @param {Place} place @param {Blob} file @param {(incoming: Database) => T | Promise<T>} take @returns {Promise<T>}
 */
async function withBackup(sqlite, place, file, take) {
    await checkFile(file);
    try {
        const incoming = await place.import(file, INCOMING);
        try {
            checkLibrary(sqlite, incoming);
            return await take(incoming);
        } finally {
            incoming.close();
        }
    } finally {
        place.unlink(INCOMING);
    }
}

/** What SQLite itself would not say in these words, or not at all. @param {Blob} file @throws library_damaged */
async function checkFile(file) {
    const head = new Uint8Array(await file.slice(0, 100).arrayBuffer());
    if (new TextDecoder("latin1").decode(head.subarray(0, 16)) !== "SQLite format 3\0")
        throw new CodedError("library_damaged", "This file is no backup of Tagsmith, or its beginning is damaged.");
    // Read and written with a rollback journal: what is written ahead would lie in another file.
    if (head[18] !== 1 || head[19] !== 1 || file.size % 512 !== 0)
        throw new CodedError("library_damaged", "This backup is not whole. Take another copy of it.");
}

/** @param {Sqlite} sqlite @param {Place} place @param {Blob} file @returns {Promise<BackupFacts>} */
export const inspectBackup = (sqlite, place, file) =>
    withBackup(sqlite, place, file, (incoming) => ({
        collections: incoming.all(
            "SELECT name, (SELECT count(*) FROM file WHERE collection = c.id AND removed_ms IS NULL) FROM collection AS c ORDER BY opened_ms DESC, id DESC",
            [],
            (row) => ({ name: row.text(0), n_files: row.int(1) }),
        ),
        n_files: incoming.number("SELECT count(*) FROM file WHERE removed_ms IS NULL"),
        n_corrections: incoming.number("SELECT count(*) FROM correction"),
        has_thumbnails: incoming.number("SELECT EXISTS (SELECT 1 FROM thumbnail)") === 1,
        bytes: file.size,
        made_ms: incoming.first("SELECT value FROM setting WHERE name = 'backup_made_ms'", [], (row) =>
            Number(row.text(0)),
        ),
    }));

/** @param {Sqlite} sqlite @param {Place} place @param {Blob} file @param {Thumbnails} thumbnails @param {() => Database} target what it is written over @param {() => void} onTaken as `takePlace` has it */
export const restoreBackup = (sqlite, place, file, thumbnails, target, onTaken) =>
    withBackup(sqlite, place, file, async (incoming) => {
        migrate(incoming);
        closeAll(incoming);
        identify(incoming); // it may be a backup of this very library, from before
        await takeThumbnails(incoming, thumbnails);
        await takePlace(sqlite, incoming, target(), thumbnails, onTaken);
    });

/** The one is the library from now on. @param {Sqlite} sqlite @param {Database} from @param {Database} library @param {Thumbnails} thumbnails @param {() => void} onTaken in the same breath: it is there, whatever comes after */
export async function takePlace(sqlite, from, library, thumbnails, onTaken) {
    copy(sqlite, from, library);
    onTaken();
    await thumbnails.keepOnly((folder) => hashesIn(from, folder)).catch(() => {}); // one that is being written stays
}

/** Out of the database, into their folder. @param {Database} incoming @param {Thumbnails} thumbnails */
async function takeThumbnails(incoming, thumbnails) {
    const all = incoming.all("SELECT asset FROM thumbnail", [], (row) => row.real(0));
    const query =
        "SELECT lower(hex(a.sha256)), t.picture FROM thumbnail AS t JOIN asset AS a ON a.id = t.asset WHERE t.asset = ?1 AND length(t.picture) <= ?2";
    for (const asset of all) {
        const found = incoming.first(query, [asset, MAX_THUMBNAIL_BYTES], (row) => ({
            sha256: row.text(0),
            bytes: row.bytes(1).slice(),
        }));
        const type = found && pictureType(found.bytes);
        if (type) await thumbnails.put(found.sha256, new Blob([found.bytes], { type })).catch(refuse);
    }
    incoming.run("DELETE FROM thumbnail");
    shrink(incoming);
}

/** Of WebP, JPEG and PNG; null for what is no thumbnail of ours. @param {Uint8Array} bytes */
function pictureType(bytes) {
    const begin = String.fromCharCode(...bytes.subarray(0, 12));
    if (begin.startsWith("RIFF") && begin.endsWith("WEBP")) return "image/webp";
    if (begin.startsWith("\xff\xd8\xff")) return "image/jpeg";
    return begin.startsWith("\x89PNG\r\n\x1a\n") ? "image/png" : null;
}

/** Every page, in one transaction of the target's. @param {Sqlite} sqlite @param {Database} from @param {Database} to */
function copy({ capi }, from, to) {
    const backup = capi.sqlite3_backup_init(to.pointer, "main", from.pointer, "main");
    if (!backup) throw new CodedError("store_failed", "The library could not be replaced: it is in use.");
    const done = capi.sqlite3_backup_step(backup, -1);
    const finished = capi.sqlite3_backup_finish(backup);
    if (done !== DONE || finished !== 0)
        throw new CodedError(codeOf(done) ?? "store_failed", `The library is what it was (${done}, ${finished}).`);
}
