/**
 * Screenshots compared with kept ones. Kept and compared at half size, in blocks: fonts and rounding differ a little from one machine
 * to the next, a part that is missing, misplaced or of another colour does not pass. `UPDATE_SCREENSHOTS=1` keeps what is there now.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./harness.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

export const KEPT = join(ROOT, "tests/web/screens");
const TAKEN = join(ROOT, "target/screenshots");
const IS_UPDATE = Boolean(process.env["UPDATE_SCREENSHOTS"]);
/** How wide a sentence is in the fonts that the kept pictures were made with. */
const FONTS = join(KEPT, "fonts.json");
/** Pixels of a block's side, at half size. */
const BLOCK = 12;
/** Mean difference of a block, in 255ths, from which on it counts as different: letters that moved by a pixel stay below. */
const DIFFERENT = 26;
/** Share of blocks that may differ. */
const ALLOWED = 0.02;

/**
 * Why screenshots cannot be compared on this machine; null where they can: other fonts put every line elsewhere.
 * @param {Page} page @returns {Promise<string | null>}
 */
export async function other_fonts(page) {
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
export async function compare_screen(page, name) {
    mkdirSync(TAKEN, { recursive: true });
    const taken = await page.screenshot({ path: join(TAKEN, `${name}.png`) });
    const path = join(KEPT, `${name}.webp`);
    const bench = await page.context().newPage(); // a blank page, under no policy of ours
    try {
        if (IS_UPDATE) {
            mkdirSync(KEPT, { recursive: true });
            const small = await bench.evaluate(half_size, taken.toString("base64"));
            writeFileSync(path, Buffer.from(small, "base64"));
            return null;
        }
        if (!existsSync(path)) return `${name}: there is no kept picture. Make it with UPDATE_SCREENSHOTS=1 and look at it.`;
        const share = await difference(bench, taken, readFileSync(path));
        if (typeof share === "string") return `${name}: ${share}`;
        if (share <= ALLOWED) return null;
        return `${name}: ${(share * 100).toFixed(1)} % of it look different. Compare target/screenshots/${name}.png with tests/web/screens/${name}.webp.`;
    } finally {
        await bench.close();
    }
}

/**
 * The share of blocks that differ, or a sentence where the sizes do.
 * @param {Page} bench any page @param {Buffer} taken a screenshot @param {Buffer} kept one at half its size
 * @returns {Promise<number | string>}
 */
export function difference(bench, taken, kept) {
    return bench.evaluate(
        async ([taken, kept, block, different]) => {
            const open = async (/** @type {string} */ base64) => createImageBitmap(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
            const [now, then] = [await open(taken), await open(kept)];
            const [width, height] = [Math.round(now.width / 2), Math.round(now.height / 2)];
            if (then.width !== width || then.height !== height) return `it has ${width} × ${height}, the kept one ${then.width} × ${then.height}.`;
            const pixels = (/** @type {ImageBitmap} */ bitmap) => {
                const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
                if (!context) throw new Error("There is no canvas.");
                context.imageSmoothingQuality = "high";
                context.drawImage(bitmap, 0, 0, width, height);
                return context.getImageData(0, 0, width, height).data;
            };
            const [a, b] = [pixels(now), pixels(then)];
            let n_blocks = 0;
            let n_different = 0;
            for (let top = 0; top < height; top += block) {
                for (let left = 0; left < width; left += block) {
                    let sum = 0;
                    let n = 0;
                    for (let y = top; y < Math.min(height, top + block); y++) {
                        for (let x = left; x < Math.min(width, left + block); x++) {
                            for (let channel = 0; channel < 3; channel++, n++) {
                                const at = (y * width + x) * 4 + channel;
                                sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0));
                            }
                        }
                    }
                    n_blocks++;
                    if (sum / n > different) n_different++;
                }
            }
            return n_different / n_blocks;
        },
        /** @type {const} */ ([taken.toString("base64"), kept.toString("base64"), BLOCK, DIFFERENT]),
    );
}

/** Runs in a page. @param {string} base64 a PNG @returns {Promise<string>} the same at half size, as WebP */
export async function half_size(base64) {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(Math.round(bitmap.width / 2), Math.round(bitmap.height / 2));
    const context = canvas.getContext("2d");
    if (!context) throw new Error("There is no canvas.");
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.8 })).arrayBuffer());
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
}
