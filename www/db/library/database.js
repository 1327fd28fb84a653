/**
 * One connection to SQLite: statements prepared once, transactions, and rows read without an object for each.
 * @import { Connection, Sqlite, Statement, Value } from "./sqlite.d.ts"
 */
import { CodedError } from "../../core/protocol.js";
import { addCrc32 } from "./crc32.js";
import { addIsText } from "./is_text.js";

/** Larger than SQLite's: a row with an embedding fits into a quarter of one, and a file takes fewer reads. */
export const PAGE_SIZE = 8192;

/** Steps between two looks at how many are left; and far more than any value of a library has. */
const STEPS_AT_ONCE = 10_000;
const MAX_VALUE_BYTES = 64 * 2 ** 20;

const ROW = 100;
const DONE = 101;

/** What SQLite's result codes mean here; all others are a defect of ours. @type {Record<number, string>} */
const CODES = {
    9: "library_damaged", // only `limitSteps` interrupts
    10: "storage_full",
    11: "library_damaged",
    13: "storage_full",
    18: "library_damaged", // longer than any value that was written
    24: "library_damaged",
    26: "library_damaged",
};

export class Database {
    #sqlite;
    #db;
    /** @type {Map<string, {statement: Statement, row: Row}>} */
    #statements = new Map();
    #isInTransaction = false;
    /** @type {(() => void)[]} */
    #onRollback = [];

    /** @param {Sqlite} sqlite @param {Connection} db @param {number} [maxSteps] of SQLite's machine, all together */
    constructor(sqlite, db, maxSteps = 0) {
        this.#sqlite = sqlite;
        this.#db = db;
        if (maxSteps > 0) limitSteps(sqlite, db, maxSteps);
        addCrc32(sqlite, db);
        addIsText(sqlite, db);
        // A schema that a stranger wrote may call nothing that reaches outside.
        this.exec("PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;");
    }

    get pointer() {
        return this.#db.pointer;
    }

    /** Statements that answer nothing. @param {string} sql */
    exec(sql) {
        this.#said(() => this.#db.exec(sql));
    }

    /** How many rows it wrote. @param {string} sql @param {readonly Value[]} [values] */
    run(sql, values = []) {
        this.each(sql, values, () => {});
        return this.#db.changes();
    }

