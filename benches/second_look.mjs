/** The second look next to the first one's networks, in both builds of our engine: the object detector, with the picture decoded again. */
import { measureInPage } from "./lib/browser.mjs";
import { atMost, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const plan = isQuick ? { warmUp: 3, rounds: 7 } : { warmUp: 10, rounds: 40 };
    const times = await measureInPage("second_look.js", { names: built.names, plan }, { page: built.dir });
    return ["relaxed", "simd128"].flatMap((variant) => {
        const [first, second] = ["first", "second"].map((look) => median(times[`${look}, ${variant}`]));
        return [
            figure(`${variant}, networks of the first look`, first, "ms"),
            figure(`${variant}, second look`, second, "ms"),
            atMost(`${variant}, second look / first`, second / first, "x", 6),
        ];
    });
}
