/**
 * Chromium, and Firefox over WebDriver BiDi: the distribution's own, not one that was made for tests.
 *
 * Playwright 1.65 asks Firefox 153 for a command it does not have (`emulation.setMediaFeaturesOverride`), 1.64 does not; it is installed
 * beside the other under the name `playwright-bidi`. Its channel `moz-firefox` is not documented.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromWww } from "../harness.mjs";
import { findProgram, poll } from "./browser.mjs";
import { newFile } from "./downloads.mjs";

/** @import { Browser, Patience } from "./browser.mjs" */

const CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"];

export const findFirefox = () => process.env["FIREFOX"] ?? findProgram("firefox-esr");
export const findChromium = () =>
    process.env["CHROMIUM"] ?? findProgram("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

/** @param {Patience} patience @returns {Promise<Browser>} */
export async function openChromium(patience) {
    const { chromium } = fromWww("playwright-core");
    const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS });
    const { page, ...calls } = await openPage(browser, patience);
    return {
        ...calls,
        async download(start) {
            const [download] = await Promise.all([page.waitForEvent("download"), start()]);
            return { name: download.suggestedFilename(), path: await download.path() };
        },
        close: () => browser.close(),
    };
}

/** @param {Patience} patience @returns {Promise<Browser>} */
export async function openFirefox(patience) {
    const { firefox } = fromWww("playwright-bidi");
    const downloads = mkdtempSync(join(tmpdir(), "firefox-"));
    const browser = await firefox.launch({
        channel: "moz-firefox",
        executablePath: findFirefox(),
        downloadsPath: downloads,
    });
    const { page: _, ...calls } = await openPage(browser, patience);
    return {
        ...calls,
        // Firefox tells of a download without its name, and Playwright then says nothing of it.
        download: (start) => newFile(downloads, start, patience),
        async close() {
            await browser.close();
            rmSync(downloads, { recursive: true, force: true });
        },
    };
}

/** @param {import("playwright-core").Browser} browser @param {Patience} patience */
async function openPage(browser, patience) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
    page.setDefaultTimeout(patience.ms);
    // The question where to save waits for a person; without it exports are downloads.
    await page.addInitScript(() => void Reflect.deleteProperty(globalThis, "showSaveFilePicker"));
    /** @type {string[]} */
    const seen = [];
    page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) seen.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => void seen.push(`thrown: ${error.message}`));
    /** @type {Browser["run"]} */
    const run = (act, ...args) => page.evaluate(`(${act})(...${JSON.stringify(args)})`);
    return {
        page,
        version: browser.version(),
        goto: async (/** @type {string} */ url) => void (await page.goto(url)),
        run,
        /** @type {Browser["wait"]} */
        wait: (ask, ...args) => poll(() => run(ask, ...args), patience, ask),
        click: (/** @type {string} */ css) => page.click(css),
        async type(/** @type {string} */ css, /** @type {string} */ text) {
            await page.click(css);
            await page.keyboard.type(text);
            await page.keyboard.press("Enter");
        },
        key: (/** @type {string} */ key) => page.keyboard.press(key),
        choose: (/** @type {string} */ css, /** @type {string[]} */ paths) => page.setInputFiles(css, paths),
        resize: (/** @type {number} */ width, /** @type {number} */ height) => page.setViewportSize({ width, height }),
        complaints: async () => seen.splice(0),
    };
}
