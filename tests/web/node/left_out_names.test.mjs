/** The page and the command line leave the same folders out (www/core/left_out_names.js, cli/src/left_out.rs). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SYSTEM_FOLDERS, systemFolderOf } from "../../../www/core/left_out_names.js";

test("the list of system folders is the same in Rust and in JavaScript", () => {
    const source = readFileSync(new URL("../../../cli/src/left_out.rs", import.meta.url), "utf8");
    const list = /const SYSTEM_FOLDERS: .*?= \[([^\]]*)\];/s.exec(source)?.[1] ?? "";
    const names = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
    assert.deepEqual(names, SYSTEM_FOLDERS);
    assert.ok(names.length >= 10 && names.every((name) => name && !name.startsWith(".")), "dots are hidden anyway");
});

test("a folder that is hidden or the system's is left out, and a step on a way is none", () => {
    const left = ["a/.git/x.png", "a/b/@EADIR/x.png", "a/.thumbnails/b/x.png", "a/../up.png", "./a/x.png", ".a/x.png"];
    assert.deepEqual(left.map(systemFolderOf), ["a/.git/", "a/b/@EADIR/", "a/.thumbnails/", null, null, null]);
});
