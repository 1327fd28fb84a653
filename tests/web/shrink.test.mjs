/** What a picture is when it leaves for another tagger: small, a JPEG, and nothing but its pixels. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { file, usePage } from "./harness.mjs";
import { keepPolicy } from "./leaving/provider.mjs";

const site = usePage({ model: "painted" });

/** @typedef {{bytes: string, width: number, height: number, sha256: string, size: number, facts: object, type: string}} Shrunk `bytes`: as latin-1 */

/**
 * A worker in the role of shrinker, asked as the page does. In the page.
 * @param {{bytes: string, needs: object[]}} wanted `bytes`: in base64 @returns {Promise<Shrunk[]>}
 */
async function shrinkAll({ bytes, needs }) {
    const { keptPolicy } = /** @type {any} */ (globalThis);
    const assets = JSON.parse(document.querySelector('meta[name="tagsmith-assets"]')?.getAttribute("content") ?? "{}");
    const script = await (await fetch(assets.worker)).blob();
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const worker = new Worker(keptPolicy.createScriptURL(url));
    /** @param {string} name @param {object} params @returns {Promise<any>} */
    const call = (name, params) =>
        new Promise((answered, failed) => {
            worker.onmessage = ({ data }) => {
                if ("ok" in data) answered(data.ok);
                if ("error" in data) failed(new Error(JSON.stringify(data.error)));
            };
            worker.postMessage({ seq: 1, name, params });
        });
    await call("start_shrinker", { module: await WebAssembly.compileStreaming(fetch(assets.engine.simd128)) });
    const picture = new File([Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0))], "a.jpg");
    const all = [];
    for (const need of needs) {
        const { blob, ...shrunk } = await call("shrink", { file: picture, need });
        const content = new Uint8Array(await blob.arrayBuffer());
        const text = Array.from(content, (byte) => String.fromCharCode(byte)).join("");
        all.push({ ...shrunk, type: blob.type, bytes: text });
    }
    worker.terminate();
    return all;
}

/** With where it was taken, and a comment. @param {Buffer} jpeg */
function withPlace(jpeg) {
    const exif = Buffer.from("Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0 59.33 N, 18.07 E");
    const segment = (/** @type {number} */ marker, /** @type {Buffer} */ content) =>
        Buffer.concat([Buffer.from([0xff, marker, 0, content.length + 2]), content]);
    const comment = segment(0xfe, Buffer.from("taken at home"));
    return Buffer.concat([jpeg.subarray(0, 2), segment(0xe1, exif), comment, jpeg.subarray(2)]);
}

test("a picture leaves as small as is asked for, without place, date and comment, and its facts stay with it", async () => {
    const page = await site.open("", { prepare: (page) => page.addInitScript(keepPolicy) });
    const picture = withPlace(file("cases/coffee/picture.jpg").buffer);
    const need = { max_side: 256, min_side: 50, max_bytes: 4_000_000, media_type: "image/jpeg" };
    const needs = [need, { ...need, max_bytes: 6000 }, { ...need, max_bytes: 1500 }, { ...need, max_side: 4000 }];
    const shrunk = await page.evaluate(shrinkAll, { bytes: picture.toString("base64"), needs });
    for (const [idx, { bytes, type, sha256, size, facts }] of shrunk.entries()) {
        assert.equal(type, "image/jpeg");
        assert.ok(bytes.startsWith("\xff\xd8\xff\xe0") && bytes.endsWith("\xff\xd9"), `${idx}`);
        assert.doesNotMatch(bytes, /Exif|59\.33|at home|ICC_PROFILE|Photoshop/);
        assert.ok(bytes.length <= (needs[idx]?.max_bytes ?? 0), `${idx}: ${bytes.length}`);
        assert.deepEqual([sha256, size], [createHash("sha256").update(picture).digest("hex"), picture.length]);
        assert.deepEqual(facts, { width: 512, height: 341, format: "jpeg" });
    }
    const sizes = shrunk.map(({ width, height }) => [width, height]);
    assert.deepEqual(
        [sizes[0], sizes[1], sizes[3]],
        [
            [256, 171],
            [256, 171],
            [512, 341],
        ],
        "it is never enlarged without need",
    );
    assert.ok((sizes[2]?.[0] ?? 256) < 256, "where quality is not enough it is made smaller still");
    assert.ok((shrunk[1]?.bytes.length ?? 0) < (shrunk[0]?.bytes.length ?? 0));
});
