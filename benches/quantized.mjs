/** A dynamically quantised network like MobileNetV2 next to the same network in float, natively (benches/quantized.rs). */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { BenchError } from "./lib/built.mjs";
import { atMost, figure } from "./lib/figures.mjs";

const BENCH = ["bench", "-p", "tagsmith", "--bench", "quantized"];

export async function measure() {
    const { stdout } = await promisify(execFile)("cargo", BENCH).catch((error) => {
        throw new BenchError(`cargo ${BENCH.join(" ")} failed: ${error.stderr ?? error.message}`);
    });
    const time = (/** @type {string} */ side) => Number(stdout.match(new RegExp(`^${side} ([0-9.]+)$`, "m"))?.[1]);
    const [float, quantized] = [time("float"), time("quantized")];
    return [
        figure("float32", float, "ms"),
        figure("dynamically quantised, uint8 weights", quantized, "ms"),
        atMost("quantised / float", quantized / float, "x", 1.2),
    ];
}
