/**
 * How the page looks in each of its states: accessible, nothing wider than the window, and like the kept pictures in tests/web/screens.
 * `UPDATE_SCREENSHOTS=1` keeps what is there now (look at it first: target/screenshots); `UPDATE_README=1` makes the pictures of the
 * README and of docs/USING.md anew.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SIZES, findings, tooWide, wrongInAnyLook } from "./accessibility.mjs";
import { inMenu, makeCollection, openFromMore } from "./collections.mjs";
import {
    ROOT,
    addFiles,
    file,
    goldenCases,
    setThreshold,
    usePage,
    waitForIdle,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { stopLongTimers } from "./idle.mjs";
import { rest } from "./rest.mjs";
import { people } from "./second_look.mjs";
import { calm, compareScreen, differences, halfSize, otherFonts } from "./screens.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage();
/** The photographs first: they are what the page is for. */
const ORDER = [
    "coffee",
    "chelsea",
    "camera_grey",
    "astronaut",
    "rocket_progressive",
    "drawn_traffic_light_alpha",
    "drawn_crossword_one_bit",
    "clock_webp",
];

/** Pictures as people have them, and one broken file. @param {Page} page */
async function tagSome(page) {
    await waitUntilReady(page);
    const all = goldenCases();
    const some = ORDER.map((name) => all.find((one) => one.name === name) ?? assert.fail(name));
    await addFiles(
        page,
        some.map(({ name, path }) => file(path, `${name}.${path.split(".").pop()}`)),
    );
    await addFiles(page, [
        file("fixtures/pictures/bad/half_baseline_420.jpg", "cut off while copying, with a rather long name.jpg"),
    ]);
    await waitUntilDone(page);
    await waitForIdle(page);
}

/** @param {Page} page */
async function openFirst(page) {
    await page.click(".card-frame");
    await page.waitForSelector(".details");
    await waitForIdle(page);
}

/** @param {Page} page @param {string} key @param {string} dialog */
async function openDialog(page, key, dialog) {
    await page.keyboard.press(key);
    await page.waitForSelector(`dialog[open][data-dialog="${dialog}"]`);
    await waitForIdle(page);
}

/** States that begin with an empty page. @type {Record<string, (page: Page) => Promise<unknown>>} */
const FROM_NOTHING = {
    empty: (page) => waitUntilReady(page),
    async boxes(page) {
        await waitUntilReady(page);
        const crew = await people(page, "crew.jpg", { n: 3, width: 1200, height: 480 });
        await addFiles(page, [crew, file("cases/coffee/picture.jpg", "coffee.jpg")]);
        await waitUntilDone(page);
        await page.focus(".card-name");
        await page.keyboard.press("Enter");
        await page.click('.details .tag-row [data-do="why"]');
        await page.waitForSelector(".box.is-pointed");
        await waitForIdle(page);
    },
    async error(page) {
        site.watch.expect(/Failed to load resource/);
        await page.route("**/model*.onnx", (route) => route.abort());
        await page.reload();
        await page.waitForSelector(".problem");
        await addFiles(page, [file("cases/coffee/picture.jpg")]);
        await page.waitForSelector(".card");
    },
};

/**
 * States that begin with the pictures, one after another in one page; the last one leaves collections.
 * @type {Record<string, (page: Page) => Promise<unknown>>}
 */
const FROM_PICTURES = {
    pictures: async () => {},
    details: openFirst,
    async why(page) {
        await openFirst(page);
        await page.click('.details [data-do="why"]');
        await page.waitForSelector(".heat-words p");
        await waitForIdle(page);
    },
    async large(page) {
        await openFirst(page);
        await page.click('.details [data-do="enlarge"]');
        await page.waitForSelector('[data-view="large"] img');
        await waitForIdle(page);
    },
    async selection(page) {
        await page.focus(".card-name");
        await page.keyboard.press("Space");
        await page.keyboard.press("Shift+ArrowRight");
        await page.waitForSelector('[data-count="selected"]');
        await waitForIdle(page);
    },
    async threshold(page) {
        await setThreshold(page, 30);
        await page.waitForSelector(".edge");
    },
    async storage(page) {
        await openFromMore(page, "storage");
        await page.waitForSelector('[data-count="backup"]:not([data-value=""])');
        await waitForIdle(page);
    },
    settings: (page) => openDialog(page, ",", "settings"),
    help: (page) => openDialog(page, "?", "help"),
    async models(page) {
        await openDialog(page, ",", "settings");
        await page.click('[data-do="open-models"]');
        await page.waitForSelector('dialog[open][data-dialog="models"] [data-model]');
        await waitForIdle(page);
    },
    async self_test(page) {
        await openDialog(page, "?", "help");
        await page.click('[data-do="open-self-test"]');
        await page.waitForSelector("[data-verdict]");
        await waitForIdle(page);
    },
    async collections(page) {
        for (const name of ["Holiday by the sea", "Portraits"]) await makeCollection(page, name);
        await inMenu(page, "choose-collection", "My pictures");
        await page.waitForSelector(".card");
        await page.click('[data-do="collections"]');
        await waitForIdle(page);
    },
};

const open = () => site.open("", { prepare: stopLongTimers });
/** Where the threshold of that page is. */
let percent = 0;
const pictures = site.inTurn(async () => {
    const page = await open();
    await tagSome(page);
    percent = Number(await page.inputValue('[data-do="threshold"]'));
    return page;
});
const WIDEST = SIZES.at(-1) ?? assert.fail();

