/**
 * The fifty pictures on which page, demo, extension and npm package have to say what the command line says: the golden ones, and from
 * `../shared/data` what people have, in every format that all shells read. Where that folder is not, copies of golden pictures stand in, as
 * cameras write them that were held otherwise: to the network they are other pictures, with other tags.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { reportsOf } from "./command_line.mjs";
import { goldenCases } from "./harness.mjs";
import { ROOT } from "./root.mjs";
import { EVERYTHING, LOW, POLICY, assertSameReports } from "./same_reports.mjs";

/** @import { Report } from "./command_line.mjs" */

const N = 50;
/** Of so many at least something is said: two empty lists are the same too easily. */
const N_TAGGED = 40;
const DATA = join(ROOT, "../shared/data");
/** Each way of encoding that the folder has and all shells read. */
const PHOTOS = [
    ...["animated.gif", "animated.webp", "canoe_icc.jpg", "cmyk_small.jpg", "flower.webp", "grey_alpha_16bit.png"],
    ...["grey_jpeg_concert.jpg", "hopper.gif", "landscape_6.jpg", "mountain_icc.webp", "notocactus_minimus.jpg"],
    ...["one_bit.png", "palette.png", "portrait_5.jpg", "progressive_iptc.jpg", "transparent.png"],
];
/** So many of each, the first by name. @type {[string, number][]} */
const KINDS = [
    ["objects/images", 8],
    ["grocery/val/banana", 1],
    ["clothing/val/shoes", 1],
    ["houses/val/kitchen", 1],
    ["imagenet/val_undistorted", 5],
    ["out_of_vocabulary/screenshot", 2],
    ["out_of_vocabulary/texture", 2],
];
/** Of EXIF: mirrored, turned, and both. */
const ORIENTATIONS = [2, 3, 4, 5, 7, 8];
const TURNED = join(ROOT, "target/test-turned");

const GOLDEN = goldenCases().map(({ name, path }) => ({ name: name + extname(path), path: join(ROOT, "tests", path) }));
const OTHERS = existsSync(DATA) ? peoplesPictures() : turnedPictures();
/** The golden ones first; each with a name of its own, and where it lies. */
export const FIFTY = [...GOLDEN, ...OTHERS.map((path) => ({ name: basename(path), path }))];
const PATHS = FIFTY.map(({ path }) => path);

function peoplesPictures() {
    const first = (/** @type {string} */ folder, /** @type {number} */ n) =>
        readdirSync(join(DATA, folder))
            .sort()
            .slice(0, n)
            .map((name) => join(DATA, folder, name));
    return [...PHOTOS.map((name) => join(DATA, "photos", name)), ...KINDS.flatMap(([folder, n]) => first(folder, n))];
}

function turnedPictures() {
    console.log(`${DATA} is not there: ${N - GOLDEN.length} turned copies of golden pictures stand in for what it has`);
    mkdirSync(TURNED, { recursive: true });
    const jpegs = GOLDEN.filter(({ name }) => name.endsWith(".jpg") && !name.includes("orientation"));
    return jpegs.flatMap(({ name, path }) =>
        ORIENTATIONS.map((orientation) => {
            const copy = join(TURNED, `${orientation}_${name}`);
            writeFileSync(`${copy}.${process.pid}`, turned(readFileSync(path), orientation));
            renameSync(`${copy}.${process.pid}`, copy); // another test file may be reading it
            return copy;
        }),
    );
}

/** A JPEG whose EXIF says how it was held, and nothing else. @param {Buffer} jpeg @param {number} orientation */
function turned(jpeg, orientation) {
    const entry = `0112000300000001000${orientation}0000`; // one number of 16 bits
    const exif = ["457869660000", "4d4d002a00000008", "0001", entry, "00000000"].join("");
    const length = (2 + exif.length / 2).toString(16).padStart(4, "0");
    return Buffer.concat([jpeg.subarray(0, 2), Buffer.from(`ffe1${length}${exif}`, "hex"), jpeg.subarray(2)]);
}

/** What the command line says of them. @returns {Promise<Report[]>} */
export async function fiftyByCommandLine() {
    const reports = await reportsOf(PATHS);
    assert.equal(new Set(reports.map(({ sha256 }) => sha256)).size, N, "as many pictures, each another");
    const nTagged = reports.filter(({ tags }) => tags.length > 0).length;
    assert.ok(nTagged >= N_TAGGED, `only ${nTagged} have tags`);
    return reports;
}

/** What a shell says of them where nobody has set anything. @param {string} shell @param {Report[]} reports in their order @param {number} tolerance */
export async function assertSameOfFifty(shell, reports, tolerance) {
    assertSameReports(shell, reports, await fiftyByCommandLine(), POLICY, tolerance);
}

/** What the command line says of the golden ones with everything that it finds at all. */
export const goldenByCommandLine = () => reportsOf(PATHS.slice(0, GOLDEN.length), ...EVERYTHING);

/** What a shell says at 2 % of the golden ones, the first of the fifty. @param {string} shell @param {Report[]} reports @param {number} tolerance */
export async function assertSameOfGolden(shell, reports, tolerance) {
    const expected = (await goldenByCommandLine()).map(({ candidates: _, ...report }) => report);
    assertSameReports(`${shell} at 2 %`, reports.slice(0, GOLDEN.length), expected, LOW, tolerance);
}
