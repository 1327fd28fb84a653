/** Menus and dialogs: each of them by the keyboard alone, accessible, and within every window. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { speak, tooWide, wrongInAnyLook } from "./accessibility.mjs";
import { addFiles, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { PAINTED_SETTINGS, painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
const site = usePage({ model: "painted", flags });
/** Its self-test has answers to compare with. */
const bundled = usePage({ flags });

/** An empty page; for the walks, which leave nothing. */
const walked = site.inTurn(() => openReady(site));
/** For one after the other of what is looked at in all its looks. */
const looked = site.inTurn(() => openReady(site));

/** @param {typeof site} where */
async function openReady(where) {
    const page = await where.open();
    await waitUntilReady(page);
    return page;
}

/** What has the keyboard. @param {Page} page */
const focused = (page) =>
    page.evaluate(() => document.activeElement?.getAttribute("data-do") ?? document.activeElement?.id ?? "");

/** Presses Tab until a button has the keyboard. @param {Page} page @param {string} wanted */
async function tabTo(page, wanted) {
    for (let n = 0; n < 30; n++) {
        await page.keyboard.press("Tab");
        if ((await focused(page)) === wanted) return;
    }
    assert.fail(`Tab does not lead to ${wanted}`);
}

/** Opens the menu of a button with the keyboard, and chooses an item. @param {Page} page @param {string} menu @param {string} item */
async function choose(page, menu, item) {
    await tabTo(page, menu);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("role")?.startsWith("menuitem"));
    for (let n = 0; n < 10 && (await focused(page)) !== item; n++) await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), item);
    await page.keyboard.press("Enter");
}

/** How the keyboard comes to each dialog, where it comes from, and when the dialog is complete. @type {Record<string, {open: (page: Page) => Promise<unknown>, from: string, until: string}>} */
const DIALOGS = {
    settings: { open: (page) => choose(page, "more", "settings"), from: "more", until: ".settings" },
    help: { open: (page) => choose(page, "more", "help"), from: "more", until: ".help-keys" },
    storage: { open: (page) => choose(page, "more", "storage"), from: "more", until: ".storage" },
    own_tags: { open: (page) => choose(page, "more", "own-tags"), from: "more", until: ".own-limits" },
    camera: { open: (page) => choose(page, "add", "add-camera"), from: "add", until: '[data-do="shutter"]:focus' },
};

for (const [name, { open, from, until }] of Object.entries(DIALOGS)) {
    test(`the dialog "${name}" is opened, walked and closed by the keyboard alone, and the keyboard is back where it was`, async () => {
        const page = await walked();
        await open(page);
        await page.waitForSelector(`.dialog[data-dialog="${name}"][open] ${until}`);
        const isInside = () => page.evaluate(() => document.activeElement?.closest(".dialog") !== null);
        assert.ok(await isInside(), "the keyboard is in it");
        const reached = new Set();
        for (let n = 0; n < 40; n++) {
            await page.keyboard.press("Tab");
            // Beyond the last one lies the browser's own furniture, which counts as the page's body.
            assert.ok(
                (await isInside()) || (await page.evaluate(() => document.activeElement === document.body)),
                await focused(page),
            );
            reached.add(
                await page.evaluate(() =>
                    [...document.querySelectorAll("*")].indexOf(document.activeElement ?? document.body),
                ),
            );
        }
        const controls = await page.$$eval(".dialog :is(button, input, select):not([disabled])", (all) =>
            all.filter((one) => one.checkVisibility()).map((one) => [...document.querySelectorAll("*")].indexOf(one)),
        );
        assert.ok(controls.length > 1 && controls.every((idx) => reached.has(idx)), "Tab leads to everything in it");
        await page.keyboard.press("Escape");
        await page.waitForSelector(".dialog[open]", { state: "detached" });
        await waitForIdle(page);
        assert.equal(await focused(page), from);
    });
}

/** Every dialog as it is when something is in it. @type {Record<string, (page: Page) => Promise<unknown>>} */
const FILLED = {
    async help(page) {
        await page.keyboard.press("?");
        await page.waitForSelector(".help-keys");
    },
    async self_test(page) {
        await page.keyboard.press("?");
        await page.click('[data-do="open-self-test"]');
        await page.waitForSelector("[data-verdict]");
    },
    async camera(page) {
        await page.click('[data-do="add"]');
        await page.click('[data-do="add-camera"]');
        await page.waitForSelector('[data-do="shutter"]:not([disabled])');
    },
    async "menu of everything else"(page) {
        await page.click('[data-do="more"]');
    },
    async "menu for adding"(page) {
        await page.click('[data-do="add"]');
    },
    async "menu for exporting"(page) {
        await addFiles(page, [painted("cup.png", "cup")]);
        await waitUntilDone(page);
        await page.click('[data-do="export"]');
    },
    async own_tags(page) {
        await page.click('[data-do="more"]');
        await page.click('[data-do="own-tags"]');
        await page.fill('[data-do="new-tagger-name"]', "Shoes");
        await page.press('[data-do="new-tagger-name"]', "Enter");
        await page.waitForSelector('[data-section="when"]');
        await page.click(".own-limits summary");
        await waitForIdle(page);
    },
    // Last, because its rule stays.
    async settings(page) {
        await page.keyboard.press(",");
        await page.fill('[data-do="add-deny"]', "category:ani");
        await page.press('[data-do="add-deny"]', "Enter");
        await page.waitForSelector('[data-entry="category:animal"]');
        await page.fill('[data-do="add-allow"]', "cof");
        await page.waitForSelector('[data-list="allow"] [role="option"]');
    },
};

