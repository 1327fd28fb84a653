/** The second look, for objects, next to the first one, in the page's own worker: both from the file's bytes to candidates. */
import { measureInPage } from "./lib/browser.mjs";
import { atMost, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";

const PICTURES = ["chelsea/picture.jpg", "coffee/picture.jpg", "astronaut/picture.jpg"];

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const plan = isQuick ? { warmUp: 3, rounds: 5 } : { warmUp: 8, rounds: 21 };
    const measured = await measureInPage(
        "second_look.js",
        { names: built.names, pictures: PICTURES, plan },
        { page: built.dir },
    );
    const of = (/** @type {string} */ look) =>
        measured.flatMap((/** @type {{times: Record<string, number[]>}} */ one) => one.times[look]);
    const [first, second] = [median(of("first")), median(of("second"))];
    return [
        figure("first look", first, "ms"),
        figure("second look", second, "ms"),
        atMost("second look / first look", second / first, "x", 6),
    ];
}
