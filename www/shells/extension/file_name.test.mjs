import assert from "node:assert/strict";
import { test } from "node:test";
import { fileNameOf } from "./file_name.js";

test("a picture is called by the end of its address, also where that is encoded by nobody", () => {
    const names = {
        "https://host.example/a/k%C3%A4tt.jpg?size=2#x": "kätt.jpg",
        "https://host.example/100%.jpg": "100%.jpg",
        "https://host.example/%E0%A4%A": "%E0%A4%A",
        "https://host.example/a/": "picture",
        "data:": "data:",
    };
    for (const [address, name] of Object.entries(names)) assert.equal(fileNameOf(address), name);
});
