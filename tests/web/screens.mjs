/**
 * Screenshots compared with kept ones, at half size and region by region, so that a small part that is missing, misplaced or of another
 * colour is not lost in a large picture. `UPDATE_SCREENSHOTS=1` keeps what is there now, where it differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, benches } from "./harness.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

export const KEPT = join(ROOT, "tests/web/screens");
const TAKEN = join(ROOT, "target/screenshots");
const IS_UPDATE = Boolean(process.env["UPDATE_SCREENSHOTS"]);
/** How wide a sentence is in the fonts that the kept pictures were made with. */
const FONTS = join(KEPT, "fonts.json");
/**
 * About so many pixels has a side of a region, at half size: as large as a card of the grid. A share of a region is a number of pixels
 * that does not depend on how large the window is, and 0.2 % of this one are 28, fewer than the smallest icon has.
 */
const REGION = 120;
/** By how much a pixel's brightness may differ, in 255ths, and the mean of its colours: WebP keeps the one well and smears the other. */
const DIFFERENT = { brightness: 24, colour: 60 };
/** Share of a region's pixels that may differ. */
const ALLOWED = 0.002;

/**
 * Why screenshots cannot be compared on this machine; null where they can: other fonts put every line elsewhere.
 * @param {Page} page @returns {Promise<string | null>}
 */
export async function otherFonts(page) {
    const widths = await page.evaluate(() => {
        const context = new OffscreenCanvas(1, 1).getContext("2d");
        if (!context) throw new Error("There is no canvas.");
        return ["400 14px", "600 20px"].map((font) => {
            context.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
            return Math.round(context.measureText("Drop pictures or a folder, 0123456789 %").width);
        });
    });
    if (IS_UPDATE) {
        mkdirSync(KEPT, { recursive: true });
        writeFileSync(FONTS, `${JSON.stringify(widths)}\n`);
    }
    const kept = JSON.parse(readFileSync(FONTS, "utf8"));
    if (JSON.stringify(kept) === JSON.stringify(widths)) return null;
    return `Screenshots are not compared: this machine's fonts are others than those of the kept ones (${widths} against ${kept} pixels).`;
}

/**
 * What is wrong with the page as it is now, against the kept picture of that name; null when they look the same.
 * @param {Page} page @param {string} name @returns {Promise<string | null>}
 */
export async function compareScreen(page, name) {
    for (const folder of [TAKEN, KEPT]) mkdirSync(folder, { recursive: true });
    await calm(page);
    const taken = await page.screenshot({ path: join(TAKEN, `${name}.png`) });
    const path = join(KEPT, `${name}.webp`);
    const bench = await benchOf(page.context());
    const found = existsSync(path) ? await differences(bench, taken, readFileSync(path)) : ["everywhere"];
    if (found.length === 0) return null;
    if (IS_UPDATE) {
        const small = await bench.evaluate(halfSize, taken.toString("base64"));
        writeFileSync(path, Buffer.from(small, "base64"));
        return null;
    }
    if (!existsSync(path))
        return `${name}: there is no kept picture. Make it with UPDATE_SCREENSHOTS=1 and look at it.`;
    if (typeof found === "string") return `${name}: ${found}`;
    return `${name} looks different at ${found.join(", ")}. Compare target/screenshots/${name}.png with tests/web/screens/${name}.webp.`;
}

/** @type {WeakMap<object, Promise<Page>>} */
const pages = new WeakMap();

/** A blank page, under no policy of ours, and not in front of the page that is looked at. @param {import("playwright-core").BrowserContext} context */
async function benchOf(context) {
    const browser = context.browser();
    const open = async () => {
        if (!browser) return context.newPage();
        const beside = await browser.newContext();
        benches.add(beside);
        return beside.newPage();
    };
    const before = await pages.get(browser ?? context);
    if (before && !before.isClosed()) return before;
    const bench = open();
    pages.set(browser ?? context, bench);
    return bench;
}

/**
 * The regions that differ, each by its place in the screenshot and the share of its pixels; or a sentence where the sizes differ.
 * @param {Page} bench any page @param {Buffer} taken a screenshot @param {Buffer} kept one at half its size
 * @returns {Promise<string[] | string>}
 */
