/** Real Chromium: found, started, and asked to measure. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import playwright from "../../www/node_modules/playwright-core/index.js";
import { BenchError } from "./built.mjs";
import { serve_side_by_side } from "./server.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];

/** The Chromium that CHROMIUM names, or one that is installed. */
function find_chromium() {
    if (process.env["CHROMIUM"]) return process.env["CHROMIUM"];
    const folders = (process.env["PATH"] ?? "").split(delimiter);
    const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
    if (!found) throw new BenchError("Chromium was not found. Install it, or set CHROMIUM to the path of its program.");
    return found;
}

export const start_chromium = () => playwright.chromium.launch({ executablePath: find_chromium(), args: FLAGS });

/** @typedef {import("../../www/node_modules/playwright-core/index.js").Browser} Browser */
/** @typedef {import("../../www/node_modules/playwright-core/index.js").Page} Page */

/** A browser whose cache lies in `profile` and outlives it. @param {string} profile */
export const start_chromium_with = (profile) =>
    playwright.chromium.launchPersistentContext(profile, { executablePath: find_chromium(), args: FLAGS });

/**
 * Runs `measure(wanted)` of one of the modules in benches/pages, in a page of its own, and gives what it returned.
 * @template T
 * @param {string} module @param {object} wanted @param {{page: string, places?: Record<string, string>}} served
 * @returns {Promise<T>}
 */
export async function measure_in_page(module, wanted, { page: dir, places }) {
    const server = await serve_side_by_side(dir, places);
    const browser = await start_chromium();
    try {
        const page = await browser.newPage();
        page.on("pageerror", (error) => console.error(error));
        await page.goto(`${server.url}benches/pages/index.html`);
        return await page.evaluate(async ([module, wanted]) => {
            const { measure } = await import(`/benches/pages/${module}`);
            return measure(wanted);
        }, /** @type {const} */ ([module, wanted]));
    } finally {
        await browser.close();
        server.close();
    }
}