    /**
     * Calls `take` with each row; what the row gives holds until the next one.
     * @param {string} sql @param {readonly Value[]} values @param {(row: Row) => void | boolean} take false ends it
     */
    each(sql, values, take) {
        this.#said(() => {
            const { statement, row } = this.#prepared(sql);
            const { pointer } = statement;
            const { exports } = this.#sqlite.wasm;
            try {
                values.forEach((value, idx) => {
                    // A call of SQLite's own costs a tenth of the one that looks at the type first.
                    if (typeof value === "number" && value === (value | 0))
                        exports.sqlite3_bind_int(pointer, idx + 1, value);
                    else statement.bind(idx + 1, value);
                });
                for (let code = ROW; (code = exports.sqlite3_step(pointer)) !== DONE; ) {
                    if (code !== ROW) this.#sqlite.oo1.DB.checkRc(this.#db, code);
                    if (take(row) === false) break;
                }
            } finally {
                exports.sqlite3_reset(pointer);
            }
        });
    }

    /**
     * @template T
     * @param {string} sql @param {readonly Value[]} values @param {(row: Row) => T} make @returns {T[]}
     */
    all(sql, values, make) {
        /** @type {T[]} */
        const rows = [];
        this.each(sql, values, (row) => void rows.push(make(row)));
        return rows;
    }

    /**
     * The first row, null where there is none.
     * @template T
     * @param {string} sql @param {readonly Value[]} values @param {(row: Row) => T} make @returns {T | null}
     */
    first(sql, values, make) {
        /** @type {T | null} */
        let found = null;
        this.each(sql, values, (row) => {
            found = make(row);
            return false;
        });
        return found;
    }

    /** The number in the first column of the first row, 0 where there is none. @param {string} sql @param {readonly Value[]} [values] */
    number(sql, values = []) {
        return this.first(sql, values, (row) => row.real(0)) ?? 0;
    }

    /**
     * All of it or nothing. One inside another is part of that.
     * @template T
     * @param {() => T} write @returns {T}
     */
    transaction(write) {
        if (this.#isInTransaction) return write();
        this.exec("BEGIN IMMEDIATE");
        this.#isInTransaction = true;
        try {
            const made = write();
            this.exec("COMMIT");
            return made;
        } catch (error) {
            for (const undo of this.#onRollback) undo();
            try {
                this.#db.exec("ROLLBACK");
            } catch {
                // SQLite has done it already: a full disk ends a transaction by itself.
            }
            throw error;
        } finally {
            this.#isInTransaction = false;
        }
    }

    /** What is remembered of the database beside it has to be forgotten with a transaction that failed. @param {() => void} undo */
    onRollback(undo) {
        this.#onRollback.push(undo);
    }

    close() {
        for (const { statement } of this.#statements.values()) statement.finalize();
        this.#statements.clear();
        this.#db.close();
    }

    /** @param {string} sql */
    #prepared(sql) {
        const known = this.#statements.get(sql);
        if (known) return known;
        const statement = this.#db.prepare(sql);
        const prepared = { statement, row: new Row(this.#sqlite, statement.pointer) };
        this.#statements.set(sql, prepared);
        return prepared;
    }

    /**
     * SQLite's errors by our codes.
     * @template T
     * @param {() => T} act @returns {T}
     */
    #said(act) {
        try {
            return act();
        } catch (thrown) {
            const error = /** @type {{resultCode?: number, message?: string}} */ (Object(thrown));
            const code = CODES[(error.resultCode ?? 0) & 0xff];
            throw code ? new CodedError(code, String(error.message)) : thrown;
        }
    }
}

/** A stranger's file of a few pages can have more rows than anybody waits for. @param {Sqlite} sqlite @param {Connection} db @param {number} maxSteps */
function limitSteps({ capi, wasm }, db, maxSteps) {
    let left = maxSteps;
    const isOver = () => ((left -= STEPS_AT_ONCE) < 0 ? 1 : 0);
    capi.sqlite3_progress_handler(db.pointer, STEPS_AT_ONCE, wasm.installFunction("i(i)", isOver), 0);
    capi.sqlite3_limit(db.pointer, capi.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES);
}

const decoder = new TextDecoder();
/** @type {Map<number, {bytes: Uint8Array, text: string}>} */
const words = new Map();
const MAX_WORDS = 100;

/** The row that a statement stands on, by the numbers of its columns. */
export class Row {
    #exports;
    #heap;
    #statement;

    /** @param {Sqlite} sqlite @param {number} statement */
    constructor({ wasm }, statement) {
        this.#exports = wasm.exports;
        this.#heap = () => wasm.heap8u();
        this.#statement = statement;
    }

    /** @param {number} column */
    isNull(column) {
        return this.#exports.sqlite3_column_type(this.#statement, column) === 5;
    }

    /** Up to 2³¹. @param {number} column @returns {number} */
    int(column) {
        return this.#exports.sqlite3_column_int(this.#statement, column);
    }

    /** Any number, exact up to 2⁵³. @param {number} column @returns {number} */
    real(column) {
        return this.#exports.sqlite3_column_double(this.#statement, column);
    }

    /** @param {number} column @returns {number | null} */
    realOrNull(column) {
        return this.isNull(column) ? null : this.real(column);
    }

    /** @param {number} column */
    text(column) {
        return decoder.decode(this.bytes(column));
    }

    /** A text that is one of a few: decoded once. @param {number} column */
    word(column) {
        const bytes = this.bytes(column);
        let key = bytes.length;
        for (const byte of bytes) key = (key * 31 + byte) | 0;
        const known = words.get(key);
        if (known && known.bytes.length === bytes.length && known.bytes.every((byte, idx) => byte === bytes[idx]))
            return known.text;
        const word = { bytes: bytes.slice(), text: decoder.decode(bytes) };
        if (words.size < MAX_WORDS) words.set(key, word);
        return word.text;
    }

    /** @param {number} column */
    textOrNull(column) {
        return this.isNull(column) ? null : this.text(column);
    }

    /** Of a blob or a text, where they lie: to be copied before the next row. @param {number} column */
    bytes(column) {
        const from = this.#exports.sqlite3_column_blob(this.#statement, column);
        const length = this.#exports.sqlite3_column_bytes(this.#statement, column);
        return this.#heap().subarray(from, from + length);
    }
}
