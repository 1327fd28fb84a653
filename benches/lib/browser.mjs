/** Real Chromium: found, started, and asked to measure. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import playwright from "../../www/node_modules/playwright-core/index.js";
import { BenchError } from "./built.mjs";
import { serveSideBySide } from "./server.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/** The Chromium that CHROMIUM names, or one that is installed. */
function findChromium() {
    if (process.env["CHROMIUM"]) return process.env["CHROMIUM"];
    const folders = (process.env["PATH"] ?? "").split(delimiter);
    const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
    if (!found) throw new BenchError("Chromium was not found. Install it, or set CHROMIUM to the path of its program.");
    return found;
}

export const startChromium = () => playwright.chromium.launch({ executablePath: findChromium(), args: FLAGS });

/** @typedef {import("../../www/node_modules/playwright-core/index.js").Browser} Browser */
/** @typedef {import("../../www/node_modules/playwright-core/index.js").Page} Page */

/** A browser whose cache lies in `profile` and outlives it. @param {string} profile */
export const startChromiumWith = (profile) =>
    playwright.chromium.launchPersistentContext(profile, { executablePath: findChromium(), args: FLAGS });

/**
 * Runs `measure(wanted)` of one of the modules in benches/pages, in a page of its own, and gives what it returned.
 * @template T
 * @param {string} module @param {object} wanted @param {{page: string, places?: Record<string, string>}} served
 * @returns {Promise<T>}
 */
export async function measureInPage(module, wanted, { page: dir, places }) {
    const server = await serveSideBySide(dir, places);
    const browser = await startChromium();
    try {
        const page = await browser.newPage();
        page.on("pageerror", (error) => console.error(error));
        await page.goto(`${server.url}benches/pages/index.html`);
        return await page.evaluate(
            async ([module, wanted]) => {
                const { measure } = await import(`/benches/pages/${module}`);
                return measure(wanted);
            },
            /** @type {const} */ ([module, wanted]),
        );
    } finally {
        await browser.close();
        server.close();
    }
}
