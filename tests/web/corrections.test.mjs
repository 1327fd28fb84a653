/** What people say of tags: it holds against every threshold and every new run, and all of it can be taken back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCsv } from "./csv.mjs";
import {
    addFiles,
    cards,
    count,
    exportAs,
    exportReports,
    nCalls,
    setThreshold,
    usePage,
    waitForIdle,
    waitUntilDone,
} from "./harness.mjs";
import { painted } from "./painted.mjs";
import { addTag, nextStep, openPicture, press, row, rows, use } from "./inspect.mjs";
import { rest, undoAll } from "./rest.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
const SOME = /** @type {const} */ (["cat", "cup", "rocket", "man", "clock", "light"]);

/** At which each picture has something to correct. */
const LOW = 5;
const tagged = site.inTurn(async () => {
    const page = await site.open();
    await addFiles(
        page,
        SOME.map((name) => painted(`${name}.jpg`, name)),
    );
    await waitUntilDone(page);
    return page;
});

/** What is said of each picture, without what the clock says. @type {string[] | null} */
let uncorrected = null;

/** Six pictures of which nobody has said anything. */
async function six() {
    const page = await tagged();
    await page.selectOption('[data-do="language"]', "en");
    await rest(page, LOW);
    await undoAll(page);
    await rest(page, LOW);
    const reports = (await exportReports(page)).map(({ timings_ms: _, ...report }) => JSON.stringify(report));
    assert.deepEqual(reports, (uncorrected ??= reports), "nothing is left of the test before");
    return page;
}

const single = site.inTurn(async () => {
    const page = await site.open();
    await addFiles(page, [painted("picture.jpg", "cup")]);
    await waitUntilDone(page);
    return page;
});

/** A picture of which nobody has said anything, in the inspector. */
async function one() {
    const page = await single();
    await rest(page);
    await undoAll(page);
    await rest(page);
    await openPicture(page, "picture.jpg");
    const said = (await rows(page)).filter(({ kind }) => /manual|rejected/.test(kind));
    assert.deepEqual(said, [], "nothing is left of the test before");
    return page;
}

/** Six pictures with many tags each. @param {Page} page */
async function tagSixWithMany(page) {
    const tags = /** @type {const} */ ([
        "rocket",
        "espresso",
        "tabby-cat",
        "castle",
        "tripod",
        "balloon",
        "traffic-light",
        "crossword",
    ]);
    const shares = [0.27, 0.2, 0.14, 0.11, 0.09, 0.08, 0.06, 0.05];
    const pictures = Array.from({ length: 6 }, (_, first) => {
        const what = Object.fromEntries(shares.map((share, idx) => [tags[(first + idx) % tags.length], share]));
        return painted(`${first}.png`, what);
    });
    await addFiles(page, pictures);
    await waitUntilDone(page);
}

/** Tags of one card, as they are drawn. @param {Page} page @param {string} path */
const cardTags = async (page, path) =>
    (await cards(page)).find((card) => card.path === path)?.tags ?? assert.fail(path);

/** Both exports, without what the clock says. @param {Page} page */
async function exports(page) {
    const { text: csv } = await exportAs(page, "csv");
    const reports = await exportReports(page);
    return { csv, jsonl: reports.map(({ timings_ms: _, ...report }) => JSON.stringify(report)).join("\n") };
}

/** Undoes or does again until there is nothing more. @param {Page} page @param {"undo" | "redo"} which @returns {Promise<number>} how often */
async function allTheWay(page, which) {
    const n = await page.evaluate(async (which) => {
        const drawn = () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        const press = (/** @type {string} */ selector) =>
            /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click();
        for (let n = 0; ; n++) {
            await drawn();
            // The inspector goes with its picture; another one has the same buttons.
            if (!document.querySelector(".details")) press(".card .card-name");
            await drawn();
            if (document.querySelector(`.details [data-do="${which}"]`)?.getAttribute("aria-disabled") === "true")
                return n;
            press(`.details [data-do="${which}"]`);
        }
    }, which);
    await waitForIdle(page);
    return n;
}

