/** A batch of pictures from choosing them to the files that come out: reasons, threshold, cancel, exports, language, keyboard. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseCsv } from "./csv.mjs";
import {
    ROOT,
    addFiles,
    cards,
    count,
    exportAs,
    exportReports,
    file,
    goldenCases,
    nCalls,
    setThreshold,
    usePage,
    waitForIdle,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";
import { PAINTED_ID, PAINTED_SETTINGS, SHARES, painted } from "./painted.mjs";

const site = usePage({ model: "painted" });
/** One batch goes through the page as it is shipped. */
const bundled = usePage();
/** High enough that every card of a batch is drawn. */
const HIGH = { viewport: { width: 1440, height: 5000 } };
const MARKUP = "<img src=x onerror=alert(1)>.jpg";
const FORMULA = '=HYPERLINK("http://elsewhere.test","open me"),1.png';
const BAD = {
    "text.jpg": "picture_format_unknown",
    "empty.png": "picture_empty",
    "half_baseline_420.jpg": "picture_damaged",
    "wide.png": "picture_side_too_long",
    "bomb.png": "picture_too_many_pixels",
};

/** 50 files: the golden pictures, one of every kind of file that is read, two with hostile names, and five that are broken. */
function mixedBatch() {
    const { good } = JSON.parse(readFileSync(join(ROOT, "tests/fixtures/pictures/cases.json"), "utf8"));
    const golden = goldenCases().map(({ name, path }) => file(path, `${name}.${path.split(".").pop()}`));
    const hostile = [painted(MARKUP, "cup"), painted(FORMULA, "cat")];
    const nKinds = 45 - golden.length - hostile.length;
    const kinds = Array.from({ length: nKinds }, (_, idx) => good[Math.floor((idx * good.length) / nKinds)].file);
    const files = [
        ...golden,
        ...hostile,
        ...kinds.map((name) => file(`fixtures/pictures/good/${name}`, `kind_${name}`)),
    ];
    // Not all at the end: what comes after a broken file is what must not suffer.
    Object.keys(BAD).forEach((name, idx) => files.splice(idx * 9 + 3, 0, file(`fixtures/pictures/bad/${name}`)));
    return files;
}

/** Everything that the progress has said, while it was there. @param {import("./harness.mjs").Page} page */
const recordProgress = (page) =>
    page.evaluate(() => {
        const said = /** @type {string[]} */ ([]);
        const lines = /** @type {Set<string | null>} */ (new Set());
        const look = () => {
            const text = document.querySelector('[data-count="finished"]')?.textContent ?? "";
            if (text && text !== said.at(-1)) said.push(text);
            for (const line of document.querySelectorAll('[data-view="said"] p')) lines.add(line.textContent);
        };
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
        Object.assign(globalThis, { progressSaid: said, linesSaid: lines });
    });

test("of 50 mixed files 45 are tagged and 5 say why not, and none of them costs another", async () => {
    const page = await bundled.open("", HIGH);
    await recordProgress(page);
    const files = mixedBatch();
    await addFiles(page, files);
    await waitUntilDone(page);
    const all = await cards(page);
    assert.deepEqual(
        all.map(({ path }) => path),
        files.map(({ name }) => name),
    );

    const failed = all.filter(({ state }) => state === "failed");
    assert.deepEqual(Object.fromEntries(failed.map(({ path, code }) => [path, code])), BAD);
    for (const { reason } of failed)
        assert.match(reason ?? "", /^[A-Z][^.]+\. [A-Z][^.]+\.$/, "what is wrong, and what to do");
    assert.equal(all.filter(({ state }) => state === "done").length, 45);

    for (const { name, expected } of goldenCases()) {
        const { tags } = all.find((card) => card.path.startsWith(`${name}.`)) ?? assert.fail(name);
        // What the detector found is not the first look's to say; its boxes are held against the reference in tests/cases.rs.
        const objects = new Set(expected.objects.map((/** @type {{id: string}} */ object) => object.id));
        for (const { id, confidence } of tags.filter((tag) => !objects.has(tag.id))) {
            const [wanted] = expected.surest.filter((/** @type {{id: string}} */ tag) => tag.id === id);
            assert.ok(
                wanted && Math.abs(confidence - wanted.confidence) <= expected.confidence_tolerance,
                `${name}: ${id} ${confidence}`,
            );
        }
    }
    const said = /** @type {string[]} */ (await page.evaluate(() => /** @type {any} */ (globalThis).progressSaid));
    const counted = said.map((text) => Number(/^(\d+) of 50$/.exec(text)?.[1]));
    // What is committed together, four times a second, is counted together.
    assert.ok(counted.length > 5 && counted.every((n, idx) => n >= (counted[idx - 1] ?? 0) && n < 50), said.join());
    assert.equal(await page.locator('[data-count="finished"]').count(), 0, "and it goes when all is done");
    assert.equal(await count(page, "failed"), 5);
    assert.equal(await count(page, "pictures"), all.filter(({ tags }) => tags.length > 0).length);
    assert.equal(
        await count(page, "tags"),
        all.reduce((sum, { tags, nMore }) => sum + tags.length + nMore, 0),
    );
    const lines = await page.evaluate(() => [.../** @type {any} */ (globalThis).linesSaid]);
    // Second looks may be over by then, or not.
    const ofRun = lines.filter((line) => line !== "Looked closer at 45 pictures.");
    assert.equal(ofRun.at(-1), "Finished. 5 pictures failed.");
});

