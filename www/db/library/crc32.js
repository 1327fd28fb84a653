/**
 * The SQL function `crc32(...)` of docs/formats/library.md: what the triggers add to the ledger. It reads its arguments where they lie in
 * SQLite's memory, because every row that is written goes through it.
 * @import { Connection, Sqlite } from "./sqlite.d.ts"
 *
 * @typedef {{readonly [at: number]: any}} Bytes
 */

/** Eight tables, so that eight bytes are taken at once. */
const [t0, t1, t2, t3, t4, t5, t6, t7] = makeTables();

function makeTables() {
    /** @type {any[]} */
    const tables = Array.from({ length: 8 }, () => new Int32Array(256));
    for (let n = 0; n < 256; n++) {
        let c = n;
        for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
        tables[0][n] = c;
    }
    for (let k = 1; k < 8; k++)
        for (let n = 0; n < 256; n++) {
            const c = tables[k - 1][n];
            tables[k][n] = tables[0][c & 0xff] ^ (c >>> 8);
        }
    return tables;
}

/** @param {number} crc as it stands, inverted @param {Bytes} bytes @param {number} from @param {number} to */
function add(crc, bytes, from, to) {
    let c = crc;
    let at = from;
    for (; at + 8 <= to; at += 8) {
        c ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
        c =
            t7[c & 0xff] ^
            t6[(c >>> 8) & 0xff] ^
            t5[(c >>> 16) & 0xff] ^
            t4[c >>> 24] ^
            t3[bytes[at + 4]] ^
            t2[bytes[at + 5]] ^
            t1[bytes[at + 6]] ^
            t0[bytes[at + 7]];
    }
    for (; at < to; at++) c = t0[(c ^ bytes[at]) & 0xff] ^ (c >>> 8);
    return c;
}

const scratch = new Uint8Array(9);
const view = new DataView(scratch.buffer);

/** @param {Sqlite} sqlite @param {Connection} db */
export function addCrc32({ capi, wasm }, db) {
    const { exports } = wasm;
    const { SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB } = capi;
    /** @param {number} context @param {number} n @param {number} values where their addresses are */
    const xFunc = (context, n, values) => {
        let crc = -1;
        for (let idx = 0; idx < n; idx++) {
            const value = wasm.peekPtr(values + 4 * idx);
            const type = exports.sqlite3_value_type(value);
            if (type === SQLITE_INTEGER) {
                scratch[0] = 1;
                view.setBigInt64(1, exports.sqlite3_value_int64(value), true);
                crc = add(crc, scratch, 0, 9);
            } else if (type === SQLITE_FLOAT) {
                scratch[0] = 2;
                view.setFloat64(1, exports.sqlite3_value_double(value), true);
                crc = add(crc, scratch, 0, 9);
            } else if (type === SQLITE_TEXT || type === SQLITE_BLOB) {
                const from = exports.sqlite3_value_blob(value);
                const length = exports.sqlite3_value_bytes(value);
                scratch[0] = type === SQLITE_TEXT ? 3 : 4;
                view.setUint32(1, length, true);
                crc = add(crc, scratch, 0, 5);
                crc = add(crc, wasm.heap8u(), from, from + length);
            } else {
                scratch[0] = 0;
                crc = add(crc, scratch, 0, 1);
            }
        }
        exports.sqlite3_result_int64(context, BigInt(~crc >>> 0));
    };
    const flags = capi.SQLITE_UTF8 | capi.SQLITE_DETERMINISTIC | capi.SQLITE_INNOCUOUS;
    // Handed over as it is: a plain function would get its arguments converted and copied.
    const pointer = wasm.installFunction("v(iii)", xFunc);
    capi.sqlite3_create_function_v2(db.pointer, "crc32", -1, flags, 0, pointer, 0, 0, 0);
}
