/** The page takes keys out of the same fields that the core refuses them in (www/app/providers/without_keys.js, src/providers/http/check.rs). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CREDENTIALS } from "../../../www/app/providers/without_keys.js";

test("what a credential is called is the same in Rust and in JavaScript", () => {
    const source = readFileSync(new URL("../../../src/providers/http/check.rs", import.meta.url), "utf8");
    const list = /const CREDENTIALS: .*?= &\[([^\]]*)\];/s.exec(source)?.[1] ?? "";
    const names = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
    assert.deepEqual(names, [...CREDENTIALS]);
    assert.ok(names.length >= 10);
});
