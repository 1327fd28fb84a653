/** Every setting acts on what is tagged already, and is there at the next visit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
    addFiles,
    cards,
    exportReports,
    file,
    nCalls,
    setThreshold,
    waitForIdle,
    usePage,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { PAINTED_NAME, painted } from "./painted.mjs";
import { rest } from "./rest.mjs";
import { makeMortal, setDeathsLeft } from "./workers.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });

/** A cat that might be several, and a cup. @param {Page} page */
async function tagTwo(page) {
    await addFiles(page, [painted("cat.png", "cat"), painted("cup.png", "cup")]);
    await waitUntilDone(page);
}

const tagged = site.inTurn(async () => {
    const page = await site.open();
    await tagTwo(page);
    return page;
});

/** What is shown at the beginning. @type {string[][] | null} */
let first = null;

/** The two pictures, with no setting changed. */
async function two() {
    const page = await tagged();
    if (first) {
        await rest(page);
        await openSettings(page);
        await page.click('[data-do="reset-settings"]');
        await waitForIdle(page);
        await closeSettings(page);
    }
    const now = await shown(page);
    assert.deepEqual(now, (first ??= now), "nothing is left of the test before");
    return page;
}

/** @param {Page} page */
async function openSettings(page) {
    await page.click('[data-do="more"]');
    await page.click('[data-do="settings"]');
    await page.waitForSelector('.dialog[data-dialog="settings"][open]');
    await waitForIdle(page);
}

/** @param {Page} page */
async function closeSettings(page) {
    await page.keyboard.press("Escape");
    await page.waitForSelector(".dialog[open]", { state: "detached" });
    await waitForIdle(page);
}

/** @param {Page} page @param {string} name @param {string | number} value */
async function fill(page, name, value) {
    await page.fill(`[data-setting="${name}"]`, String(value));
    await page.press(`[data-setting="${name}"]`, "Tab");
    await waitForIdle(page);
}

/** Types into a list's field, and Enter. @param {Page} page @param {"allow" | "deny"} list @param {string} text */
async function enter(page, list, text) {
    await page.fill(`[data-do="add-${list}"]`, text);
    await page.press(`[data-do="add-${list}"]`, "Enter");
    await waitForIdle(page);
}

/** @param {Page} page @param {"allow" | "deny"} list */
const entries = (page, list) =>
    page.$$eval(`[data-list="${list}"] [data-entry]`, (all) => all.map((one) => one.getAttribute("data-entry")));

/** For `prepare`: what a visit before has left. @param {object} settings @returns {(page: Page) => Promise<unknown>} */
const remembering = (settings) => (page) =>
    page.addInitScript((text) => {
        if (localStorage.getItem("tagsmith.settings") === null) localStorage.setItem("tagsmith.settings", text);
    }, JSON.stringify(settings));

/** What is shown of each picture. @param {Page} page */
const shown = async (page) =>
    (await exportReports(page)).map(({ tags }) => tags.map((/** @type {any} */ { id }) => id));

test("the most tags of a picture are set at once, within their range, and remembered", async () => {
    const page = await two();
    await setThreshold(page, 1);
    const before = await shown(page);
    assert.ok(before.some((ids) => ids.length > 2));
    await openSettings(page);
    assert.equal(await page.inputValue('[data-setting="max_tags"]'), "8");
    await fill(page, "max_tags", 2);
    await closeSettings(page);
    assert.deepEqual(
        await shown(page),
        before.map((ids) => ids.slice(0, 2)),
    );
    assert.equal(await nCalls(page, "tag"), 2, "and nothing was tagged again");
    await page.reload();
    await tagTwo(page);
    assert.ok((await shown(page)).every((ids) => ids.length <= 2));
    await openSettings(page);
    assert.equal(await page.inputValue('[data-setting="max_tags"]'), "2");
    for (const [typed, wanted] of /** @type {const} */ ([
        ["999", "50"],
        ["0", "1"],
        ["", "8"],
    ])) {
        await fill(page, "max_tags", typed);
        assert.equal(await page.inputValue('[data-setting="max_tags"]'), wanted, `"${typed}"`);
    }
});