test("a card says what is being done with its picture: it waits, is read, is tagged, is done", async () => {
    const page = await bundled.open("?workers=1");
    await waitUntilReady(page);
    await page.evaluate(() => {
        const seen = /** @type {string[]} */ ([]);
        const look = () => {
            const card = document.querySelector('.card[data-path="last.jpg"]');
            const now = `${card?.getAttribute("data-state")}: ${card?.querySelector(".card-quiet")?.textContent ?? ""}`;
            if (card && now !== seen.at(-1)) seen.push(now);
        };
        new MutationObserver(look).observe(document.body, {
            subtree: true,
            childList: true,
            attributes: true,
            characterData: true,
        });
        Object.assign(globalThis, { statesSeen: seen });
    });
    await addFiles(
        page,
        ["first.jpg", "last.jpg"].map((name) => file("cases/coffee/picture.jpg", name)),
    );
    await waitUntilDone(page);
    const seen = /** @type {string[]} */ (await page.evaluate(() => /** @type {any} */ (globalThis).statesSeen));
    // What lasts less than a frame is not drawn; the order is always the same.
    const order = ["queued: Waiting", "decoding: Reading…", "tagging: Tagging…", "done: "];
    assert.deepEqual(
        seen,
        order.filter((one) => seen.includes(one)),
    );
    assert.ok(
        ["queued: Waiting", "tagging: Tagging…", "done: "].every((one) => seen.includes(one)),
        seen.join(),
    );
});

test("both exports say what the cards say, and hostile names do no harm in the page or in a table", async () => {
    const page = await site.open("", HIGH);
    const files = mixedBatch();
    await addFiles(page, files);
    await waitUntilDone(page);
    await setThreshold(page, 5);
    const all = await cards(page);
    assert.equal(all.find((card) => card.path === MARKUP)?.tags[0]?.id, "espresso");
    assert.equal(await page.locator('img[src="x"]').count(), 0, "markup in a name is only a name");
    assert.equal(await page.locator(".card-name", { hasText: MARKUP }).count(), 1);

    const reports = await exportReports(page);
    assert.deepEqual(
        reports.map(({ path }) => path),
        files.map(({ name }) => name),
    );
    reports.forEach((report, idx) => compareReport(report, all[idx] ?? assert.fail()));

    const { name, text } = await exportAs(page, "csv");
    assert.match(name, /^tagsmith-50-\d{4}-\d\d-\d\d\.csv$/);
    const [header = [], ...rows] = parseCsv(text);
    assert.deepEqual(
        header,
        "path,tag,name,category,confidence,score,source,parents,width,height,format,sha256,model,error,incomplete,decoder,title,description,alt_text".split(
            ",",
        ),
    );
    assert.ok(
        rows.every((row) => row.length === header.length && row.every((cell) => !/^[=+\-@\t\r]/.test(cell))),
        "no cell is a formula",
    );
    assert.deepEqual(rows, reports.flatMap(rowsOf));
    assert.ok(rows.some(([path]) => path === `'${FORMULA}`) && rows.some(([path]) => path === MARKUP));
});

