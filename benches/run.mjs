/**
 * Measures the built page in Chromium next to its peers. A bar that does not hold is said and is no failure; a bench that cannot be
 * run is one, and does not keep the others from running.
 *
 *   node benches/run.mjs [NAME] [--json FILE] [--quick] [--page DIR]
 *
 * @typedef {{built: import("./lib/built.mjs").Built, isQuick: boolean}} Wanted
 */
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { BenchError, findPage } from "./lib/built.mjs";
import { print, writeJson } from "./lib/figures.mjs";

/** Name → what it measures; the program is the file of that name beside this one. @type {Record<string, string>} */
const BENCHES = {
    inference: "Inference, one thread",
    quantized: "A dynamically quantised network, natively",
    "second-look": "The second look, for objects, next to the first",
    "whole-way": "The whole way from a file to its tags",
    size: "Size of what is downloaded",
    start: "Opening the page, one picture chosen at once",
    pool: "Taggers side by side",
    threshold: "Moving the threshold",
    library: "A library of 100,000 assets",
    arrival: "A picture more in a large session",
    gallery: "A sheet of 10,000 pictures",
    typing: "Typing into the search field while pictures are tagged",
    "main-thread": "The page's own thread while 200 pictures are tagged",
    providers: "Another tagger, and the local model beside it",
    "own-tags": "Teaching own tags",
    "first-view": "Opening the page, before any engine",
    shells: "The other shells: size and start",
    cli: "The command line and its service",
};
/** What is measured without a page. */
const PAGELESS = ["quantized", "cli"];

/** @param {string[]} args @returns {Promise<number>} the exit code */
async function run(args) {
    const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: { json: { type: "string" }, quick: { type: "boolean", default: false }, page: { type: "string" } },
    });
    const asked = positionals.map((name) => name.replaceAll("_", "-"));
    if (asked.length > 1) return refuse(`One name at a time, or none for all: ${Object.keys(BENCHES).join(", ")}.`);
    const [name] = asked;
    if (name !== undefined && !Object.hasOwn(BENCHES, name))
        return refuse(`There is no bench "${positionals[0]}". There are: ${Object.keys(BENCHES).join(", ")}.`);
    const built = PAGELESS.includes(name ?? "") ? /** @type {any} */ (null) : await findPage(values.page);
    warnIfBusy();
    /** @type {import("./lib/figures.mjs").Row[]} */
    const rows = [];
    let nBroken = 0;
    for (const one of Object.keys(BENCHES)) {
        if (name !== undefined && one !== name) continue;
        console.log(`measuring ${one}`);
        try {
            const { measure } = await import(`./${one.replaceAll("-", "_")}.mjs`);
            /** @type {import("./lib/figures.mjs").Row[]} */
            const measured = await measure({ built, isQuick: values.quick });
            rows.push(...measured.map((row) => (name === undefined ? { ...row, name: `${one}: ${row.name}` } : row)));
        } catch (error) {
            nBroken++;
            console.error(`bench: ${one} could not be measured. ${sentenceOf(error)}`);
        }
    }
    if (rows.length > 0) print(name === undefined ? "All" : BENCHES[name], rows);
    const failed = rows.filter((row) => !row.holds);
    const nBars = rows.filter((row) => row.bar !== null).length;
    console.log(
        `\n${nBars - failed.length} of ${nBars} bars hold${failed.map((row) => `\n  does not hold: ${row.name}`).join("")}`,
    );
    if (values.json) await writeJson(values.json, positionals[0] ?? "all", rows);
    return nBroken > 0 ? 1 : 0;
}

/** Without the browser's own log, which says nothing of the cause. @param {unknown} error */
function sentenceOf(error) {
    if (error instanceof BenchError) return error.message;
    const { message, stack } = /** @type {Error} */ (error);
    const at = (stack ?? "").split("\n").filter((line) => /^\s+at .*benches/.test(line));
    return [message.split("\nBrowser logs:")[0], ...at].join("\n");
}

/** @param {string} sentence */
function refuse(sentence) {
    console.error(`bench: ${sentence}`);
    return 2;
}

function warnIfBusy() {
    const [load] = loadavg();
    const cores = availableParallelism();
    if (load > 0.5)
        console.log(`The machine is busy (load ${load.toFixed(1)} on ${cores} cores): these figures are rough.`);
}

run(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error) => {
        const isOurs = error instanceof BenchError || error.code?.startsWith("ERR_PARSE_ARGS");
        console.error(isOurs ? `bench: ${error.message}` : error);
        process.exitCode = error.code?.startsWith("ERR_PARSE_ARGS") ? 2 : 1;
    },
);