// The first, as there is nothing yet to do again.
test("each kind of correction can be undone and done again, and the button says which", async () => {
    const page = await six();
    await openPicture(page, "cat.jpg");
    const [tag] = (await rows(page)).filter(({ kind }) => kind === "auto");
    const [nearly] = (await rows(page)).filter(({ kind }) => kind === "nearly");
    assert.ok(tag && nearly);
    assert.deepEqual(
        [await nextStep(page, "undo"), await nextStep(page, "redo")],
        ["Nothing to undo", "Nothing to redo"],
    );
    /** @type {[() => Promise<unknown>, string][]} */
    const steps = [
        [() => addTag(page, "Sotnos"), "Added “Sotnos”."],
        [() => press(page, tag.id, "accept-tag"), `Accepted “${tag.name}”.`],
        [() => press(page, tag.id, "leave-tag-open"), `Reset “${tag.name}” to automatic.`],
        [() => press(page, tag.id, "reject-tag"), `Removed “${tag.name}”.`],
        [() => press(page, nearly.id, "accept-tag"), `Accepted “${nearly.name}”.`],
        [() => press(page, "own:sotnos", "reject-tag"), "Removed “Sotnos”."],
        [() => press(page, tag.id, "put-back"), `Reset “${tag.name}” to automatic.`],
    ];
    const states = [await rows(page)];
    for (const [act, said] of steps) {
        await act();
        assert.equal(await nextStep(page, "undo"), `Undo: ${said}`);
        states.push(await rows(page));
        assert.notDeepEqual(states.at(-1), states.at(-2), said);
    }
    for (let at = steps.length - 1; at >= 0; at--) {
        await use(page, "undo");
        assert.deepEqual(await rows(page), states[at], `without: ${steps[at]?.[1]}`);
        assert.equal(await nextStep(page, "redo"), `Redo: ${steps[at]?.[1]}`);
    }
    for (let at = 1; at <= steps.length; at++) {
        await use(page, "redo");
        assert.deepEqual(await rows(page), states[at], `with: ${steps[at - 1]?.[1]}`);
    }
    await use(page, "undo");
    await addTag(page, "something else");
    assert.equal(await nextStep(page, "redo"), "Nothing to redo", "a new step ends what was undone");
});

test("a word of one's own and a word of the vocabulary, in whatever language, become the person's tags", async () => {
    const page = await six();
    await openPicture(page, "cat.jpg");
    await addTag(page, "  Sotnos på taket ");
    assert.deepEqual(await row(page, "own:sotnos på taket"), {
        id: "own:sotnos på taket",
        name: "Sotnos på taket",
        kind: "manual",
        confidence: 1,
        figure: null,
    });
    await addTag(page, "lodjur"); // Swedish, on an English page
    assert.deepEqual([(await row(page, "lynx"))?.kind, (await row(page, "lynx"))?.name], ["manual", "lynx"]);
    await addTag(page, "beach, Anna , beach");
    const own = (await rows(page)).filter(({ kind }) => kind === "manual").map(({ name }) => name);
    assert.deepEqual(own, ["Sotnos på taket", "lynx", "beach", "Anna"], "several at once, and none of them twice");
    const [first] = await exportReports(page);
    assert.deepEqual(
        first.tags.slice(0, 2).map((/** @type {any} */ { id, source, from }) => [id, source, from]),
        [
            ["own:sotnos på taket", "manual", "person"],
            ["lynx", "manual", "person"],
        ],
    );
    assert.equal(
        (await page.locator('.card[data-path="cat.jpg"] .chip.is-manual').count()) > 0,
        true,
        "the card shows it as the person's",
    );
    await page.selectOption('[data-do="language"]', "sv");
    await waitForIdle(page);
    assert.equal(
        (await row(page, "lynx"))?.name,
        "lodjur",
        "the vocabulary's tag follows the language, the own word stays",
    );
    assert.equal((await row(page, "own:sotnos på taket"))?.name, "Sotnos på taket");
});

test("what was accepted survives a threshold of 99 % and a new run, and what was removed does not come back", async () => {
    const page = await six();
    await openPicture(page, "cat.jpg");
    const shown = (await rows(page)).filter(({ kind }) => kind === "auto");
    const [kept, gone] = shown.map(({ id }) => id);
    assert.ok(kept && gone, `${shown.length} tags`);
    await press(page, kept, "accept-tag");
    await press(page, gone, "reject-tag");
    assert.deepEqual([(await row(page, kept))?.kind, (await row(page, gone))?.kind], ["manual", "rejected"]);

    await setThreshold(page, 99);
    assert.deepEqual(
        (await cardTags(page, "cat.jpg")).map(({ id }) => id),
        [kept],
    );
    await setThreshold(page, 1);
    const nTagged = await nCalls(page, "tag");
    await use(page, "tag-again");
    await waitUntilDone(page);
    assert.equal(await nCalls(page, "tag"), nTagged + 1, "the model has run again");
    assert.deepEqual([(await row(page, kept))?.kind, (await row(page, gone))?.kind], ["manual", "rejected"]);
    const tags = (await exportReports(page))[0].tags.map((/** @type {any} */ { id, source }) => [id, source]);
    assert.deepEqual(
        tags.filter((/** @type {string[]} */ [id]) => id === kept || id === gone),
        [[kept, "manual"]],
    );

    await press(page, gone, "put-back");
    assert.equal((await row(page, gone))?.kind, "auto");
    await press(page, kept, "leave-tag-open");
    assert.equal((await row(page, kept))?.kind, "auto", "and the model may decide again");
});

