/** What the tests of second looks do: pictures with several things in them, and looks that are held at a known point. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, waitForIdle } from "./harness.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";

/** @typedef {import("./harness.mjs").Page} Page */
/** @typedef {import("./harness.mjs").NamedFile} NamedFile */

/**
 * A photograph of a person, drawn so many times side by side, upright as it is seen, and stored in the file as `orientation` says.
 * @param {Page} page @param {string} name @param {{n?: number, width?: number, height?: number, orientation?: number}} [how]
 * @returns {Promise<NamedFile>}
 */
export async function people(page, name, { n = 1, width = 640, height = 480, orientation = 1 } = {}) {
    const photo = readFileSync(join(ROOT, "tests/cases/astronaut/picture.jpg")).toString("base64");
    const base64 = await page.evaluate(drawPeople, { photo, n, width, height, orientation });
    const jpeg = Buffer.from(base64, "base64");
    return {
        name,
        mimeType: "image/jpeg",
        buffer: Buffer.concat([jpeg.subarray(0, 2), exif(orientation), jpeg.subarray(2)]),
    };
}

/** Runs in the page. @param {{photo: string, n: number, width: number, height: number, orientation: number}} what */
async function drawPeople({ photo, n, width, height, orientation }) {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(photo), (char) => char.charCodeAt(0))]));
    const isTurned = orientation > 4;
    const canvas = new OffscreenCanvas(isTurned ? height : width, isTurned ? width : height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    // From the upright picture to what is stored, for each value of EXIF.
    const [w, h] = [width, height];
    const ways = /** @type {[number, number, number, number, number, number][]} */ ([
        [1, 0, 0, 1, 0, 0],
        [-1, 0, 0, 1, w, 0],
        [-1, 0, 0, -1, w, h],
        [1, 0, 0, -1, 0, h],
        [0, 1, 1, 0, 0, 0],
        [0, -1, 1, 0, 0, w],
        [0, -1, -1, 0, h, w],
        [0, 1, -1, 0, h, 0],
    ]);
    context.setTransform(...(ways[orientation - 1] ?? [1, 0, 0, 1, 0, 0]));
    context.fillStyle = "#8a8d90";
    context.fillRect(0, 0, width, height);
    const side = Math.min(height, width / n);
    // At the right: a box that is mirrored or turned does not lie there.
    for (let nth = 0; nth < n; nth++) context.drawImage(bitmap, width - (nth + 1) * side, height - side, side, side);
    const bytes = new Uint8Array(
        await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 })).arrayBuffer(),
    );
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** The segment of a JPEG file that says how it is to be turned. @param {number} orientation */
function exif(orientation) {
    const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
    const body = [...Buffer.from("Exif\0\0"), ...tiff];
    return Buffer.from([0xff, 0xe1, 0, body.length + 2, ...body]);
}

/** Does `act`, and keeps every second look but the next `nFree` from its worker. @param {Page} page @param {number} nFree @param {() => unknown} act */
export const holdLooks = (page, nFree, act) => holdCalls(page, "look_again", nFree, act);

/** @param {Page} page */
export async function letLooksGo(page) {
    await letCallsGo(page);
    await waitForIdle(page);
}

/** What each card says of its second look, by path. @param {Page} page @returns {Promise<Record<string, string | null>>} */
export async function signs(page) {
    const all = await page.$$eval(".card", (cards) =>
        cards.map((card) => [
            card.getAttribute("data-path") ?? "",
            card.querySelector(".card-look")?.getAttribute("data-look") ?? null,
        ]),
    );
    return Object.fromEntries(all);
}

/** Boxes as they are drawn, as fractions of the picture as it is drawn. @param {Page} page @param {string} [root] */
export const drawnBoxes = (page, root = ".details") =>
    page.$eval(`${root} .framed`, (frame) => {
        const whole = /** @type {Element} */ (frame.querySelector("img")).getBoundingClientRect();
        return Array.from(frame.querySelectorAll(".box"), (box) => {
            const { x, y, width, height } = box.getBoundingClientRect();
            const parts = [
                (x - whole.x) / whole.width,
                (y - whole.y) / whole.height,
                width / whole.width,
                height / whole.height,
            ];
            return { region: parts, isPointed: box.classList.contains("is-pointed") };
        });
    });
