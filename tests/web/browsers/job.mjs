/**
 * The job that people come for, step by step, as each of the three browsers has to do it. A step says what it expects; what it leaves is
 * where the next one begins.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { reportsOf } from "../command_line.mjs";
import { ROOT, goldenCases } from "../harness.mjs";
import { EVERYTHING } from "../same_reports.mjs";
import { keywordsOf } from "../unzip.mjs";

/** @import { Browser } from "./browser.mjs" */
/** @import { Tags } from "../command_line.mjs" */
/** @import { Host } from "../host.mjs" */

/** One for each way of decoding, and small: WebKit is slow. The first two are enough for every step. */
const CASES = ["coffee", "clock_webp", "chelsea", "drawn_tiny_clock_bmp", "chelsea_small_png", "rocket_progressive"];
/** What comes in the visit without a network. */
const LATER = "drawn_balloons_gif";
const LOOKED_AT = "coffee.jpg";
const OWN = "my breakfast";
/** How far a confidence may lie from the command line's. */
const TOLERANCE = 0.01;
const THRESHOLD = 12;
const HEADINGS = ["other", "household"];

/**
 * `golden`: expected.json; `looks`: what the command line makes of the first look, and of both.
 * @typedef {{name: string, path: string, golden: any, looks: Tags[]}} Picture
 */
/** @typedef {{browser: Browser, host: Host, engine: ReturnType<Host["canHold"]>, pictures: Picture[], later: Picture}} Job */
/** @typedef {{id: string, confidence: number, source: string, name: string, parents: string[]}} Tag */

/** The golden pictures as files that people have, each under a name of its own. */
export async function copyPictures() {
    const folder = mkdtempSync(join(tmpdir(), "pictures-"));
    const wanted = [...CASES, LATER];
    const copies = goldenCases()
        .filter(({ name }) => wanted.includes(name))
        .sort((a, b) => wanted.indexOf(a.name) - wanted.indexOf(b.name))
        .map(({ name, path, expected }) => {
            const original = join(ROOT, "tests", path);
            const copy = { name: name + extname(path), path: join(folder, name + extname(path)), golden: expected };
            copyFileSync(original, copy.path);
            return { ...copy, original };
        });
    // Of the pictures where they are kept, so that it is asked once for all browsers.
    const paths = copies.map(({ original }) => original);
    const first = await reportsOf(paths, "--candidates", "--no-objects");
    const both = await reportsOf(paths, ...EVERYTHING);
    const pictures = copies.map((picture, idx) => {
        const looks = [first, both].map((reports) => reports[idx]?.candidates ?? assert.fail(picture.name));
        return { ...picture, looks };
    });
    const later = pictures.pop();
    assert.ok(later && pictures.length === CASES.length);
    return { pictures, later, remove: () => rmSync(folder, { recursive: true }) };
}

/** Does the steps one after the other; the error of one that fails begins with its name. @param {Job} job @param {(step: string) => void} [onDone] */
export async function doJob(job, onDone = () => {}) {
    for (const [name, step] of Object.entries(STEPS)) {
        try {
            await step(job);
            onDone(name);
        } catch (error) {
            throw new StepError(name, error);
        }
    }
}

export class StepError extends Error {
    /** @param {string} step @param {any} error */
    constructor(step, error) {
        super(`${step}: ${error.message}`, { cause: error });
        this.step = step;
    }
}

