/** What is said of a picture that did not come whole, or that the browser opened: on its card, in the inspector, in what is exported. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCsv } from "./csv.mjs";
import { painted } from "./painted.mjs";
import { addFiles, exportAs, exportReports, file, usePage, waitForIdle, waitUntilDone } from "./harness.mjs";

const site = usePage({ model: "painted" });

const WHOLE = file("cases/coffee/picture.jpg", "whole.jpg");
/** Three quarters of the rows, as after a download that broke off. */
const CUT = {
    ...WHOLE,
    name: "cut.jpg",
    buffer: WHOLE.buffer.subarray(0, Math.round(WHOLE.buffer.length * 0.75)),
};
const AVIF = file("fixtures/pictures/bad/still.avif");
/** A quantization table with a 0 in it, which the engine's decoder refuses, and the browser's does not. */
const ZERO = { ...WHOLE, name: "zero.jpg", buffer: Buffer.from(WHOLE.buffer) };
ZERO.buffer[WHOLE.buffer.indexOf(Buffer.from([0xff, 0xdb])) + 5 + 63] = 0;
/** A third of the rows: for nobody, though a browser would show them with grey below. */
const STUMP = { ...WHOLE, name: "stump.jpg", buffer: WHOLE.buffer.subarray(0, Math.round(WHOLE.buffer.length / 3)) };

test("a picture that is incomplete, or opened by the browser, says so on its card, in the inspector and in exports", async () => {
    const page = await site.open();
    await addFiles(page, [WHOLE, CUT, AVIF, ZERO, STUMP]);
    await waitUntilDone(page);
    const notes = (/** @type {string} */ path) =>
        page.locator(`.card[data-path="${path}"] [data-note]`).allInnerTexts();
    assert.deepEqual(await notes("whole.jpg"), []);
    assert.deepEqual(await notes("cut.jpg"), ["Incomplete"]);
    assert.deepEqual(await notes("still.avif"), ["By browser"]);
    assert.deepEqual(await notes("zero.jpg"), ["By browser"]);
    await page.waitForSelector('.card[data-path="stump.jpg"] [data-code="picture_damaged"]');
    const label = await page.getAttribute('.card[data-path="cut.jpg"] .card-name', "aria-label");
    assert.match(label ?? "", /Incomplete/, "for who does not see the card");

    await page.click('.card[data-path="cut.jpg"] .card-name');
    await page.waitForSelector('.details [data-note="incomplete"]');
    await waitForIdle(page);
    assert.match(await page.innerText(".details"), /Incomplete\. Part of the file is missing/);

    const [whole, cut, avif, zero] = await exportReports(page);
    assert.deepEqual([whole.incomplete, whole.decoder], [undefined, undefined]);
    assert.deepEqual([cut.incomplete, cut.decoder, cut.format], [true, undefined, "jpeg"]);
    assert.deepEqual([cut.width, cut.height], [whole.width, whole.height], "its size is what its header states");
    assert.deepEqual([avif.incomplete, avif.decoder, avif.format], [undefined, "browser", "avif"]);
    assert.deepEqual([zero.decoder, zero.format, zero.width], ["browser", "jpeg", whole.width]);

    const [header = [], ...rows] = parseCsv((await exportAs(page, "csv")).text);
    const column = (/** @type {string} */ name, /** @type {string} */ path) =>
        rows.find((row) => row[0] === path)?.[header.indexOf(name)];
    assert.deepEqual(
        ["whole.jpg", "cut.jpg", "still.avif"].map((path) => [column("incomplete", path), column("decoder", path)]),
        [
            ["", ""],
            ["true", ""],
            ["", "browser"],
        ],
    );
});

/** @param {import("./harness.mjs").Page} page @param {string} value */
async function setLimit(page, value) {
    await page.click('[data-do="more"]');
    await page.click('[data-do="settings"]');
    await page.fill('[data-setting="max_megapixels"]', value);
    await page.press('[data-setting="max_megapixels"]', "Enter");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".dialog[open]", { state: "detached" });
}

test("a picture larger than the limit says what to do, and the setting lets it in", async () => {
    const page = await site.open();
    await setLimit(page, "1");
    await addFiles(page, [painted("large.png", "cup", { width: 1200, height: 1000 })]);
    const refused = page.locator('.card-reason[data-code="picture_too_many_pixels"]');
    await refused.filter({ hasText: "raise the limit in Settings" }).waitFor();
    await setLimit(page, "");
    await page.click(".card-retry");
    await page.waitForSelector('.card[data-path="large.png"][data-state="done"]');
});
