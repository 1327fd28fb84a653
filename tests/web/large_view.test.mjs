/** The large view, by hand and by keyboard; and that it and the inspector are accessible and fit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wrongInAnyLook } from "./accessibility.mjs";
import { addFiles, file, usePage, waitForIdle, waitUntilDone } from "./harness.mjs";
import { stopLongTimers } from "./idle.mjs";
import { addTag, focused, openPicture, press, row, rows, tagSome, use, waitForHeat } from "./inspect.mjs";
import { painted } from "./painted.mjs";
import { rest } from "./rest.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });

test("the large view shows the file itself, and where the browser cannot, its thumbnail and a line that says so", async () => {
    const page = await site.open();
    await addFiles(page, [
        painted("cat.png", "cat", { width: 451, height: 300 }),
        file("fixtures/pictures/good/rgb_16.tif", "scan.tif"),
        file("fixtures/pictures/bad/text.jpg", "text.jpg"),
    ]);
    await waitUntilDone(page);
    await openPicture(page, "cat.png");
    await use(page, "enlarge");
    await page.waitForSelector('.large-picture[data-file="shown"]');
    const shown = await page.$eval(".large-file", (image) => {
        const { naturalWidth, naturalHeight, src } = /** @type {HTMLImageElement} */ (image);
        const { width, height } = image.getBoundingClientRect();
        const stage = /** @type {Element} */ (document.querySelector(".large-place")).getBoundingClientRect();
        return {
            natural: [naturalWidth, naturalHeight],
            ratio: width / height,
            fill: Math.max(width / stage.width, height / stage.height),
            src,
        };
    });
    assert.deepEqual(shown.natural, [451, 300], "no thumbnail");
    assert.ok(Math.abs(shown.ratio - 451 / 300) < 0.01 && Math.abs(shown.fill - 1) < 0.01, JSON.stringify(shown));
    assert.ok(await page.isHidden(".large-line"));

    await use(page, "next");
    await page.waitForSelector('.large-picture[data-file="failed"]');
    assert.equal(await page.innerText(".large-line"), "Your browser can’t display this file. This is a small preview.");
    assert.ok(await page.$eval(".large-small", (image) => /** @type {HTMLImageElement} */ (image).naturalWidth > 0));
    const isGone = await page.evaluate(
        (url) =>
            fetch(url).then(
                () => false,
                () => true,
            ),
        shown.src,
    );
    assert.ok(isGone, "the address of the one before was given up");
    site.watch.allow(/ERR_FILE_NOT_FOUND|Content Security Policy|Refused to connect|Failed to load resource/); // by asking for it

    await use(page, "next");
    assert.equal(await page.getAttribute(".large", "data-path"), "text.jpg");
    assert.match(await page.innerText(".large-blank"), /This file isn’t a supported picture\./);
    await use(page, "close");
    await page.waitForSelector(".large", { state: "detached" });
});

test("what waits is never shown by the browser itself: it may be a bomb", async () => {
    site.watch.expect(/Failed to load resource/);
    const page = await site.open("", { prepare: (page) => page.route("**/model*.onnx", (route) => route.abort()) });
    await page.locator('.problem[data-code="engine_unreachable"]').waitFor();
    await addFiles(page, [file("fixtures/pictures/bad/drawing.svg", "drawing.svg"), painted("cat.png", "cat")]);
    for (const name of ["drawing.svg", "cat.png"]) {
        await openPicture(page, name);
        await use(page, "enlarge");
        await page.waitForSelector(`.large[data-path="${name}"]`);
        assert.equal(await page.locator(".large-file").count(), 0);
        assert.equal(await page.innerText(".large-blank"), "Waiting");
        await use(page, "close");
        await page.waitForSelector(".large", { state: "detached" });
    }
});