/** In the order in which they are done. @satisfies {Record<string, (job: Job) => Promise<unknown>>} */
export const STEPS = {
    open: async ({ browser, host }) => {
        await browser.goto(host.url);
        await waitUntilReady(browser);
        assert.equal(await browser.run(() => document.querySelector(".problem")?.textContent ?? ""), "");
    },

    add: async ({ browser, pictures }) => {
        const paths = pictures.map(({ path }) => path);
        await browser.choose('[data-input="files"]', paths);
        await waitUntilTagged(browser, paths.length);
        const states = (await cards(browser)).map(({ path, state, code }) => `${path} ${code ?? state}`);
        assert.deepEqual(states.sort(), pictures.map(({ name }) => `${name} done`).sort());
    },

    "same tags": async ({ browser, pictures }) => {
        const shown = await cards(browser);
        for (const { path, tags } of shown) for (const tag of tags) assertGolden(pictures, path, tag);
        assert.ok(shown.flatMap(({ tags }) => tags).length >= pictures.length, JSON.stringify(shown));
    },

    threshold: async ({ browser }) => {
        await moveThreshold(browser, 90, "fewer");
        await moveThreshold(browser, THRESHOLD, "more");
    },

    correct: async ({ browser }) => {
        await browser.click(`.card[data-path="${LOOKED_AT}"] .card-name`);
        await browser.wait(
            (path) => document.querySelector(`.details[data-path="${path}"] .tag-row[data-tag]`),
            LOOKED_AT,
        );
        const [first] = await rows(browser);
        await browser.click('.details .tag-row[data-tag] [data-do="reject-tag"]');
        await browser.wait((row) => document.querySelector(`.details [data-rejected="${row}"]`), first);
        assert.ok(!(await rows(browser)).includes(first ?? ""));
    },

    undo: async ({ browser }) => {
        const rejected = await browser.run(() =>
            document.querySelector("[data-rejected]")?.getAttribute("data-rejected"),
        );
        await browser.click('.details [data-do="undo"]');
        await browser.wait((row) => document.querySelector(`.details .tag-row[data-tag][data-row="${row}"]`), rejected);
    },

    "own tag": async ({ browser }) => {
        await browser.type('.details [data-do="add-tag"]', OWN);
        await browser.wait(
            (row) => document.querySelector(`.details [data-row="${row}"][data-source="manual"]`),
            `own:${OWN}`,
        );
    },

    why: async ({ browser }) => {
        await browser.click('.details .tag-row[data-source="auto"] [data-do="why"]');
        const status = await browser.wait(() =>
            ["shown", "failed"].find((one) => document.querySelector(`.details .framed[data-status="${one}"]`)),
        );
        assert.equal(status, "shown");
        assert.match(await browser.wait(() => document.querySelector(".heat-words")?.textContent?.trim()), /espresso/i);
    },

    csv: async ({ browser, pictures }) => {
        const { name, path } = await exportAs(browser, "csv");
        assert.match(name, new RegExp(`^tagsmith-${pictures.length}-\\d{4}-\\d\\d-\\d\\d\\.csv$`));
        const text = readFileSync(path, "utf8");
        assert.match(text, /^"path","tag","name"[^\r]*\r\n(.*\r\n)+$/);
        assert.match(text, new RegExp(`"${LOOKED_AT}","own:${OWN}","${OWN}"`));
    },

    jsonl: async ({ browser, pictures }) => {
        const { path } = await exportAs(browser, "jsonl");
        const reports = readFileSync(path, "utf8")
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line));
        assert.deepEqual(reports.map(({ path }) => path).sort(), pictures.map(({ name }) => name).sort());
        for (const report of reports) assertReport(pictures, report);
    },

    xmp: async ({ browser, pictures }) => {
        const { name, path } = await exportAs(browser, "xmp");
        assert.match(name, /\.zip$/);
        const keywords = keywordsOf(path);
        assert.deepEqual(Object.keys(keywords).sort(), pictures.map(({ name }) => name).sort());
        assert.ok(keywords[LOOKED_AT]?.includes(OWN), `${keywords[LOOKED_AT]}`);
        await browser.click('.details [data-do="close"]');
    },

    "self-test": async ({ browser }) => {
        await browser.key("?");
        await browser.click('[data-do="open-self-test"]');
        await browser.wait(() => document.querySelector('.self-test[data-status="done"]') !== null);
        const { verdict, held } = await browser.run(() => ({
            verdict: document.querySelector("[data-verdict]")?.getAttribute("data-verdict"),
            held: Array.from(document.querySelectorAll(".self-test tbody tr"), (row) => row.getAttribute("data-holds")),
        }));
        assert.equal(verdict, "same");
        assert.ok(held.length >= 3 && held.every((one) => one === "true"), `${held}`);
        await browser.click('[data-do="close-dialog"]');
    },

    narrow: async ({ browser }) => {
        await browser.resize(360, 780);
        await browser.wait(() => document.documentElement.clientWidth <= 360);
        const { wide, high } = await browser.run(() => ({
            wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            high: document.documentElement.scrollHeight - innerHeight,
        }));
        assert.deepEqual({ wide, high }, { wide: 0, high: 0 }, "as wide and as high as the window");
        await browser.resize(1440, 900);
    },

    quiet: async ({ browser }) => {
        assert.deepEqual(await browser.complaints(), [], "nothing in the console, nothing forbidden by the policy");
    },

    reload: async ({ browser, host, engine, pictures }) => {
        const isKept = await browser.run(canKeep);
        assert.notEqual(await browser.run(isNothingKept), isKept, "a page that keeps nothing says so");
        if (!isKept) {
            await browser.goto(host.url);
            await waitUntilReady(browser);
            return assert.deepEqual(await cards(browser), []);
        }
        // What earlier visits left does not wait for the engine, however long that takes: it is held back until all of it is seen.
        await browser.wait(() => document.documentElement.dataset["offline"] === "ready");
        assert.ok((await browser.run(takeOutEngine)) > 0, "the service worker has kept it");
        engine.hold();
        await browser.goto(host.url);
        await waitUntilTagged(browser, pictures.length);
        await browser.wait(() => performance.getEntriesByName("tagsmith:restored").length > 0);
        const { nGrids, state } = await browser.run(() => ({
            nGrids: performance.getEntriesByName("tagsmith:grid").length,
            state: document.documentElement.dataset["engine"],
        }));
        assert.deepEqual([nGrids > 0, state === "ready"], [true, false], `the engine was ${state}`);
        engine.letGo();
        await waitUntilReady(browser);
        await browser.run(putBackEngine);
        const shown = await cards(browser);
        assert.deepEqual(shown.map(({ path }) => path).sort(), pictures.map(({ name }) => name).sort());
        for (const { path, tags } of shown)
            for (const tag of tags) if (tag.source === "auto") assertGolden(pictures, path, tag);
        const own = shown.flatMap(({ path, tags }) =>
            tags.flatMap(({ id, source }) => (source === "manual" ? [`${path} ${id}`] : [])),
        );
        assert.deepEqual(own, [`${LOOKED_AT} own:${OWN}`]);
        assert.equal(await browser.run(nTagged), 0, "nothing is tagged twice");
    },

    "without a network": async ({ browser, host, later }) => {
        await browser.wait(() => document.documentElement.dataset["offline"] === "ready");
        await host.goDown();
        await assert.rejects(fetch(host.url), "the server is gone");
        const nKept = (await cards(browser)).length;
        await browser.goto(host.url);
        await waitUntilReady(browser);
        await waitUntilTagged(browser, nKept);
        await browser.choose('[data-input="files"]', [later.path]);
        await waitUntilTagged(browser, nKept + 1);
        const { tags } = (await cards(browser)).find(({ path }) => path === later.name) ?? assert.fail(later.name);
        assert.ok(tags.length > 0);
        for (const tag of tags) assertGolden([later], later.name, tag);
        assert.equal(await browser.run(nTagged), 1, "nothing is tagged twice");
    },
};

