/**
 * The heat of an explanation as pixels, and in words. Pure.
 * @import { Explanation } from "../core/engine_api.d.ts"
 */

/** From the accent of the light scheme to that of the dark one, and beyond: what spoke most is brightest, on any picture. */
const COLD = [36, 86, 214];
const HOT = [150, 184, 255];
/** How much of the picture the hottest place hides: what lies there has to be seen too. */
const MOST_ALPHA = 0.74;

/** Raised to this, a faint heat over everything does not veil the picture. */
const CLARITY = 1.5;

/**
 * The heat enlarged `scale` times. A place's value stands at its middle; between the middles it goes over smoothly.
 * @param {Pick<Explanation, "width" | "height" | "heat">} explanation @param {number} scale
 * @returns {{width: number, height: number, pixels: Uint8ClampedArray<ArrayBuffer>}} RGBA
 */
export function heatPixels({ width: columns, height: rows, heat }, scale) {
    const [width, height] = [columns * scale, rows * scale];
    const pixels = new Uint8ClampedArray(width * height * 4);
    for (let y = 0, at = 0; y < height; y++) {
        const [upper, lower, down] = between((y + 0.5) / scale - 0.5, rows);
        for (let x = 0; x < width; x++, at += 4) {
            const [left, right, across] = between((x + 0.5) / scale - 0.5, columns);
            const value = (/** @type {number} */ row, /** @type {number} */ column) =>
                heat[row * columns + column] ?? 0;
            const top = mix(value(upper, left), value(upper, right), across);
            const share = mix(top, mix(value(lower, left), value(lower, right), across), down) ** CLARITY;
            for (const channel of [0, 1, 2]) pixels[at + channel] = mix(COLD[channel] ?? 0, HOT[channel] ?? 0, share);
            pixels[at + 3] = share * MOST_ALPHA * 255;
        }
    }
    return { width, height, pixels };
}

/** The places on both sides of `at`, and how far it is from the first to the second. @param {number} at @param {number} n */
function between(at, n) {
    const inside = Math.min(n - 1, Math.max(0, at));
    const first = Math.floor(inside);
    const share = inside - first;
    return /** @type {const} */ ([first, Math.min(n - 1, first + 1), share * share * (3 - 2 * share)]); // no ridge at the middles
}

/** @param {number} from @param {number} to @param {number} share */
const mix = (from, to, share) => from + (to - from) * share;

const PLACES = /** @type {const} */ ([
    ["upper_left", "upper", "upper_right"],
    ["left", "middle", "right"],
    ["lower_left", "lower", "lower_right"],
]);

/**
 * Which third of the picture, across and down, is brightest, for those who do not see it; null where nothing is.
 * @param {Explanation} explanation
 */
export function brightest({ width: columns, height: rows, heat, region: [left, top, width, height] }) {
    let [sum, x, y] = [0, 0, 0];
    heat.forEach((share, idx) => {
        const weight = share ** 2; // a single bright place counts more than a veil over everything
        sum += weight;
        x += weight * (left + (((idx % columns) + 0.5) / columns) * width);
        y += weight * (top + ((Math.floor(idx / columns) + 0.5) / rows) * height);
    });
    return sum === 0 ? null : placeAt(x / sum, y / sum);
}

/** In which third of the picture a point lies, across and down. @param {number} x @param {number} y fractions of its sides */
export function placeAt(x, y) {
    const third = (/** @type {number} */ at) => Math.min(2, Math.max(0, Math.floor(at * 3)));
    return PLACES[third(y)]?.[third(x)] ?? "middle";
}
