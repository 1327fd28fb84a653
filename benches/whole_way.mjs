/**
 * From a file to its tags, as the page does it (hash and thumbnail included), next to what one would write with onnxruntime-web:
 * the browser decodes and resizes, a canvas gives the pixels.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { measureInPage } from "./lib/browser.mjs";
import { ROOT } from "./lib/built.mjs";
import { atMost, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";

/** Measured too where they are there; they may not lie in the repository. */
const PHOTOS = join(ROOT, "../shared/data/photos");
const PHOTO_NAMES = ["big_12mp_progressive_shop.jpg", "big_16mp_cat.jpg"];

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const plan = isQuick ? { warmUp: 3, rounds: 5 } : { warmUp: 8, rounds: 30 };
    const photos = PHOTO_NAMES.filter((name) => existsSync(join(PHOTOS, name)));
    const measured = await measureInPage(
        "whole_way.js",
        { names: built.names, photos, plan },
        { page: built.dir, places: { "/photos/": PHOTOS } },
    );
    return measured.flatMap(rowsOf);
}

/** @param {{name: string, bytes: number, times: Record<string, number[]>, stages: Record<string, number>[]}} measured @param {number} idx */
function rowsOf({ name, bytes, times, stages }, idx) {
    const [ours, reduced, full] = [times.ours, times.reduced, times.full].map(median);
    const parts = ["decode", "resize", "infer", "tags"].map(
        (part) => `${part} ${median(stages.map((stage) => stage[part])).toFixed(1)}`,
    );
    console.log(
        `  ${name}, ${(bytes / 1e6).toFixed(2)} MB: ${parts.join(", ")} ms; the rest is the hash, the thumbnail and the messages`,
    );
    const ratio = `${name}: ours / createImageBitmap with resize`;
    return [
        figure(`${name}: ours`, ours, "ms"),
        figure(`${name}: createImageBitmap with resize + onnxruntime-web`, reduced, "ms"),
        figure(`${name}: createImageBitmap in full + onnxruntime-web`, full, "ms"),
        idx === 0 ? atMost(ratio, ours / reduced, "x", 0.75) : figure(ratio, ours / reduced, "x"),
        figure(`${name}: ours / createImageBitmap in full`, ours / full, "x"),
    ];
}