test("a tag and a whole category are never shown once they are on the deny list, and come back when they are taken off", async () => {
    const page = await two();
    await setThreshold(page, 2);
    const [cat = [], cup = []] = await shown(page);
    assert.ok(cat.includes("tabby-cat") && cat.includes("tripod") && cup.includes("espresso"));
    await openSettings(page);
    await page.fill('[data-do="add-deny"]', "esp");
    await page.waitForSelector('[data-list="deny"] [data-option="espresso"]');
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector('[data-option="espresso"][aria-selected="true"]');
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    await enter(page, "deny", "animal");
    assert.deepEqual(await entries(page, "deny"), ["espresso", "category:animal"]);
    await closeSettings(page);
    const [noCat = [], noCup = []] = await shown(page);
    assert.deepEqual(
        noCat,
        cat.filter((/** @type {string} */ id) => id !== "tabby-cat"),
        "every animal is gone, and nothing else",
    );
    assert.ok(!noCup.includes("espresso"));
    await page.reload();
    await tagTwo(page);
    assert.deepEqual(await shown(page), [noCat, noCup], "remembered");
    await openSettings(page);
    assert.match((await page.textContent('[data-entry="category:animal"]')) ?? "", /animal\s+category/);
    for (const entry of ["category:animal", "espresso"]) {
        await page.click(`[data-entry="${entry}"] button`);
        await waitForIdle(page);
        assert.equal(
            await page.evaluate(() => document.activeElement?.getAttribute("data-do")),
            "add-deny",
            "the keyboard stays in the list",
        );
    }
    assert.deepEqual(await entries(page, "deny"), []);
    await closeSettings(page);
    assert.deepEqual(await shown(page), [cat, cup]);
});

test("the allow list leaves nothing else, completions are chosen by hand too, and what nobody knows is refused with a sentence", async () => {
    const page = await two();
    await setThreshold(page, 2);
    await openSettings(page);
    await page.fill('[data-do="add-allow"]', "tiger c");
    await page.click('[data-list="allow"] [data-option="tabby-cat"]');
    await waitForIdle(page);
    assert.equal(await page.inputValue('[data-do="add-allow"]'), "");
    await enter(page, "allow", "<b>unicorn</b>");
    assert.match(
        (await page.textContent('[data-list="allow"] [role="alert"]')) ?? "",
        /has no tag or category called “<b>unicorn<\/b>”/,
    );
    assert.deepEqual(await entries(page, "allow"), ["tabby-cat"]);
    await page.keyboard.press("Escape");
    await page.waitForSelector(".dialog[open]", { state: "detached" });
    assert.deepEqual(await shown(page), [["tabby-cat"], []]);
});

test("with the keyboard in an empty field the arrow shows the categories, and Escape closes them before the dialog", async () => {
    const page = await two();
    await openSettings(page);
    await page.focus('[data-do="add-deny"]');
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector('[data-list="deny"] [data-option="category:animal"]');
    assert.equal(await page.getAttribute('[data-do="add-deny"]', "aria-expanded"), "true");
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.equal(await page.getAttribute('[data-do="add-deny"]', "aria-expanded"), "false");
    await closeSettings(page);
});

test("entries of another model are kept, dim and with a reason, and do no harm", async () => {
    const prepare = remembering({ deny: ["unicorn", "category:starship", "espresso"] });
    const page = await site.open("", { prepare });
    await tagTwo(page);
    assert.deepEqual((await shown(page))[1], ["drink"], "what lies above the espresso was not denied");
    await openSettings(page);
    assert.deepEqual(await entries(page, "deny"), ["unicorn", "category:starship", "espresso"]);
    const unknown = await page.$$eval('[data-list="deny"] .is-unknown', (all) =>
        all.map((one) => [one.getAttribute("data-entry"), one.getAttribute("title")]),
    );
    assert.deepEqual(
        unknown.map(([entry]) => entry),
        ["unicorn", "category:starship"],
    );
    for (const [, title] of unknown) assert.match(title ?? "", /The current model doesn’t know this entry/);
    assert.match((await page.textContent('[data-entry="unicorn"]')) ?? "", /unicorn/);
});

