/**
 * Files changed at random never bring the engine down: they are tagged, or refused with a code. The same changes each time; it ends
 * after `TAGSMITH_SECONDS` (15), wherever it is. A file that does bring it down is kept in target/mutations.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { tinyModel, tinyNetwork } from "./tiny_model.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const ENGINE = resolve(ROOT, process.env["TAGSMITH_ENGINE"] ?? "target/engine/simd128");
const SECONDS = Number(process.env["TAGSMITH_SECONDS"] ?? 15);
/** Small, so that a header that promises a large picture costs no time; the limits themselves are tested elsewhere. */
const LIMITS = { max_file_bytes: 1 << 20, max_side: 4096, max_pixels: 1 << 20 };

const engine = await import(pathToFileURL(join(ENGINE, "engine.js")).href);
engine.initSync({ module: readFileSync(join(ENGINE, "engine_bg.wasm")) });

/** Numbers in [0, n) that look random, the same for the same seed (mulberry32). @param {number} seed */
function random(seed) {
    return (/** @type {number} */ n) => {
        seed = (seed + 0x6d2b79f5) | 0;
        let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n);
    };
}

/** @param {Buffer} original @param {Buffer} other @param {(n: number) => number} pick */
function changed(original, other, pick) {
    let bytes = Buffer.from(original);
    for (let n = 1 + pick(6); n > 0; n--) {
        if (bytes.length === 0) return bytes;
        // Headers decide most: half of the changes are made to the first 64 bytes.
        const at = pick(pick(2) ? bytes.length : Math.min(64, bytes.length));
        const length = 1 + pick(pick(4) ? 4 : 200);
        const kind = pick(6);
        if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
        else if (kind === 1) bytes[at] = [0, 1, 127, 128, 254, 255][pick(6)] ?? 0;
        else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
        else if (kind === 4) other.copy(bytes, at, pick(other.length + 1));
        else bytes = bytes.subarray(0, pick(8) ? bytes.length : at);
    }
    return bytes;
}

test("the tiny model tags by colour, and a network with an unknown operator is refused by its name", () => {
    const tagger = new engine.Tagger(...tinyModel());
    const { tags, embedding } = tagger.tag(readFileSync(join(ROOT, "tests/cases/chelsea/picture.jpg")), {
        limits: LIMITS,
    });
    assert.deepEqual([tags[0], embedding], [0, undefined], "an orange cat is red before all");
    assert.throws(
        () => new engine.Tagger(...tinyModel(tinyNetwork({ flatten: "Flitter" }))),
        (/** @type {any} */ error) => error.code === "model_operator_unsupported" && error.detail.includes("Flitter"),
    );
});

test("pictures with bytes changed at random are tagged or refused, and never trap", () => {
    const tagger = new engine.Tagger(...tinyModel());
    const folder = join(ROOT, "tests/fixtures/pictures");
    const files = ["good", "bad"].flatMap((kind) =>
        readdirSync(join(folder, kind))
            .sort()
            .map((name) => ({ name, bytes: readFileSync(join(folder, kind, name)) })),
    );
    const outcomes = /** @type {Record<string, number>} */ ({});
    const end = performance.now() + SECONDS * 1000;
    let n = 0;
    for (; performance.now() < end && n < SECONDS * 2000; n++) {
        const pick = random(n);
        const { name, bytes } = files[n % files.length] ?? assert.fail();
        const mutant = changed(bytes, files[pick(files.length)]?.bytes ?? bytes, pick);
        let outcome = "tagged";
        try {
            tagger.tag(mutant, { limits: LIMITS });
        } catch (error) {
            outcome = /** @type {any} */ (error).code;
            if (!engine.errorCodes().includes(outcome)) {
                mkdirSync(join(ROOT, "target/mutations"), { recursive: true });
                writeFileSync(join(ROOT, "target/mutations", `${n}-${name}`), mutant);
                assert.fail(
                    `target/mutations/${n}-${name} brought the engine down: ${/** @type {Error} */ (error).stack}`,
                );
            }
        }
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    console.log(`${n} changed files: ${JSON.stringify(outcomes)}`);
    assert.ok(n >= 2 * files.length, `only ${n} files were tried`);
    for (const outcome of ["tagged", "picture_damaged", "picture_format_unknown"])
        assert.ok((outcomes[outcome] ?? 0) > 10, JSON.stringify(outcomes));
});

test("a network with bytes changed at random is loaded or refused, and never traps", () => {
    const network = Buffer.from(tinyNetwork());
    const outcomes = /** @type {Record<string, number>} */ ({});
    for (let n = 0; n < 1500; n++) {
        const mutant = changed(network, network, random(n));
        try {
            new engine.Tagger(...tinyModel(new Uint8Array(mutant))).free();
            outcomes["loaded"] = (outcomes["loaded"] ?? 0) + 1;
        } catch (error) {
            const { code } = /** @type {any} */ (error);
            assert.ok(engine.errorCodes().includes(code), `change ${n}: ${/** @type {Error} */ (error).stack}`);
            outcomes[code] = (outcomes[code] ?? 0) + 1;
        }
    }
    console.log(`1500 changed networks: ${JSON.stringify(outcomes)}`);
    assert.ok((outcomes["model_invalid"] ?? 0) > 10, JSON.stringify(outcomes));
});
