import assert from "node:assert/strict";
import test from "node:test";
import init from "@sqlite.org/sqlite-wasm";
import { addCrc32 } from "./crc32.js";

test("a row's CRC-32 is that of its values with their types, as another program computes it", async () => {
    const sqlite = /** @type {any} */ (await init());
    const db = new sqlite.oo1.DB(":memory:");
    addCrc32(sqlite, db);
    // From zlib, over the bytes of docs/formats/library.md.
    const expected = {
        "": 0,
        NULL: 3523407757,
        "1, -5, 1099511627776": 3750999808,
        0.5: 552067833,
        "'Straße 猫', ''": 2542739100,
        "?1, NULL, 'a'": 1535500884,
    };
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    for (const [values, crc] of Object.entries(expected)) {
        const found = db.selectValue(`SELECT crc32(${values})`, values.includes("?1") ? [bytes] : undefined);
        assert.equal(found, crc, values);
    }
    db.close();
});
