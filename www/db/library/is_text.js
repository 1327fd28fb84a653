/**
 * The SQL function `is_text(value)`: whether it is text that every program reads alike, UTF-8 without a NUL. SQLite itself takes any bytes.
 * @import { Connection, Sqlite } from "./sqlite.d.ts"
 */

const decoder = new TextDecoder("utf-8", { fatal: true });

/** @param {Uint8Array<ArrayBuffer>} bytes */
function isText(bytes) {
    try {
        decoder.decode(bytes);
        return !bytes.includes(0);
    } catch {
        return false;
    }
}

/** @param {Sqlite} sqlite @param {Connection} db */
export function addIsText({ capi, wasm }, db) {
    const { exports } = wasm;
    /** @param {number} context @param {number} _ @param {number} values where their addresses are */
    const xFunc = (context, _, values) => {
        const value = wasm.peekPtr(values);
        let is = exports.sqlite3_value_type(value) === capi.SQLITE_TEXT;
        if (is) {
            const from = exports.sqlite3_value_blob(value);
            is = isText(wasm.heap8u().subarray(from, from + exports.sqlite3_value_bytes(value)));
        }
        exports.sqlite3_result_int64(context, is ? 1n : 0n);
    };
    const flags = capi.SQLITE_UTF8 | capi.SQLITE_DETERMINISTIC | capi.SQLITE_INNOCUOUS;
    capi.sqlite3_create_function_v2(db.pointer, "is_text", 1, flags, 0, wasm.installFunction("v(iii)", xFunc), 0, 0, 0);
}