test("keys count in the order in which they are pressed, however fast", async () => {
    const page = await six();
    const tags = async () =>
        (await exportReports(page))
            .find(({ path }) => path === "rocket.jpg")
            ?.tags.map((/** @type {any} */ { id }) => id) ?? assert.fail("no rocket");
    const before = await tags();
    assert.ok(before.length > 2);
    await page.focus('.card[data-path="rocket.jpg"] .card-name');
    // In one go, as nobody's fingers could: each X takes off the last tag, Z brings the second one back.
    const fire = (/** @type {string[]} */ keys) =>
        page.evaluate((keys) => {
            for (const key of keys)
                document.activeElement?.dispatchEvent(
                    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
                );
        }, keys);
    await fire(["x", "x", "z"]);
    await waitForIdle(page);
    assert.deepEqual(await tags(), before.slice(0, -1));
    // The field is not drawn yet when the first letter comes.
    await fire(["t", "m", "i", "x"]);
    await waitForIdle(page);
    assert.equal(await page.inputValue('[data-box="inspector"]'), "mix");
    assert.deepEqual(await tags(), before.slice(0, -1), "and none of it was a key of the page");
});

test("the inspector corrects the picture that it shows, the selection bar those that are selected, as one step", async () => {
    const page = await six();
    await openPicture(page, "cup.jpg");
    for (const path of ["cat.jpg", "cup.jpg", "man.jpg"]) await select(page, path);
    const withIt = async (/** @type {string} */ id) =>
        (await exportAll(page))
            .filter(({ tags }) => tags.some((/** @type {any} */ tag) => tag.id === id))
            .map(({ path }) => path);
    await addTag(page, "alone");
    assert.deepEqual(await withIt("own:alone"), ["cup.jpg"], "a mark on one picture changes no other");
    assert.equal(await page.locator(".card.is-selected").count(), 3);

    await page.fill('[data-box="selection"]', "holiday");
    await page.press('[data-box="selection"]', "Enter");
    await waitForIdle(page);
    assert.match((await page.textContent('[data-view="said"]')) ?? "", /Added “holiday” to 3 pictures/);
    assert.deepEqual(await withIt("own:holiday"), ["cat.jpg", "cup.jpg", "man.jpg"]);
    await use(page, "undo");
    assert.deepEqual(await withIt("own:holiday"), []);
    await use(page, "redo");
    await press(page, "own:holiday", "reject-tag");
    assert.deepEqual(await withIt("own:holiday"), ["cat.jpg", "man.jpg"]);

    await page.click('.card[data-path="clock.jpg"] .card-name');
    await waitForIdle(page);
    assert.equal(await page.locator(".card.is-selected").count(), 0, "a plain click means this one");
    assert.equal(await page.getAttribute(".details", "data-path"), "clock.jpg");
});

test("a tag that only one of the selected pictures shows is accepted on that one, and its menu says so before", async () => {
    const page = await six();
    await page.keyboard.press("Control+a");
    await page.click('[data-do="accept_tag"]');
    const item = page.locator('[data-do="accept-tag-of"]', { hasText: "espresso" });
    assert.match((await item.textContent()) ?? "", /1 picture/);
    await item.click();
    await waitForIdle(page);
    const manual = (await exportReports(page)).filter(({ tags }) =>
        tags.some((/** @type {any} */ tag) => tag.source === "manual"),
    );
    assert.deepEqual(
        manual.map(({ path, tags }) => [path, tags[0].id]),
        [["cup.jpg", "espresso"]],
    );
});

/** @param {Page} page @param {string} path */
async function select(page, path) {
    await page.click(`.card[data-path="${path}"] .card-name`, { modifiers: ["Control"] });
    await waitForIdle(page);
}

