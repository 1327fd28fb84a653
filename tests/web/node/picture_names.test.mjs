/** The page, the sidecars and the command line know the same raw photographs by their names (www/app/picture_names.js, src/session/formats.rs). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RAW_EXTENSIONS } from "../../../www/app/picture_names.js";

test("the list of raw extensions is the same in Rust and in JavaScript", () => {
    const source = readFileSync(new URL("../../../src/session/formats.rs", import.meta.url), "utf8");
    const list = /const RAW_EXTENSIONS: .*?= &\[([^\]]*)\];/s.exec(source)?.[1] ?? "";
    const names = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
    assert.ok(names.length > 10);
    assert.deepEqual(names, RAW_EXTENSIONS);
});