test("the languages of the page and of the tags are set apart, and the entries' names follow", async () => {
    const page = await site.open("", { prepare: remembering({ deny: ["tabby-cat"], threshold: 0.02 }) });
    await tagTwo(page);
    const nameOf = async () => (await exportReports(page))[0].tags[0].name;
    const english = await nameOf();
    await openSettings(page);
    const languages = await page.$$eval('[data-setting="tag_language"] option', (all) =>
        all.map((one) => [/** @type {HTMLOptionElement} */ (one).value, one.textContent?.trim()]),
    );
    assert.deepEqual(languages, [
        ...[
            ["", "Automatic (English)"],
            ["en", "English"],
            ["sv", "Swedish"],
            ["de", "German"],
        ],
        ...[
            ["fr", "French"],
            ["es", "Spanish"],
            ["ja", "Japanese"],
        ],
    ]);
    const entry = async () => (await page.textContent('[data-entry="tabby-cat"]'))?.trim();
    assert.equal(await entry(), "tabby cat");
    await page.selectOption('[data-setting="tag_language"]', "sv");
    await waitForIdle(page);
    assert.notEqual(await entry(), "tabby cat");
    await closeSettings(page);
    const swedish = await nameOf();
    assert.notEqual(swedish, english);
    assert.equal((await page.textContent('[data-do="export"]'))?.trim(), "Export", "the page's own words stay");
    await page.reload();
    await tagTwo(page);
    assert.equal(await nameOf(), swedish);
    await openSettings(page);
    await page.selectOption('[data-setting="page_language"]', "sv");
    await page.selectOption('[data-setting="tag_language"]', "en");
    await waitForIdle(page);
    assert.equal(await page.textContent("#dialog-title"), "Inställningar");
    await closeSettings(page);
    assert.equal(await nameOf(), english);
});

for (const [locale, name, words] of /** @type {const} */ ([
    ["de-DE", "Getigerte Katze", "German"],
    ["fr-CA", "chat tigré", "French"],
    ["es", "gato atigrado", "Spanish"],
    ["ja-JP", "トラ猫", "Japanese"],
])) {
    test(`a visitor whose browser is set to ${locale} gets tags in that language at once, on a page in English`, async () => {
        const page = await site.open("", { locale });
        await tagTwo(page);
        assert.equal(await page.getAttribute("html", "lang"), "en");
        const names = (await cards(page)).flatMap(({ tags }) => tags.map((tag) => tag.name));
        assert.ok(names.includes(name), names.join(", "));
        await openSettings(page);
        const setting = page.locator('[data-setting="tag_language"]');
        assert.equal(await setting.inputValue(), "");
        assert.equal((await setting.locator("option:checked").textContent())?.trim(), `Automatic (${words})`);
        await setting.selectOption("en");
        await closeSettings(page);
        await waitForIdle(page);
        const english = (await cards(page)).flatMap(({ tags }) => tags.map((tag) => tag.name));
        assert.ok(english.includes("tabby cat") && !english.includes(name), "what is chosen holds");
    });
}