for (const [name, fill] of Object.entries(FILLED)) {
    test(`the ${name.startsWith("menu") ? name : `dialog "${name}"`} is accessible and fits every width, light and dark, in both languages`, async () => {
        const page = await (name === "self_test" ? openReady(bundled) : looked());
        await fill(page);
        /** @type {Record<string, unknown>} */
        const wrong = {};
        for (const language of ["en", "sv"]) {
            await speak(page, language);
            const found = await wrongInAnyLook(page, async () =>
                // The table of the self-test scrolls by itself, by the keyboard too.
                (await tooWide(page)).filter(
                    (one) =>
                        name !== "self_test" ||
                        !/self-test-table|^T(ABLE|HEAD|BODY|R|H|D)\.|^SPAN\.visually-hidden/.test(one),
                ),
            );
            if (Object.keys(found).length > 0) wrong[language] = found;
        }
        assert.deepEqual(wrong, {});
        await speak(page, "en");
        await page.keyboard.press("Escape");
        await waitForIdle(page);
    });
}

test("a menu is walked with the arrow keys, closed with Escape or by leaving it, and gives the keyboard back", async () => {
    const page = await walked();
    await page.focus('[data-do="more"]');
    await page.keyboard.press("ArrowDown");
    const until = (/** @type {string} */ name) =>
        page.waitForFunction((name) => document.activeElement?.getAttribute("data-do") === name, name);
    await until("settings");
    assert.equal(await page.getAttribute('[data-do="more"]', "aria-expanded"), "true");
    for (const [key, wanted] of /** @type {const} */ ([
        ["ArrowUp", "help"],
        ["ArrowDown", "settings"],
        ["End", "help"],
        ["Home", "settings"],
        ["ArrowDown", "models"],
    ])) {
        await page.keyboard.press(key);
        assert.equal(await focused(page), wanted, key);
    }
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "more");
    await page.waitForSelector('[data-do="more"][aria-expanded="false"]');
    await page.click('[data-do="add"]');
    await page.waitForSelector('[data-menu="add"] [role="menuitem"]');
    await page.click(".drop-area h2");
    await page.waitForSelector('[data-menu="add"] .menu-popup', { state: "hidden" });
    await page.click('[data-do="add"]');
    await page.waitForSelector('[data-menu="add"] [role="menuitem"]');
    await page.click('[data-do="add"]');
    await page.waitForSelector('[data-menu="add"] .menu-popup', { state: "hidden" });
});

test("a dialog closes with its button and by a click beside it, not by one inside, and the page's keys rest meanwhile", async () => {
    const page = await walked();
    for (const way of ["button", "beside"]) {
        await page.keyboard.press("?");
        await page.waitForSelector('.dialog[data-dialog="help"][open]');
        await page.click(".help h3");
        await page.keyboard.press(",");
        await waitForIdle(page);
        assert.equal(await page.locator('.dialog[data-dialog="help"][open]').count(), 1);
        if (way === "button") await page.click('[data-do="close-dialog"]');
        else await page.mouse.click(5, 300);
        await page.waitForSelector(".dialog[open]", { state: "detached" });
    }
});

test("the help names every key, the promise, the licences and the version", async () => {
    const page = await walked();
    await page.click('[data-do="promise"]');
    const text = (await page.innerText(".help")).replace(/\s+/g, " ");
    assert.match(text, /No pictures, tags or usage statistics leave this device/);
    assert.match(text, /THIRD_PARTY\.md/);
    assert.match(text, /Version \d+\.\d+\.\d+ \(build [0-9a-f]{10}\)/);
    assert.ok((await page.locator(".help-keys tbody tr").count()) >= 12);
    for (const words of ["Open settings", "Show this help"]) assert.ok(text.includes(words), words);
});

test("on a phone the foot holds adding, the threshold and exporting, and the threshold's three words act", async () => {
    const page = await site.open("", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await waitUntilReady(page);
    await addFiles(page, [painted("cup.png", "cup")]);
    await waitUntilDone(page);
    const places = await page.$$eval(".top-actions button.button", (all) =>
        all.map((one) => [
            one.getAttribute("data-do"),
            Math.round(one.getBoundingClientRect().x),
            Math.round(one.getBoundingClientRect().bottom),
        ]),
    );
    assert.deepEqual(
        places.sort((one, other) => Number(one[1]) - Number(other[1])).map(([name]) => name),
        ["add", "policy", "export"],
    );
    for (const [name, , bottom] of places)
        assert.ok(Number(bottom) > 690 && Number(bottom) <= 740, `${name} ends at ${bottom}`);
    await page.tap('[data-do="policy"]');
    await page.tap('[data-do="policy-generous"]');
    await waitForIdle(page);
    assert.equal((await page.textContent('[data-do="policy"]'))?.trim(), "Generous");
    assert.equal(await page.inputValue('[data-do="threshold"]'), String(Math.round(PAINTED_SETTINGS.generous * 100)));
});