export function differences(bench, taken, kept) {
    return bench.evaluate(
        async ([taken, kept, region, different, allowed]) => {
            const open = async (/** @type {string} */ base64) =>
                createImageBitmap(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
            const [now, then] = [await open(taken), await open(kept)];
            const [width, height] = [Math.round(now.width / 2), Math.round(now.height / 2)];
            if (then.width !== width || then.height !== height)
                return `it has ${width} × ${height}, the kept one ${then.width} × ${then.height}.`;
            const pixels = (/** @type {ImageBitmap} */ bitmap) => {
                const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
                if (!context) throw new Error("There is no canvas.");
                context.imageSmoothingQuality = "high";
                context.drawImage(bitmap, 0, 0, width, height);
                return context.getImageData(0, 0, width, height).data;
            };
            const [a, b] = [pixels(now), pixels(then)];
            const [columns, rows] = [Math.max(1, Math.round(width / region)), Math.max(1, Math.round(height / region))];
            const found = [];
            for (let row = 0; row < rows; row++) {
                for (let column = 0; column < columns; column++) {
                    const [top, bottom] = [Math.round((row * height) / rows), Math.round(((row + 1) * height) / rows)];
                    const [left, right] = [
                        Math.round((column * width) / columns),
                        Math.round(((column + 1) * width) / columns),
                    ];
                    let nDifferent = 0;
                    for (let y = top; y < bottom; y++) {
                        for (let x = left; x < right; x++) {
                            const at = (y * width + x) * 4;
                            const red = (a[at] ?? 0) - (b[at] ?? 0);
                            const green = (a[at + 1] ?? 0) - (b[at + 1] ?? 0);
                            const blue = (a[at + 2] ?? 0) - (b[at + 2] ?? 0);
                            const brightness = Math.abs(0.299 * red + 0.587 * green + 0.114 * blue);
                            const colour = (Math.abs(red) + Math.abs(green) + Math.abs(blue)) / 3;
                            if (brightness > different.brightness || colour > different.colour) nDifferent++;
                        }
                    }
                    const share = nDifferent / ((bottom - top) * (right - left));
                    if (share > allowed) found.push(`${left * 2}, ${top * 2} (${(share * 100).toFixed(1)} %)`);
                }
            }
            return found;
        },
        /** @type {const} */ ([taken.toString("base64"), kept.toString("base64"), REGION, DIFFERENT, ALLOWED]),
    );
}

/** Figures of the clock, and sizes that depend on it, differ each time and become 0. @param {Page} page */
export const calm = (page) =>
    page.evaluate(() => {
        const replace = (/** @type {string} */ selector, /** @type {RegExp} */ figures) => {
            for (const element of document.querySelectorAll(selector)) {
                const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
                while (texts.nextNode())
                    /** @type {Text} */ (texts.currentNode).data = /** @type {Text} */ (texts.currentNode).data.replace(
                        figures,
                        "0",
                    );
            }
        };
        replace("[data-engine-line]", /\d+([.,]\d+)?(?=\D*$)/);
        replace(".details-times dd, .self-test-table td:last-child", /\d+([.,]\d+)?/g);
        replace(".menu-popup small, .library-facts", /\w+ \d+, \d{4}.*$/);
        replace('.storage dd, [data-count="backup"]', /\d+([.,]\d+)?/g);
        // Of own tags: when they were trained, and figures that follow from the method.
        replace(".own-head .own-why", /\w+ \d+, \d{4}[^·]*?(?= ·|$)/);
        replace(".own-figures dt + dd, [data-report-tag] .is-number", /\d+([.,]\d+)?/g);
        // Of services: where the test's own is, when it was asked, and how long that took.
        replace("dialog", /127\.0\.0\.1:\d+/g);
        replace("[data-request] th", /\w.*\d.*/);
        replace("[data-request] small", /\d[\d,]*(?= ms)/g);
        replace("[data-request] td", /\d+ kB/); // several are asked about at once, in any order
        replace("[data-figures] td:nth-child(5)", /\d+[.,]\d+/g);
    });

/** Runs in a page. @param {string} base64 a PNG @returns {Promise<string>} the same at half size, as WebP */
export async function halfSize(base64) {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(Math.round(bitmap.width / 2), Math.round(bitmap.height / 2));
    const context = canvas.getContext("2d");
    if (!context) throw new Error("There is no canvas.");
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const encoded = (/** @type {number} */ quality) => canvas.convertToBlob({ type: "image/webp", quality });
    // At 1 nothing is lost, which costs little where there are no photographs; else colours run over edges.
    const exact = await encoded(1);
    const bytes = new Uint8Array(await (exact.size < 60_000 ? exact : await encoded(0.8)).arrayBuffer());
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
}