/** The reports of all pictures, whatever is selected. @param {Page} page @returns {Promise<any[]>} */
async function exportAll(page) {
    const selected = await page.$$eval(".card.is-selected", (all) =>
        all.map((card) => card.getAttribute("data-path") ?? ""),
    );
    for (const path of selected) await select(page, path);
    const reports = await exportReports(page);
    for (const path of selected) await select(page, path);
    return reports;
}

/** The same numbers for the same seed (Mulberry32). @param {number} seed @returns {(n: number) => number} a whole number below n */
function dice(seed) {
    return (n) => {
        seed = (seed + 0x6d2b79f5) | 0;
        let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * n);
    };
}

const WORDS = [
    ...[
        "Sotnos",
        "beach",
        "lynx",
        "katt",
        "espresso",
        "Anna",
        "holiday 2026",
        "Ångström",
        "=1+1",
        "own:x",
        "Elsa",
        "picnic",
    ],
    ...[
        "sky",
        "kaffe",
        "grandmother",
        "for print",
        "Oslo",
        "2019",
        "to sort",
        "garden",
        "boat",
        "Misse",
        "snow",
        "blurred",
        "Nils",
        "winter",
        "kitchen",
        "Christmas",
        "red car",
        "print this",
        "train",
        "Uppsala",
    ],
];
/** One with which every kind of step comes up. */
const SEED = 7;
/** tests/web/undo.test.mjs takes many more, without the page. */
const N_STEPS = process.env["TAGSMITH_LONG"] ? 300 : 30;

test(`${N_STEPS} corrections at random, undone to the start and done again to the end, lead there to the byte`, async () => {
    const page = await site.open();
    await tagSixWithMany(page);
    await setThreshold(page, 12);
    const start = await exports(page);
    const roll = dice(SEED);
    /** @type {Record<string, number>} */
    const done = {};
    for (let n = 0; n < N_STEPS; n++) {
        const what = await randomStep(page, roll);
        done[what] = (done[what] ?? 0) + 1;
        await waitForIdle(page);
    }
    const kinds = ["add", "add-many", "accept-tag", "reject-tag", "leave", "threshold", "take-off"];
    for (const what of kinds) assert.ok((done[what] ?? 0) > 0, `${what}: ${JSON.stringify(done)}`);
    await selectNone(page);
    await setThreshold(page, 12);
    const end = await exports(page);
    assert.notEqual(end.csv, start.csv);

    const nUndone = await allTheWay(page, "undo");
    assert.ok(nUndone > N_STEPS / 2, `${nUndone} steps changed something: ${JSON.stringify(done)}`);
    await selectNone(page);
    assert.deepEqual(await exports(page), start);
    assert.equal(
        await count(page, "tags"),
        parseCsv(start.csv)
            .slice(1)
            .filter(([, tag]) => tag !== "").length,
    );
    assert.equal(await allTheWay(page, "redo"), nUndone);
    await selectNone(page);
    assert.deepEqual(await exports(page), end);
});

/** @param {Page} page */
async function selectNone(page) {
    for (const path of await page.$$eval(".card.is-selected", (all) =>
        all.map((card) => card.getAttribute("data-path") ?? ""),
    ))
        await select(page, path);
    await waitForIdle(page);
}

/**
 * One thing that somebody might do. Buttons are pressed by themselves, without the way of the pointer: so many of those would take long.
 * @param {Page} page @param {(n: number) => number} roll @returns {Promise<string>} what it was
 */
async function randomStep(page, roll) {
    const nCards = await page.locator(".card").count();
    if (!(await page.$(".details")) || roll(4) === 0) {
        await click(page, ".card .card-name", roll(nCards));
        await waitForIdle(page);
    }
    const choice = roll(20);
    if (choice < 5) {
        await page.fill('.details [data-do="add-tag"]', WORDS[roll(WORDS.length)] ?? "");
        await page.press('.details [data-do="add-tag"]', "Enter");
        return "add";
    }
    if (choice < 9) return clickSome(page, "accept-tag", roll);
    if (choice < 13) return clickSome(page, "reject-tag", roll);
    if (choice < 15)
        return (await clickSome(page, roll(2) ? "put-back" : "leave-tag-open", roll)) === "none" ? "none" : "leave";
    if (choice < 16) {
        await page.fill('[data-do="threshold"]', String(1 + roll(15)));
        return "threshold";
    }
    if (choice < 19) {
        for (let n = 0; n < 3; n++) await click(page, ".card .card-check", roll(nCards));
        await waitForIdle(page);
        if (!(await page.$('[data-box="selection"]'))) return "none"; // one of them, and off again
        await page.fill('[data-box="selection"]', WORDS[roll(WORDS.length)] ?? "");
        await page.press('[data-box="selection"]', "Enter");
        return "add-many";
    }
    const nChosen = await page.locator(".card.is-selected").count();
    // Somebody who takes off everything has nothing left to open.
    if (nCards - Math.max(1, nChosen) < 3) {
        for (let n = 0; n < 4; n++) await click(page, '.details [data-do="undo"]', 0);
        return "undo";
    }
    return clickSome(page, "take-off", roll);
}

