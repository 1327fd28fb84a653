/**
 * Keeps the one library of a worker: opens it, makes it anew, puts a backup in its place. A library that cannot be opened is told of with
 * every call, and can still be replaced.
 * @import { Change, StoreStart } from "../protocol.js"
 * @import { Database } from "./database.js"
 * @import { Sqlite } from "./sqlite.d.ts"
 * @import { Place } from "./place.js"
 * @import { Thumbnails } from "./thumbnails.js"
 */
import { DATABASE, THUMBNAILS } from "../paths.js";
import { makeBackup } from "./backup.js";
import { Library } from "./library.js";
import { migrate } from "./opening.js";
import { hashesIn } from "./orphans.js";
import { TEMPORARY, findPlace } from "./place.js";
import { withRescued } from "./rescue.js";
import { inspectBackup, restoreBackup, takePlace } from "./restore.js";
import { Recorder } from "./results.js";
import { memoryThumbnails, storedThumbnails } from "./thumbnails.js";

const LIBRARY = "/library.db";
const MEMORY = ":memory:";

export class Keeper {
    #sqlite;
    #place;
    #thumbnails;
    #announce;
    /** Of a library that was begun before it is made here. @type {string | undefined} */
    #newId;
    /** @type {Database | null} */
    #db = null;
    /** @type {Promise<unknown>} */
    #last = Promise.resolve();
    /** Filled by a backup, and not yet in its place. @type {Database | null} */
    #restored = null;
    /** @type {{library: Library, recorder: Recorder} | null} */
    #opened = null;

    /** @param {Sqlite} sqlite @param {Place} place @param {Thumbnails} thumbnails @param {(change: Change) => void} announce @param {string} [newId] */
    constructor(sqlite, place, thumbnails, announce, newId) {
        this.#sqlite = sqlite;
        this.#place = place;
        this.#thumbnails = thumbnails;
        this.#announce = announce;
        this.#newId = newId;
    }

    get place() {
        return this.#place;
    }

    /** To be called first: there must be room for the files themselves. @throws storage_full */
    async prepare() {
        if (!this.#db) await this.#place.makeRoom();
    }

    /** @throws library_newer, library_damaged */
    get opened() {
        if (this.#opened) return this.#opened;
        const db = this.#open();
        migrate(db, this.#newId);
        this.#newId = undefined;
        const library = new Library(db, this.#thumbnails, (by, changed) => this.#announce({ by, ...changed }));
        this.#opened = { library, recorder: new Recorder(library) };
        return this.#opened;
    }

    /** Everything that is kept is gone. @param {string} by */
    startAnew(by) {
        return this.#inTurn(async () => {
            this.#drop();
            await this.#thumbnails.keepOnly(() => new Set());
            this.#announce({ by, is_replaced: true });
            return null;
        });
    }

    /** @param {boolean} withThumbnails */
    backup(withThumbnails) {
        return this.#inTurn(() => makeBackup(this.opened.library, this.#place, withThumbnails));
    }

    /** @param {Blob} file */
    inspect(file) {
        return this.#inTurn(() => inspectBackup(this.#sqlite, this.#place, file));
    }

    /** @param {Blob} file @param {string} by */
    restore(file, by) {
        return this.#inTurn(() => this.#restore(file, by));
    }

    /** Thumbnails that nobody has any more, of a delete or a restore that was cut off. @param {import("./thumbnails.js").Sweep} sweep */
    sweep(sweep) {
        return this.#thumbnails.keepOnly((folder) => hashesIn(this.opened.library.db, folder), sweep);
    }

    /** The library's file as it is, to be kept by a person before it is replaced. */
    copyOfFile() {
        return this.#inTurn(async () => this.#place.contentOf(LIBRARY));
    }

    /** What would be left of the library after a rescue; nothing is changed. */
    inspectRescue() {
        return this.#inTurn(() => this.#withRescued((_, facts) => facts));
    }

    /** What can be read of the library takes its place. @param {string} by */
    rescue(by) {
        return this.#inTurn(async () => {
            const taken = () => this.#replaced(by);
            await this.#withRescued((rescued) =>
                takePlace(this.#sqlite, rescued, this.#target(), this.#thumbnails, taken),
            );
            return null;
        });
    }

    /**
     * Another connection reads the file, which this one lets go of meanwhile.
     * @template T
     * @param {Parameters<typeof withRescued<T>>[3]} take
     */
    async #withRescued(take) {
        if (this.#opened) this.#db?.exec("PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema;");
        else this.#close();
        try {
            return await withRescued(this.#sqlite, this.#place, LIBRARY, take);
        } finally {
            this.#db?.exec("PRAGMA locking_mode = EXCLUSIVE");
        }
    }

    /**
     * They use files of the same names, so one waits for the other.
     * @template T
     * @param {() => Promise<T>} act @returns {Promise<T>}
     */
    #inTurn(act) {
        const done = this.#last.then(act);
        this.#last = done.catch(() => {});
        return done;
    }

    /** @param {Blob} file @param {string} by */
    async #restore(file, by) {
        const [target, taken] = [() => this.#target(), () => this.#replaced(by)];
        try {
            await restoreBackup(this.#sqlite, this.#place, file, this.#thumbnails, target, taken);
        } catch (error) {
            await this.#dropStrangers().catch(() => {}); // without a library there is none to keep them for
            throw error;
        }
        return null;
    }

    /** Another library is in the place of the one before. @param {string} by */
    #replaced(by) {
        this.#forget();
        if (this.#restored) {
            this.#db?.close();
            this.#db = this.#restored;
            this.#restored = null;
        }
        this.#announce({ by, is_replaced: true });
    }

    /** Thumbnails that a backup has brought and that are not to stay. */
    async #dropStrangers() {
        const { db } = this.opened.library;
        await this.#thumbnails.keepOnly((folder) => hashesIn(db, folder));
    }

    /** What a backup is written over: the library, or an empty one where it is of no use any more. */
    #target() {
        // What is in memory has no journal to go back to: so another one is filled.
        if (this.#place.isMemory) return (this.#restored = this.#place.open(MEMORY));
        try {
            return this.#open();
        } catch {
            this.#drop();
            return this.#open();
        }
    }

    #open() {
        this.#db ??= this.#place.open(this.#place.isMemory ? MEMORY : LIBRARY);
        return this.#db;
    }

    /** Ids mean other things from now on: what was still to be written is refused. */
    #forget() {
        this.#opened?.recorder.end();
        this.#opened = null;
    }

    /** What comes after it is no library that was begun before. */
    #drop() {
        this.#close();
        this.#place.unlink(LIBRARY);
        this.#newId = undefined;
    }

    #close() {
        this.#forget();
        this.#db?.close();
        this.#db = null;
    }
}

/** @param {Sqlite} sqlite @param {StoreStart} start @param {(change: Change) => void} announce */
export async function makeKeeper(sqlite, { directory, reason, beginning }, announce) {
    const place = await findPlace(sqlite, directory && `${directory}/${DATABASE}`, reason);
    for (const name of Object.values(TEMPORARY)) place.unlink(name); // of a worker that was killed
    const thumbnails = place.isMemory
        ? memoryThumbnails()
        : storedThumbnails(await folder(`${directory}/${THUMBNAILS}`));
    return new Keeper(sqlite, place, thumbnails, announce, beginning?.library);
}

/** In the browser's private file system. @param {string} path */
async function folder(path) {
    let handle = await navigator.storage.getDirectory();
    for (const name of path.split("/")) handle = await handle.getDirectoryHandle(name, { create: true });
    return handle;
}
