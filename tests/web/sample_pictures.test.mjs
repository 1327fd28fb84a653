/**
 * The sample pictures as the empty page shows them: small copies, which are made here (`UPDATE_SAMPLES=1`). The pictures themselves are
 * fetched when somebody clicks on one.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";

/** What the widest card takes (drop_zone.css), twice. */
const [WIDTH, HEIGHT] = [320, 224];
const QUALITY = 0.65;
const MOST_BYTES = 10_000;
/** Of a channel's 255, in the mean: what the quality costs, and far less than another picture, or another part of it. */
const MOST_DIFFERENCE = 6;

const site = usePage({ model: "painted" });

test("the empty page fetches small copies of the samples, which look like them, and a click fetches the picture", async () => {
    const page = await site.open();
    await waitUntilReady(page);
    await waitForIdle(page);
    const fetched = () => site.watch.requests.filter((url) => /\/sample-/.test(url));
    assert.deepEqual(fetched(), []);
    const shown = await page.$$eval("[data-sample] img", (all) =>
        all.map((img) => {
            const { naturalWidth, naturalHeight } = /** @type {HTMLImageElement} */ (img);
            return `${naturalWidth} × ${naturalHeight}`;
        }),
    );
    assert.deepEqual(shown, Array(3).fill(`${WIDTH} × ${HEIGHT}`));
    for (const { name, n, difference, made } of await page.evaluate(compareAll, [WIDTH, HEIGHT, QUALITY])) {
        if (process.env["UPDATE_SAMPLES"])
            await writeFile(join(ROOT, `www/shells/page/samples/${name}.webp`), Buffer.from(made, "base64"));
        else assert.ok(n <= MOST_BYTES && difference <= MOST_DIFFERENCE, `${name}: ${n} bytes, ${difference}`);
    }
    site.watch.forgetRequests();
    await page.click('[data-sample="coffee"]');
    await waitUntilDone(page);
    assert.equal(fetched().length, 1);
});

/** Runs in the page: how far each small copy is from its picture, and that one made anew. @param {number[]} how */
async function compareAll([width = 0, height = 0, quality]) {
    const meta = document.querySelector('meta[name="tagsmith-assets"]')?.getAttribute("content") ?? "";
    /** @type {Record<string, {file: string, small: string}>} */
    const samples = JSON.parse(meta).samples;
    /** The middle of it, as `object-fit: cover` shows it. @param {Blob} blob */
    const drawn = async (blob) => {
        const picture = await createImageBitmap(blob);
        const scale = Math.max(width / picture.width, height / picture.height);
        const canvas = new OffscreenCanvas(width, height);
        const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
        context.imageSmoothingQuality = "high";
        const [w, h] = [picture.width * scale, picture.height * scale];
        context.drawImage(picture, (width - w) / 2, (height - h) / 2, w, h);
        return { canvas, data: context.getImageData(0, 0, width, height).data };
    };
    const compared = Object.entries(samples).map(async ([name, { file, small }]) => {
        const [whole, copy] = await Promise.all([file, small].map(async (url) => (await fetch(url)).blob()));
        const [one, other] = [await drawn(/** @type {Blob} */ (whole)), await drawn(/** @type {Blob} */ (copy))];
        const sum = one.data.reduce((sum, value, idx) => sum + Math.abs(value - (other.data[idx] ?? 0)), 0);
        const made = await one.canvas.convertToBlob({ type: "image/webp", quality: quality ?? 1 });
        const bytes = new Uint8Array(await made.arrayBuffer());
        const n = copy?.size ?? 0;
        return { name, n, difference: (sum / one.data.length) * (4 / 3), made: btoa(String.fromCharCode(...bytes)) };
    });
    return Promise.all(compared);
}