/** @param {Page} page @param {string} name @param {(n: number) => number} roll */
async function clickSome(page, name, roll) {
    const n = await page.locator(`.details [data-do="${name}"]`).count();
    if (n === 0) return "none";
    await click(page, `.details [data-do="${name}"]`, roll(n));
    return name;
}

/** @param {Page} page @param {string} selector @param {number} idx */
const click = (page, selector, idx) =>
    page.$$eval(selector, (all, idx) => /** @type {HTMLElement | undefined} */ (all[idx])?.click(), idx);

const HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://elsewhere.test";"open me")',
    "+1",
    "-1",
    "@SUM(A1)",
    "x".repeat(100),
    "אדום <script>",
    "\u202egnp.exe",
    "🐈‍⬛👩‍👩‍👧",
    'quote " and; semicolon',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that looks like a template is meant
    "${1+1} {{2}}",
    "__proto__",
];

test("hostile words are only words, on the page, in a table and in lines of JSON", async () => {
    const page = await one();
    for (const word of HOSTILE) await addTag(page, word);
    const own = (await rows(page)).filter(({ kind }) => kind === "manual");
    assert.deepEqual(
        own.map(({ name }) => name),
        HOSTILE,
    );
    assert.deepEqual(
        own.map(({ id }) => id),
        HOSTILE.map((word) => `own:${word.toLowerCase().replace("\u202e", "")}`),
        "what only turns the direction is in the name, and makes no other tag",
    );
    assert.equal(await page.locator('img[src="x"], .details script, .card script').count(), 0);
    const widest = await page.$eval(".details", (panel) => panel.scrollWidth - panel.clientWidth);
    assert.ok(widest <= 0, "a long word makes nothing wider");
    assert.equal(
        (await page.$$(".tag-row bdi")).length,
        (await rows(page)).length,
        "a word that runs to the left turns only itself",
    );

    const [report] = await exportReports(page);
    const words = report.tags
        .filter((/** @type {any} */ { source }) => source === "manual")
        .map((/** @type {any} */ { name }) => name);
    assert.deepEqual(words, HOSTILE);
    const [header = [], ...table] = parseCsv((await exportAs(page, "csv")).text);
    const at = header.indexOf("name");
    assert.deepEqual(
        table.slice(0, HOSTILE.length).map((cells) => cells[at]?.replace(/^'(?=[=+\-@])/, "")),
        HOSTILE,
    );
    assert.ok(
        table.every((cells) => cells.every((cell) => !/^[=+\-@\t\r]/.test(cell))),
        "no cell is a formula",
    );
    for (const { id, name } of own.slice(0, 2)) {
        await page.click(`.details .tag-row[data-row=${JSON.stringify(id)}] [data-do="reject-tag"]`);
        await waitForIdle(page);
        assert.equal(await nextStep(page, "undo"), `Undo: Removed “${name}”.`);
    }
});

test("what cannot be a tag says why under the field, and nothing is lost of it", async () => {
    const page = await one();
    const before = await rows(page);
    const long = "x".repeat(101);
    await addTag(page, `beach, ${long}, Anna`);
    const field = '.details [data-do="add-tag"]';
    assert.equal(
        await page.textContent(".add-tag-error"),
        "This can’t be a tag. Enter one or a few words, at most 100 characters.",
    );
    assert.equal(await page.getAttribute(".add-tag-error", "data-code"), "tag_invalid");
    assert.equal(await page.getAttribute(field, "aria-invalid"), "true");
    assert.equal((await page.inputValue(field)).replace(/\s/g, ""), `${long},Anna`, "what came after it waits too");
    assert.deepEqual(
        (await rows(page)).filter(({ kind }) => kind === "manual").map(({ name }) => name),
        ["beach"],
    );
    await addTag(page, "  ,  , ");
    assert.equal(await page.textContent(".add-tag-error"), "", "nothing but commas and spaces is nothing at all");
    assert.equal((await rows(page)).length, before.length + 1);
});
