/** Why a tag is there: where the network looked, in the picture and in words. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, addFiles, nCalls, setThreshold, usePage, waitForIdle, waitUntilDone } from "./harness.mjs";
import { addTag, openPicture, press, rows, tagSome, use, waitForHeat } from "./inspect.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
/** A trained network, which sees the middle of a picture only. */
const bundled = usePage();

/** A grey square with a cat's face on one half of it, as a browser makes it. @param {Page} page @param {"left" | "right"} half */
async function catOn(page, half) {
    const cat = readFileSync(join(ROOT, "tests/cases/chelsea/picture.jpg")).toString("base64");
    const data = await page.evaluate(
        async ({ cat, half }) => {
            const bytes = Uint8Array.from(atob(cat), (char) => char.charCodeAt(0));
            const face = await createImageBitmap(new Blob([bytes]), 90, 0, 300, 300);
            const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 640 });
            const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
            context.fillStyle = "#8a8d90";
            context.fillRect(0, 0, 640, 640);
            context.drawImage(face, half === "right" ? 330 : 30, 180, 280, 280);
            return canvas.toDataURL("image/png").split(",")[1] ?? "";
        },
        { cat, half },
    );
    return { name: `${half}.png`, mimeType: "image/png", buffer: Buffer.from(data, "base64") };
}

/** How much heat lies on each half of the picture as it is drawn, and where the part lies that the network saw. @param {Page} page @param {string} [root] */
const heatOf = (page, root = ".details") =>
    page.$eval(`${root} .framed`, (frame) => {
        const place = /** @type {Element} */ (frame.querySelector(".heat")).getBoundingClientRect();
        const whole = frame.getBoundingClientRect();
        const image = /** @type {HTMLImageElement} */ (frame.querySelector(".heat img"));
        const canvas = Object.assign(document.createElement("canvas"), {
            width: image.naturalWidth,
            height: image.naturalHeight,
        });
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        const halves = { left: 0, right: 0 };
        for (let idx = 0; idx < canvas.width * canvas.height; idx++) {
            const x = place.x + (((idx % canvas.width) + 0.5) / canvas.width) * place.width;
            halves[x < whole.x + whole.width / 2 ? "left" : "right"] += data[idx * 4 + 3] ?? 0;
        }
        const parts = [
            (place.x - whole.x) / whole.width,
            (place.y - whole.y) / whole.height,
            place.width / whole.width,
            place.height / whole.height,
        ];
        return { ...halves, region: parts.map((share) => Math.round(share * 1000) / 1000) };
    });

/** To half a pixel of a small picture. @param {number[]} found @param {number[]} wanted @param {string} what */
function assertNear(found, wanted, what) {
    assert.ok(
        found.length === wanted.length && found.every((value, idx) => Math.abs(value - (wanted[idx] ?? NaN)) <= 0.004),
        `${what}: ${found}`,
    );
}

test("“why this tag” lights up the half of the picture that the thing is on, and the words say so", async () => {
    // What a detector finds is framed instead.
    const settings = () => localStorage.setItem("tagsmith.settings", '{"is_finding_objects":false}');
    const page = await bundled.open("", { prepare: (page) => page.addInitScript(settings) });
    await addFiles(page, [await catOn(page, "left"), await catOn(page, "right")]);
    await waitUntilDone(page);
    await setThreshold(page, 3);
    for (const half of /** @type {const} */ (["left", "right"])) {
        const other = half === "left" ? "right" : "left";
        await openPicture(page, `${half}.png`);
        const tag = (await rows(page)).find(({ kind }) => kind === "auto") ?? assert.fail(`no tags on ${half}.png`);
        await press(page, tag.id, "why");
        await waitForHeat(page);
        assert.equal(await page.getAttribute(".framed", "data-explains"), tag.id);
        const heat = await heatOf(page);
        assert.ok(heat[half] > 2 * heat[other], `${half}: ${JSON.stringify(heat)}`);
        assertNear(heat.region, [0.063, 0.063, 0.875, 0.875], "224 of 256 pixels in the middle");
        const words = (await page.innerText(".heat-words")).trim();
        assert.ok(
            words.startsWith(
                `The brighter the area, the more it contributed to “${tag.name}”. The model saw only the framed area.`,
            ),
            words,
        );
        assert.match(words, new RegExp(`Brightest .*${half}\\.$`));
    }
});

test("an explanation is kept, goes when it is asked for again or another picture opens, and may be asked of any tag", async () => {
    const page = await site.open();
    await tagSome(page);
    await openPicture(page, "cat.png");
    const [first, second] = (await rows(page)).filter(({ kind }) => kind === "auto");
    const [nearly] = (await rows(page)).filter(({ kind }) => kind === "nearly");
    assert.ok(first && second && nearly);
    await page.click(".heat-why");
    await waitForHeat(page);
    assert.equal(await page.getAttribute(".framed", "data-explains"), first.id, "the first tag, on the picture itself");
    const { region } = await heatOf(page);
    assertNear(region, [0, 0, 1, 1], "the network sees all of the picture");
    await press(page, second.id, "why");
    await waitForHeat(page);
    assert.equal(await page.getAttribute(".framed", "data-explains"), second.id);
    assert.equal(await page.getAttribute(`.tag-row[data-row="${second.id}"] [data-do="why"]`, "aria-pressed"), "true");
    await press(page, second.id, "why");
    assert.equal(await page.locator(".heat").count(), 0, "the same again hides it");
    await press(page, nearly.id, "why");
    await waitForHeat(page);
    assert.equal(await nCalls(page, "explain"), 3);
    await press(page, first.id, "why");
    await waitForHeat(page);
    assert.equal(await nCalls(page, "explain"), 3, "it was asked before");
    await use(page, "enlarge");
    await waitForHeat(page);
    assertNear((await heatOf(page, ".large")).region, region, "and it lies right in the large view");
    await use(page, "next");
    await use(page, "previous");
    assert.equal(await page.locator(".heat").count(), 0, "another picture has been open");

    await addTag(page, "Sotnos");
    assert.equal(
        await page.locator('.tag-row[data-row="own:sotnos"] [data-do="why"]').count(),
        0,
        "no network knows a word of one's own",
    );
    await press(page, first.id, "accept-tag");
    await press(page, first.id, "why");
    await waitForHeat(page);
});

test("what cannot be explained says why, in the language of the page", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tagsmith-"));
    const path = join(folder, "cup.png");
    writeFileSync(path, painted("cup.png", "cup").buffer);
    const page = await site.open();
    await page.setInputFiles('[data-input="files"]', path);
    await waitUntilDone(page);
    await openPicture(page, "cup.png");
    rmSync(folder, { recursive: true }); // under the page's hands, as it happens
    await page.click(".heat-why");
    await waitForHeat(page, "failed");
    assert.equal(await page.getAttribute(".heat-failed", "data-code"), "file_unreadable");
    assert.match(await page.innerText(".heat-words"), /^This file can’t be read\. It may have been moved or changed\./);
    await page.selectOption('[data-do="language"]', "sv");
    await waitForIdle(page);
    assert.match(await page.innerText(".heat-words"), /^Filen går inte att läsa\./);
    assert.equal((await rows(page)).length > 0, true, "what is known of it stays");
});
