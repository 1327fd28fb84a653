/**
 * What "the same tags" means between two builds of one engine. Each multiplies and adds in another order (SIMD of another width, fused or
 * not, one thread or several), so a confidence may differ in its last digits, by less than a tolerance. Tags that lie closer together than
 * that may change places, and one as close to the threshold may be on one side alone; nothing else may.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.mjs";

/** @import { Report, Tags } from "./command_line.mjs" */
/** @typedef {{threshold: number, max_tags: number}} Shown */

/** @type {{policy: Shown}} */
const CARD = JSON.parse(readFileSync(join(ROOT, "models/efficientnet-lite0/model.json"), "utf8"));
/** What holds where nobody has set anything. */
export const POLICY = CARD.policy;
/** What holds where somebody wants nearly everything. */
export const LOW = { threshold: 0.02, max_tags: 8 };
/** Asks the command line for that, and for all that any policy could show. */
export const EVERYTHING = ["--candidates", "--threshold", String(LOW.threshold)];
/** @type {readonly (keyof Report)[]} */
const FACTS = ["sha256", "width", "height", "format", "model", "pipeline"];
/** How far a confidence may lie from the command line's. */
export const TOLERANCES = /** @type {const} */ ({ simd128: 0.005, relaxed: 0.01 });

/**
 * The largest difference in confidence; a tag that one side does not show counts as just below what it would have to have.
 * @param {Tags} ours @param {Tags} theirs @param {Shown} policy
 */
export function difference(ours, theirs, { threshold, max_tags: maxTags }) {
    /** @param {Tags} tags */
    const least = (tags) => (tags.length < maxTags ? threshold : (tags.at(-1)?.confidence ?? 0));
    /** The confidence, or the least that would have been shown. @param {Tags} tags @param {string} id */
    const sureOf = (tags, id) => tags.find((tag) => tag.id === id)?.confidence ?? least(tags);
    const ids = [...ours, ...theirs].map(({ id }) => id);
    return Math.max(0, ...ids.map((id) => Math.abs(sureOf(ours, id) - sureOf(theirs, id))));
}

/**
 * @param {Tags} ours @param {Tags} theirs the command line's @param {Shown} policy @param {number} tolerance @param {string} [name] of the picture
 * @returns {number} the largest difference in confidence
 */
export function assertSameTags(ours, theirs, policy, tolerance, name = "") {
    const shown = () =>
        `${name}: ${[ours, theirs].map((tags) => tags.map(({ id, confidence }) => `${id} ${confidence}`).join(", ")).join(", not ")}`;
    const off = difference(ours, theirs, policy);
    assert.ok(off <= tolerance, shown());
    const places = new Map(theirs.map(({ id }, place) => [id, place]));
    const both = ours.flatMap(({ id }) => places.get(id) ?? []);
    both.forEach((place, idx) => {
        for (const later of both.slice(idx + 1)) {
            const gap = Math.abs((theirs[later]?.confidence ?? 0) - (theirs[place]?.confidence ?? 0));
            assert.ok(later > place || gap <= tolerance, `${shown()}: in another order`);
        }
    });
    assert.equal(new Set(ours.map(({ id }) => id)).size, ours.length, `${shown()}: twice`);
    return off;
}

/**
 * Equal in everything but fractions, which may be `off` apart. Counts, names and order must be the same.
 * @param {any} ours @param {any} theirs @param {number} off
 */
export function assertSameBut(ours, theirs, off) {
    if (typeof ours === "number" && typeof theirs === "number" && !(Number.isInteger(ours) && Number.isInteger(theirs)))
        return assert.ok(Math.abs(ours - theirs) <= off, `${ours} is over ${off} from ${theirs}`);
    if (typeof ours !== "object" || typeof theirs !== "object" || ours === null || theirs === null)
        return assert.deepEqual(ours, theirs);
    assert.deepEqual(Object.keys(ours), Object.keys(theirs));
    for (const key of Object.keys(theirs)) assertSameBut(ours[key], theirs[key], off);
}

/**
 * Everything that a report says of a picture, but what it is called and how long it took.
 * @param {Report} ours @param {Report} theirs the command line's @param {Shown} policy @param {number} tolerance
 * @returns {number} the largest difference in confidence
 */
export function assertSameReport(ours, theirs, policy, tolerance) {
    const { path } = theirs;
    assert.deepEqual(Object.keys(ours), Object.keys(theirs), path);
    for (const key of FACTS) assert.deepEqual(ours[key], theirs[key], `${path}: ${key}`);
    const off = assertSameTags(ours.tags, theirs.tags, policy, tolerance, path);
    // Boxes are shares of the picture's sides: 2 pixels of the larger one.
    const side = Math.max(theirs.width, theirs.height);
    for (const tag of ours.tags) {
        const same = theirs.tags.find(({ id }) => id === tag.id);
        if (same) assertSameBut({ ...tag, confidence: 0, score: 0 }, { ...same, confidence: 0, score: 0 }, 2 / side);
    }
    return off;
}

/**
 * Holds a shell's reports against the command line's, in their order, and says how far they are apart.
 * @param {string} shell @param {Report[]} ours @param {Report[]} theirs @param {Shown} policy @param {number} tolerance
 */
export function assertSameReports(shell, ours, theirs, policy, tolerance) {
    assert.equal(ours.length, theirs.length);
    const offs = theirs.map((report, idx) => assertSameReport(ours[idx] ?? assert.fail(), report, policy, tolerance));
    const ids = (/** @type {Report | undefined} */ report) => report?.tags.map(({ id }) => id).join();
    const nSame = theirs.filter((report, idx) => ids(report) === ids(ours[idx])).length;
    const off = Math.max(...offs).toPrecision(2);
    console.log(`${shell}: the command line's tags of ${nSame} of ${theirs.length} pictures, at most ${off} away`);
}