test("the large view and all its corrections are done by the keyboard alone, and it comes back where it left", async () => {
    const page = await site.open();
    await tagSome(page);
    await page.focus(".card-name");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".details");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".large");
    assert.equal(await page.getAttribute(".large", "role"), "dialog");
    assert.equal(await page.getAttribute(".large", "aria-label"), "Large view of cat.png");
    assert.equal(await focused(page), "large");
    assert.ok(
        await page.$eval(".page", (behind) => /** @type {HTMLElement} */ (behind).inert),
        "what lies behind is out of reach",
    );
    for (let n = 0; n < 30; n++) {
        await page.keyboard.press("Tab");
        assert.ok(
            await page.evaluate(
                () => document.activeElement === document.body || document.activeElement?.closest(".large") !== null,
            ),
            "Tab stays in it",
        );
    }
    await page.focus(".large");
    const ways = /** @type {const} */ ([
        ["ArrowRight", "cup.png"],
        ["ArrowRight", "rocket.png"],
        ["ArrowRight", "rocket.png"],
        ["Home", "cat.png"],
        ["ArrowLeft", "cat.png"],
    ]);
    for (const [key, wanted] of ways) {
        await page.keyboard.press(key);
        await waitForIdle(page);
        assert.equal(await page.getAttribute(".large", "data-path"), wanted, key);
    }

    const [first, second] = (await rows(page)).filter(({ kind }) => kind === "auto");
    assert.ok(first && second);
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), `${first.id} why`);
    await page.keyboard.press("w");
    await waitForHeat(page);
    await page.keyboard.press("a");
    await waitForIdle(page);
    assert.equal((await row(page, first.id))?.kind, "manual");
    assert.ok((await focused(page)).startsWith(first.id), `the keyboard stays on its row: ${await focused(page)}`);
    await page.keyboard.press("ArrowDown");
    assert.ok((await focused(page)).startsWith(second.id), await focused(page));
    await page.keyboard.press("x");
    await waitForIdle(page);
    assert.equal((await row(page, second.id))?.kind, "rejected");
    assert.notEqual(await focused(page), "", "the keyboard is not lost with the row");
    await page.keyboard.press("t");
    await waitForIdle(page);
    assert.equal(await focused(page), "add-tag");
    await page.keyboard.type("Sotnos");
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    assert.equal((await row(page, "own:sotnos"))?.kind, "manual");
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "large", "Escape leaves the field first");
    await page.keyboard.press("z");
    await waitForIdle(page);
    assert.equal(await row(page, "own:sotnos"), undefined);
    await page.keyboard.press("Shift+Z");
    await waitForIdle(page);
    assert.equal((await row(page, "own:sotnos"))?.kind, "manual");
    assert.match((await page.textContent('[data-view="said"]')) ?? "", /Redone: Added “Sotnos”\./);

    await page.keyboard.press("Escape");
    await page.waitForSelector(".large", { state: "detached" });
    assert.equal(await focused(page), "enlarge", "back in the inspector");
    assert.equal(await page.$eval(".page", (behind) => /** @type {HTMLElement} */ (behind).inert), false);
    await page.keyboard.press("Escape");
    await page.waitForSelector(".details", { state: "detached" });
    assert.equal(await focused(page), "card-name");
});

/** Where `tagSome` leaves the threshold. */
const PERCENT = 12;
const tagged = site.inTurn(async () => {
    const page = await site.open("", { prepare: stopLongTimers }); // a look takes longer than what shows for a moment
    await tagSome(page);
    return page;
});

/** Each begins with the tagged pictures; the last one leaves corrections. @type {Record<string, (page: Page) => Promise<unknown>>} */
const STATES = {
    async combobox(page) {
        await openPicture(page, "cat.png");
        await page.focus('.details [data-do="add-tag"]');
        await page.keyboard.type("ca");
        await page.waitForSelector('.details [role="option"]');
        await page.keyboard.press("ArrowDown");
    },
    async heat(page) {
        await openPicture(page, "cat.png");
        await page.click(".heat-why");
        await waitForHeat(page);
    },
    async large(page) {
        await openPicture(page, "rocket.png");
        await use(page, "enlarge");
        await page.waitForSelector('.large-picture[data-file="shown"]');
    },
    async "large-heat"(page) {
        await this["large"]?.(page);
        await page.click(".heat-why");
        await waitForHeat(page);
    },
    async inspector(page) {
        await openPicture(page, "cat.png");
        await addTag(page, "Sotnos");
        const [first, second] = (await rows(page)).filter(({ kind }) => kind === "auto");
        await press(page, first?.id ?? "", "accept-tag");
        await press(page, second?.id ?? "", "reject-tag");
    },
};

for (const [state, bringAbout] of Object.entries(STATES)) {
    test(`the ${state} is accessible and fits, light and dark, wide and narrow`, async () => {
        const page = await tagged();
        await page.setViewportSize({ width: 1440, height: 900 });
        await rest(page, PERCENT);
        await bringAbout.call(STATES, page);
        assert.deepEqual(await wrongInAnyLook(page), {});
    });
}