/** @param {Browser} browser */
async function waitUntilReady(browser) {
    const state = await browser.wait(() =>
        ["ready", "failed"].find((state) => document.documentElement.dataset["engine"] === state),
    );
    assert.equal(state, "ready");
}

/** Until so many pictures are done or have failed, and say so. @param {Browser} browser @param {number} n */
const waitUntilTagged = (browser, n) =>
    browser.wait((n) => {
        const done = document.querySelectorAll(
            '.card[data-state="failed"], .card[data-state="done"]:not(:has(.card-foot:empty))',
        );
        return done.length === n && !document.querySelector("[data-running]");
    }, n);

/** What the cards say. @param {Browser} browser */
const cards = (browser) =>
    browser.run(() =>
        Array.from(document.querySelectorAll(".card"), (card) => ({
            path: card.getAttribute("data-path") ?? "",
            state: card.getAttribute("data-state"),
            code: card.querySelector(".card-reason")?.getAttribute("data-code"),
            tags: Array.from(card.querySelectorAll("[data-tag]"), (chip) => ({
                id: chip.getAttribute("data-tag") ?? "",
                confidence: Number(chip.getAttribute("data-confidence")),
                source: chip.getAttribute("data-source"),
            })),
        })),
    );

/** In the page: whether the browser gives it files of its own. */
const canKeep = () =>
    navigator.storage?.getDirectory
        ? navigator.storage.getDirectory().then(
              () => true,
              () => false,
          )
        : false;