test("with the switch off the run stops at the first picture that fails, and with it on it goes on", async () => {
    const page = await site.open("?workers=1");
    await waitUntilReady(page);
    await openSettings(page);
    assert.ok(await page.isChecked('[data-setting="go_on"]'), "on by default");
    await page.click('[data-setting="go_on"]');
    await closeSettings(page);
    await page.reload();
    await waitUntilReady(page);
    const some = (/** @type {string} */ name) => [
        file(`fixtures/pictures/bad/${name === "first" ? "empty" : "half_rgb"}.png`, `${name} bad.png`),
        ...[1, 2, 3].map((n) => painted(`${name} ${n}.jpg`, name === "first" ? "cup" : "cat")),
    ];
    await addFiles(page, some("first"));
    await page.locator(".toast", { hasText: "Paused: first bad.png" }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.card[aria-busy="true"]').length === 0);
    assert.ok((await cards(page)).filter(({ state }) => state === "queued").length >= 2, "the others wait");
    await openSettings(page);
    await page.click('[data-setting="go_on"]');
    await closeSettings(page);
    await page.click('[data-do="go-on"]');
    await waitUntilDone(page);
    await addFiles(page, some("second"));
    await waitUntilDone(page);
    const states = (await cards(page)).map(({ path, state }) => [path, state]);
    assert.ok(
        states.every(([path, state]) => state === (/bad/.test(path ?? "") ? "failed" : "done")),
        String(states),
    );
});

test("with no restart allowed the first crash switches the model off, with a message and a button that brings it back", async () => {
    site.watch.allow(/dead on purpose/);
    const page = await site.open("?workers=1", { prepare: (page) => makeMortal(page, "throws") });
    await waitUntilReady(page);
    await openSettings(page);
    await fill(page, "relaunches", 0);
    await fill(page, "relaunch_window_s", 120);
    await closeSettings(page);
    await setDeathsLeft(page, 1);
    await addFiles(page, [painted("deadly.jpg", "cup"), painted("next.jpg", "cup")]);
    const problem = page.locator('.problem[data-code="local_model_off"]');
    assert.match((await problem.textContent()) ?? "", /The model was turned off after several crashes/);
    assert.equal(await page.getAttribute("html", "data-engine"), "off");
    assert.equal(await nCalls(page, "start_tagger"), 1, "it was not started again");
    await page.click('[data-do="try-again"]');
    await waitUntilDone(page);
    assert.deepEqual(
        (await cards(page)).map(({ state }) => state),
        ["done", "done"],
    );
    await page.reload();
    await waitUntilReady(page);
    await openSettings(page);
    assert.deepEqual(
        [
            await page.inputValue('[data-setting="relaunches"]'),
            await page.inputValue('[data-setting="relaunch_window_s"]'),
        ],
        ["0", "120"],
    );
});

test("everything is put back at once, and that can be undone", async () => {
    const page = await two();
    await setThreshold(page, 3);
    await openSettings(page);
    await fill(page, "max_tags", 3);
    await enter(page, "deny", "espresso");
    const before = await page.evaluate(() => localStorage.getItem("tagsmith.settings"));
    await page.click('[data-do="reset-settings"]');
    await waitForIdle(page);
    assert.deepEqual([await entries(page, "deny"), await page.inputValue('[data-setting="max_tags"]')], [[], "8"]);
    assert.match(await page.innerText(".dialog-notice"), /Settings reset/);
    await page.click('[data-do="undo-reset"]');
    await waitForIdle(page);
    assert.deepEqual(
        [await entries(page, "deny"), await page.inputValue('[data-setting="max_tags"]')],
        [["espresso"], "3"],
    );
    assert.equal(await page.evaluate(() => localStorage.getItem("tagsmith.settings")), before);
    await closeSettings(page);
    assert.equal(await page.inputValue('[data-do="threshold"]'), "3");
    assert.equal(await page.isDisabled('.top-bar [data-do="redo"]'), false);
});

const NONSENSE = [
    "}{",
    "null",
    "7",
    '"text"',
    "[]",
    '{"threshold":"high","max_tags":-4,"allow":"cat","deny":[1,null,{}],"tag_language":{},"relaunches":1e9}',
    '{"threshold":1e999,"max_tags":{"a":1},"allow":[[]],"is_stopping_at_errors":"yes","relaunch_window_s":-1,"tag_language":"zz-%%","__proto__":{"max_tags":1}}',
];

test("nonsense among what is remembered does no harm, and what makes sense of it holds", async () => {
    const page = await site.open();
    for (const text of NONSENSE) {
        await page.evaluate((text) => localStorage.setItem("tagsmith.settings", text), text);
        await page.reload();
        await waitUntilReady(page);
        await addFiles(page, [painted("picture.png", "cup")]);
        await waitUntilDone(page);
        assert.deepEqual(
            (await cards(page))[0]?.tags.map(({ id }) => id),
            ["espresso"],
            text,
        );
        await openSettings(page);
        const values = await page.$$eval(".settings input[type=number]", (all) =>
            all.map((one) => /** @type {HTMLInputElement} */ (one).value),
        );
        assert.deepEqual(values, ["8", "", "5", "60"], text);
        assert.deepEqual([await entries(page, "allow"), await entries(page, "deny")], [[], []], text);
    }
    await page.evaluate(() => localStorage.setItem("tagsmith.settings", '{"max_tags":4,"threshold":"high"}'));
    await page.reload();
    await waitUntilReady(page);
    await openSettings(page);
    assert.equal(await page.inputValue('[data-setting="max_tags"]'), "4");
});

test("the model in use is named, and its button leads to the models", async () => {
    const page = await two();
    await openSettings(page);
    assert.match(
        (await page.innerText(".settings")).replace(/\s+/g, " "),
        new RegExp(`${PAINTED_NAME}, version 1\\.0\\.0 Recognises 1,?\\d{3} tags\\.`),
    );
    await page.click('[data-do="open-models"]');
    await page.waitForSelector('.dialog[data-dialog="models"][open]');
});