for (const [state, bringAbout] of Object.entries({ ...FROM_NOTHING, ...FROM_PICTURES })) {
    test(`the page in the state "${state}" looks as it was kept, fits every width and is accessible, light and dark`, async (testContext) => {
        const page = await (state in FROM_PICTURES ? pictures : open)();
        if (state in FROM_PICTURES) {
            await page.setViewportSize(WIDEST);
            await rest(page, percent);
        }
        await bringAbout(page);
        const reason = await otherFonts(page);
        const wrong = await wrongInAnyLook(page, async (place) => {
            const unlike = reason ? null : await compareScreen(page, `${state}-${place}`);
            return [...(unlike ? [unlike] : []), ...(await tooWide(page))];
        });
        assert.deepEqual(wrong, {});
        if (reason) testContext.skip(`It fits and is accessible. ${reason}`);
    });
}

test("the search for what is too wide and the search for what is not accessible do find something", async () => {
    const page = await site.open();
    await page.evaluate(() => {
        const wide = Object.assign(document.createElement("p"), { className: "wide", textContent: "x" });
        wide.style.width = "3000px";
        document
            .querySelector("main")
            ?.append(wide, document.createElement("button"), Object.assign(new Image(), { src: "data:," }));
    });
    assert.ok((await tooWide(page)).some((name) => name.startsWith("P.wide")));
    assert.match((await findings(page)).join(), /button-name.*image-alt|image-alt.*button-name/);
});

test("a screenshot passes against itself, and not when a part of it is missing or elsewhere", async () => {
    const page = await site.open("", { viewport: { width: 768, height: 1024 } });
    await waitUntilReady(page);
    await waitForIdle(page);
    const bench = await page.context().newPage();
    const shot = async () => {
        await calm(page);
        return page.screenshot();
    };
    const taken = await shot();
    const kept = Buffer.from(await bench.evaluate(halfSize, taken.toString("base64")), "base64");
    const found = async () => differences(bench, await shot(), kept);
    /** In the page: each gives what takes it back, which costs no other start. @type {Record<string, () => () => void>} */
    const faults = {
        "a part is missing": () => {
            const part = /** @type {Element} */ (document.querySelector(".drop-samples"));
            const place = document.createComment("");
            part.replaceWith(place);
            return () => place.replaceWith(part);
        },
        "an icon is missing": () => {
            const icon = /** @type {Element} */ (document.querySelector(".top-bar svg"));
            icon.setAttribute("visibility", "hidden");
            return () => icon.removeAttribute("visibility");
        },
        "something has moved by 4 pixels": () => {
            const title = /** @type {HTMLElement} */ (document.querySelector(".drop-area h2"));
            title.style.translate = "0 4px";
            return () => void title.style.removeProperty("translate");
        },
        "a quiet line is missing": () => {
            const line = /** @type {Element} */ (document.querySelector(".drop-ways"));
            line.setAttribute("hidden", "");
            return () => line.removeAttribute("hidden");
        },
        "a hole of 161 × 161 pixels": () => {
            const hole = document.body.appendChild(document.createElement("div"));
            hole.style.cssText =
                "position: fixed; left: 300px; top: 300px; width: 161px; height: 161px; background: CanvasText";
            return () => hole.remove();
        },
    };
    assert.deepEqual(await found(), []);
    for (const [fault, bringAbout] of Object.entries(faults)) {
        const takeBack = await page.evaluateHandle(bringAbout);
        assert.notDeepEqual(await found(), [], fault);
        await takeBack.evaluate((takeBack) => takeBack());
        assert.deepEqual(await found(), [], `after ${fault}`);
    }
});

if (process.env["UPDATE_README"]) {
    const PICTURES = /** @type {Record<string, string>} */ ({
        empty: "empty",
        threshold: "threshold",
        details: "inspector",
        why: "why",
        collections: "collections",
        storage: "storage",
        settings: "settings",
        models: "models",
        self_test: "self_test",
    });
    for (const [state, name] of Object.entries(PICTURES)) {
        test(`the picture of ${name} in the guide shows the page as it is`, async () => {
            const page = await site.open("", {
                viewport: { width: 1180, height: 760 },
                colorScheme: "light",
                prepare: stopLongTimers,
            });
            if (state in FROM_PICTURES) await tagSome(page);
            await { ...FROM_NOTHING, ...FROM_PICTURES }[state]?.(page);
            mkdirSync(join(ROOT, "docs/using"), { recursive: true });
            const bench = await page.context().newPage();
            const shot = (await page.screenshot()).toString("base64");
            const webp = await bench.evaluate(async (base64) => {
                const bitmap = await createImageBitmap(
                    new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]),
                );
                const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
                canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
                const bytes = new Uint8Array(
                    await (await canvas.convertToBlob({ type: "image/webp", quality: 0.85 })).arrayBuffer(),
                );
                return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
            }, shot);
            writeFileSync(join(ROOT, `docs/using/${name}.webp`), Buffer.from(webp, "base64"));
        });
    }

    test("the picture in the README shows the page at work", async () => {
        const page = await site.open("", {
            viewport: { width: 1440, height: 900 },
            colorScheme: "light",
        });
        await tagSome(page);
        await openFirst(page);
        await page.screenshot({ path: join(ROOT, "docs/screenshot.png") });
    });
}
