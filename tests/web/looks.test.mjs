/**
 * How the page looks: accessible in each of its states, nothing wider than the window, and pictures of it in target/screenshots for
 * people to look at. `UPDATE_README=1` also makes docs/screenshot.png anew.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findings, too_wide } from "./accessibility.mjs";
import { ROOT, add_files, file, golden_cases, set_threshold, use_page, wait_until_done, wait_until_ready } from "./harness.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = use_page();
const SCREENSHOTS = join(ROOT, "target/screenshots");
const SIZES = [{ width: 360, height: 740 }, { width: 768, height: 1024 }, { width: 1440, height: 900 }];
const SCHEMES = /** @type {const} */ (["light", "dark"]);
/** The photographs first: they are what the page is for. */
const ORDER = ["coffee", "chelsea", "camera_grey", "astronaut", "rocket_progressive", "drawn_traffic_light_alpha", "drawn_crossword_one_bit", "clock_webp"];

/** Pictures as people have them, and one broken file. @param {Page} page */
async function tag_some(page) {
    const all = golden_cases();
    const some = ORDER.map((name) => all.find((one) => one.name === name) ?? assert.fail(name));
    await add_files(page, some.map(({ name, path }) => file(path, `${name}.${path.split(".").pop()}`)));
    await add_files(page, [file("fixtures/pictures/bad/half_baseline_420.jpg", "cut off while copying, with a rather long name.jpg")]);
    await wait_until_done(page);
    await set_threshold(page, 12);
}

/** The page in each of its states. @type {Record<string, (page: Page) => Promise<unknown>>} */
const STATES = {
    empty: (page) => wait_until_ready(page),
    pictures: tag_some,
    async details(page) {
        await tag_some(page);
        await page.click(".card");
        await page.waitForSelector(".details");
    },
    async error(page) {
        site.watch.expect(/Failed to load resource/);
        await page.route("**/model*.onnx", (route) => route.abort());
        await page.reload();
        await page.waitForSelector(".problem");
        await add_files(page, [file("cases/coffee/picture.jpg")]);
        await page.waitForSelector(".card");
    },
};

for (const [state, bring_about] of Object.entries(STATES)) {
    test(`the page ${state === "empty" ? "when it is empty" : `with ${state}`} fits every width and is accessible, light and dark`, async () => {
        mkdirSync(SCREENSHOTS, { recursive: true });
        const page = await site.open("", { reducedMotion: "reduce" });
        await bring_about(page);
        /** @type {Record<string, string[]>} */
        const wrong = {};
        for (const size of SIZES) {
            await page.setViewportSize(size);
            for (const colorScheme of SCHEMES) {
                await page.emulateMedia({ colorScheme });
                await page.waitForTimeout(300);
                const place = `${state}-${size.width}-${colorScheme}`;
                await page.screenshot({ path: join(SCREENSHOTS, `${place}.png`) });
                const found = [...(await findings(page)), ...(await too_wide(page))];
                if (found.length > 0) wrong[place] = found;
            }
        }
        assert.deepEqual(wrong, {});
    });
}

test("the search for what is too wide and the search for what is not accessible do find something", async () => {
    const page = await site.open();
    await page.evaluate(() => {
        const wide = Object.assign(document.createElement("p"), { className: "wide", textContent: "x" });
        wide.style.width = "3000px";
        document.querySelector("main")?.append(wide, document.createElement("button"), Object.assign(new Image(), { src: "data:," }));
    });
    assert.ok((await too_wide(page)).some((name) => name.startsWith("P.wide")));
    assert.match((await findings(page)).join(), /button-name.*image-alt|image-alt.*button-name/);
});

if (process.env["UPDATE_README"]) {
    test("the picture in the README shows the page at work", async () => {
        const page = await site.open("", { viewport: { width: 1440, height: 900 }, colorScheme: "light" });
        await tag_some(page);
        await page.click(".card");
        await page.waitForSelector(".details");
        await page.waitForTimeout(500);
        await page.screenshot({ path: join(ROOT, "docs/screenshot.png") });
    });
}