/** @param {any} report @param {Awaited<ReturnType<typeof cards>>[number]} card */
function compareReport(report, card) {
    if (card.state === "failed") {
        assert.deepEqual(Object.keys(report), ["path", "error"]);
        assert.equal(report.error.code, card.code);
        return void assert.ok(report.error.detail.length > 10, report.error.detail);
    }
    assert.match(report.sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual([report.model.id, report.pipeline, typeof report.timings_ms.infer], [PAINTED_ID, 1, "number"]);
    assert.equal(report.tags.length, card.tags.length + card.nMore, report.path);
    const shown = report.tags
        .slice(0, card.tags.length)
        .map((/** @type {any} */ { id, name, confidence }) => ({ id, name, confidence: Math.fround(confidence) }));
    assert.deepEqual(
        shown,
        card.tags.map((tag) => ({ ...tag, confidence: Math.fround(tag.confidence) })),
    );
}

/** The rows that a report should have in CSV. @param {any} report @returns {string[][]} */
function rowsOf({ path, error, tags, width, height, format, sha256, model, incomplete, decoder }) {
    const harmless = /^[=+\-@]/.test(path) ? `'${path}` : path;
    const texts = ["", "", ""];
    if (error) return [[harmless, ...Array(12).fill(""), `${error.code}: ${error.detail}`, "", "", ...texts]];
    const facts = [String(width), String(height), format, sha256, `${model.id} ${model.version}`];
    const about = [...facts, "", incomplete ? "true" : "", decoder ?? "", ...texts];
    if (tags.length === 0) return [[harmless, ...Array(7).fill(""), ...about]];
    return tags.map((/** @type {any} */ tag) => {
        const { id, name, category, confidence, score, source, parents } = tag;
        return [
            harmless,
            id,
            name,
            category ?? "",
            String(confidence),
            String(score),
            source,
            parents.join(" > "),
            ...about,
        ];
    });
}

test("the threshold changes what is shown at once and never runs the model", async () => {
    const page = await site.open("", HIGH);
    const subjects = /** @type {(keyof typeof SHARES)[]} */ (Object.keys(SHARES));
    await addFiles(
        page,
        subjects.map((what) => painted(`${what}.png`, what)),
    );
    await waitUntilDone(page);
    const nTagged = await nCalls(page, "tag");
    const nMeasured = () => page.evaluate(() => performance.getEntriesByName("tagsmith:tag").length);
    assert.deepEqual(
        [nTagged, await nMeasured()],
        [subjects.length, subjects.length],
        "each picture was tagged once, and both counts see it",
    );
    let shown = Infinity;
    for (const percent of [1, 5, 20, 60, 95]) {
        await setThreshold(page, percent);
        const nShown = await count(page, "tags");
        assert.ok(nShown < shown, `${nShown} tags at ${percent} %, ${shown} before`);
        for (const { tags } of await cards(page)) for (const tag of tags) assert.ok(tag.confidence >= percent / 100);
        shown = nShown;
    }
    await page.click('[data-preset="generous"]');
    await page.focus(".card-name");
    await page.keyboard.press("]");
    await waitForIdle(page);
    const moved = Math.round(PAINTED_SETTINGS.generous * 100) + 2;
    assert.equal(await page.inputValue('[data-do="threshold"]'), String(moved));
    assert.deepEqual([await nCalls(page, "tag"), await nMeasured()], [subjects.length, subjects.length]);
    const reports = await exportReports(page);
    assert.ok(
        reports.every(({ tags }) => tags.every((/** @type {any} */ { confidence }) => confidence >= moved / 100)),
        "the export follows",
    );
    await waitForIdle(page); // a step back in the history, for a layer that was closed, calls a reload off
    await page.reload();
    await addFiles(page, [painted("cup.png", "cup")]);
    await waitUntilDone(page);
    assert.equal(await page.inputValue('[data-do="threshold"]'), String(moved), "and it is remembered");
});

test("cancel leaves what waits in the grid, not tagged, and Resume tags it", async () => {
    const page = await site.open("?workers=1", HIGH);
    await waitUntilReady(page);
    await holdCalls(page, "tag", 3, () =>
        addFiles(
            page,
            Array.from({ length: 60 }, (_, idx) => painted(`${idx}.jpg`, "cat")),
        ),
    );
    await page.click('[data-do="cancel"]');
    await letCallsGo(page);
    await waitUntilDone(page);
    const done = 4; // three, and one that was under way
    const states = async () => (await cards(page)).map(({ state }) => state);
    const all = await cards(page);
    all.forEach(({ path, state, tags }, idx) =>
        assert.deepEqual([path, state, tags.length > 0], [`${idx}.jpg`, idx < done ? "done" : "stopped", idx < done]),
    );
    assert.equal(await nCalls(page, "tag"), done, "nothing else was tagged");
    assert.match((await page.textContent('[data-view="said"]')) ?? "", /Cancelled\. 56 pictures aren’t tagged\./);
    assert.equal((await exportReports(page)).length, done);
    await addFiles(page, [painted("later.jpg", "cup")]);
    await waitUntilDone(page);
    assert.equal((await cards(page)).at(-1)?.tags[0]?.id, "espresso", "the next picture is tagged as ever");
    assert.equal((await states()).filter((state) => state === "stopped").length, 56, "and no other");
    await page.click('[data-do="tag-stopped"]');
    await waitUntilDone(page);
    assert.deepEqual([...new Set(await states())], ["done"]);
});

test("the page speaks Swedish when it is told to, tags and errors included, and remembers it", async () => {
    const page = await site.open();
    await addFiles(page, [painted("light.png", "light"), file("fixtures/pictures/bad/empty.png")]);
    await waitUntilDone(page);
    const english = await cards(page);
    await page.selectOption('[data-do="language"]', "sv");
    await waitForIdle(page);
    const swedish = await cards(page);
    assert.equal(await page.getAttribute("html", "lang"), "sv");
    assert.equal((await page.textContent('[data-do="export"]'))?.trim(), "Exportera");
    assert.equal(swedish[1]?.reason, "Filen är tom. Kopiera den från originalet igen.");
    assert.deepEqual(
        swedish[0]?.tags.map(({ id }) => id),
        english[0]?.tags.map(({ id }) => id),
    );
    assert.notEqual(swedish[0]?.tags[0]?.name, english[0]?.tags[0]?.name);
    assert.equal((await exportReports(page))[0].tags[0].name, swedish[0]?.tags[0]?.name);
    assert.equal(await nCalls(page, "tag"), 2);
    await page.reload();
    await waitUntilReady(page);
    await waitUntilDone(page);
    assert.deepEqual(await cards(page), swedish);
    assert.equal((await page.textContent('[data-do="export"]'))?.trim(), "Exportera");
});

test("a browser that prefers Swedish gets it without asking", async () => {
    const page = await site.open("", { locale: "sv-SE" });
    await page.waitForSelector(".drop-area h2");
    assert.equal(await page.getAttribute("html", "lang"), "sv", "and nothing is shown in another language first");
});

test("the keyboard alone leads to a card, its details, and the threshold", async () => {
    const page = await site.open();
    await addFiles(
        page,
        Array.from({ length: 12 }, (_, idx) => painted(`${idx}.jpg`, "cup")),
    );
    await waitUntilDone(page);
    const focused = () =>
        page.evaluate(
            () => document.activeElement?.getAttribute("data-do") ?? document.activeElement?.textContent?.trim() ?? "",
        );
    const tabUntil = async (/** @type {string} */ wanted) => {
        for (let n = 0; n < 20; n++) {
            await page.keyboard.press("Tab");
            if ((await focused()) === wanted) return;
        }
        assert.fail(`Tab does not lead to ${wanted}`);
    };
    await tabUntil("threshold");
    const before = Number(await page.inputValue('[data-do="threshold"]'));
    await page.keyboard.press("ArrowRight");
    assert.equal(Number(await page.inputValue('[data-do="threshold"]')), before + 1);
    await tabUntil("0.jpg");
    const columns = await page.$$eval(
        ".card",
        (all) => new Set(all.map((card) => Math.round(card.getBoundingClientRect().x))).size,
    );
    for (const [key, wanted] of /** @type {const} */ ([
        ["ArrowRight", 1],
        ["ArrowDown", 1 + columns],
        ["ArrowLeft", columns],
        ["End", 11],
        ["Home", 0],
    ])) {
        await page.keyboard.press(key);
        await waitForIdle(page);
        assert.equal(await focused(), `${wanted}.jpg`, key);
    }
    await page.keyboard.press("Enter");
    await page.waitForSelector('.details[data-path="0.jpg"]');
    await page.keyboard.press("Escape");
    await page.waitForSelector(".details", { state: "detached" });
    assert.equal(await focused(), "0.jpg");
});