/** In the page: what the service worker has kept of the engine lies beside its place, so that the host is asked. How many files that are. */
async function takeOutEngine() {
    let n = 0;
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const response =
                /\/engine-[^/]*\.wasm$/.test(request.url) && (await cache.match(request, { ignoreVary: true }));
            if (!response) continue;
            await cache.delete(request, { ignoreVary: true });
            await cache.put(`${request.url}?taken-out`, response);
            n++;
        }
    }
    return n;
}

/** In the page: where it was. */
async function putBackEngine() {
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const response = request.url.endsWith("?taken-out") && (await cache.match(request, { ignoreVary: true }));
            if (!response) continue;
            await cache.delete(request, { ignoreVary: true });
            await cache.put(request.url.replace("?taken-out", ""), response);
        }
    }
}

const isNothingKept = () => document.querySelector('[data-line="nothing-kept"]') !== null;

/** In the page: how many pictures a tagger has had in this visit. */
const nTagged = () => performance.getEntriesByName("tagsmith:tag").length;

/** The tags in the inspector. @param {Browser} browser */
const rows = (browser) =>
    browser.run(() =>
        Array.from(
            document.querySelectorAll(".details .tag-row[data-tag]"),
            (row) => row.getAttribute("data-row") ?? "",
        ),
    );

/**
 * As a hand on the slider does: with its events. Until there are fewer or more tags than before.
 * @param {Browser} browser @param {number} percent @param {"fewer" | "more"} then
 */
async function moveThreshold(browser, percent, then) {
    const before = await browser.run((percent) => {
        const slider = document.querySelector('[data-do="threshold"]');
        if (!(slider instanceof HTMLInputElement)) throw new Error("There is no slider.");
        const before = Number(document.querySelector('[data-count="tags"]')?.getAttribute("data-value"));
        slider.value = String(percent);
        for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, { bubbles: true }));
        return before;
    }, percent);
    await browser.wait(
        (before, then) => {
            const now = Number(document.querySelector('[data-count="tags"]')?.getAttribute("data-value"));
            return then === "more" ? now > before : now < before;
        },
        before,
        then,
    );
}

/** @param {Browser} browser @param {"csv" | "jsonl" | "xmp"} format */
const exportAs = (browser, format) =>
    browser.download(async () => {
        await browser.click('[data-do="export"]');
        await browser.click(`[data-do="export-${format}"]`);
        if (format === "xmp") await browser.click('[data-do="save-export"]');
    });

/** @param {Picture[]} pictures @param {string} path */
const pictureOf = (pictures, path) =>
    pictures.find(({ name }) => name === path) ?? assert.fail(`${path} was not given`);

/**
 * The tag is what the command line says of the first look or of both: when the second one is done is the browser's affair.
 * @param {Picture[]} pictures @param {string} path @param {{id: string, confidence: number}} tag
 */
function assertGolden(pictures, path, { id, confidence }) {
    const said = pictureOf(pictures, path).looks.flatMap((look) => look.filter((tag) => tag.id === id));
    const isSaid = said.some((tag) => Math.abs(tag.confidence - confidence) < TOLERANCE);
    assert.ok(isSaid, `${path}: ${id} is ${confidence}, the command line says ${said.map((tag) => tag.confidence)}`);
}

/**
 * Nothing else than the command line says, and all it is sure of: what is less sure may be left out by rule, which same_answers.test.mjs
 * has against the command line itself.
 * @param {Picture[]} pictures @param {any} report
 */
function assertReport(pictures, { path, width, height, format, tags }) {
    const { golden, looks } = pictureOf(pictures, path);
    assert.deepEqual([width, height, format], [golden.width, golden.height, golden.format], path);
    const own = tags.filter((/** @type {Tag} */ { source }) => source === "auto");
    for (const tag of own) assertGolden(pictures, path, tag);
    const said = own.flatMap((/** @type {Tag} */ { id, parents }) => [id, ...parents]);
    const isSure = (/** @type {string} */ id) =>
        looks.every((look) => look.some((tag) => tag.id === id && tag.confidence > 0.5 + TOLERANCE));
    // Headings only gather tags, and are never shown.
    for (const { id } of golden.surest)
        if (isSure(id) && !HEADINGS.includes(id)) assert.ok(said.includes(id), `${path}: ${id} is missing`);
}
