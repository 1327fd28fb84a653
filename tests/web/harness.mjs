/**
 * What every file of the browser ring starts with: the built page on a server of its own, Chromium, and a watch over everything that
 * must never happen. After each test: no error in the console, none thrown in the page or a worker, and no request to any other
 * origin, neither seen by the browser's tools nor arrived at the proxy through which all that leaves this machine has to go.
 *
 * `TAGSMITH_PAGE` names another built page (default `target/test-page`), `CHROMIUM` the browser, `CHROMIUM_SHELL`
 * the same without a window (`chromium-headless-shell`), which takes a fifth less time; without it that of `CHROMIUM` is used.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, delimiter, join, resolve } from "node:path";
import { after, afterEach, before } from "node:test";
import { serve } from "../../www/tools/serve.mjs";
import { clearReports, writeReport } from "./failure_report.mjs";
import { askLessOften, followFetches, observePage, waitForIdle } from "./idle.mjs";
import { paintedPage } from "./painted_page.mjs";
import { ROOT } from "./root.mjs";
import { Watch, startOutside } from "./watch.mjs";

export { nCalls, waitForIdle, waitForTransitions } from "./idle.mjs";
export { ROOT };
export const PAGE = resolve(ROOT, process.env["TAGSMITH_PAGE"] ?? "target/test-page");
/**
 * Parts of Chromium's own window that nobody sees: the list below its address bar is a page with a process of its own, a fifth of what a
 * context costs. Chromium obeys the last such list alone, so it has those of Playwright 1.65 too.
 */
const OFF = [
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch",
].join();
export const FLAGS = [
    ..."--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(" "),
    ..."--disable-component-update --disable-sync --disable-dev-shm-usage".split(" "),
    `--disable-features=${OFF}`,
];
/** WebAssembly is compiled once, and not again for speed, which a painted model has no use for: some fifth of what its pages cost. */
export const COMPILED_ONCE = "--js-flags=--liftoff-only";
/** Long, because the machine may be compiling at the same time. */
const PATIENCE_MS = 90_000;

/** Contexts that hold nothing of any test, and so are open until the file is through. @type {WeakSet<import("playwright-core").BrowserContext>} */
export const benches = new WeakSet();

/** A development dependency of www. @param {string} name */
export const fromWww = createRequire(join(ROOT, "www/package.json"));

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{name: string, mimeType: string, buffer: Buffer}} NamedFile */
/** @typedef {{url: string, close: () => Promise<void>}} Server */

/** The built page as it is shipped. */
function shippedPage() {
    assert.ok(existsSync(join(PAGE, "index.html")), `There is no page in ${PAGE}. Build it first: cargo x dist`);
    return PAGE;
}

/**
 * Everything a test file needs; takes part in its hooks.
 * @param {{model?: "bundled" | "painted", headers?: Record<string, string>, flags?: string[], hasScrollBars?: boolean, isWhole?: boolean, start?: () => Promise<Server>}} [options]
 *   `model`: "painted" where what is tested is the page and not what a trained network says (painted.mjs); headers for the server, in
 *   place of its own; or a server to start instead; more flags for the browser; scroll bars as people with a mouse have them, which
 *   Playwright hides; or all of Chromium, for what its shell lacks: installing a page, permissions that people are asked for, a language model,
 *   a mouse that was never there
 */
export function usePage({
    model = "bundled",
    headers = {},
    flags = [],
    hasScrollBars = false,
    isWhole = false,
    start,
} = {}) {
    const startServer =
        start ??
        (async () => serve({ dir: model === "painted" ? await paintedPage() : shippedPage(), port: 0, headers }));
    /** @type {Server} */
    let server;
    /** @type {Awaited<ReturnType<typeof startOutside>>} */
    let outside;
    /** @type {import("playwright-core").Browser} */
    let browser;
    /** @type {Watch} */
    let watch;
    /** Of pages that tests take in turn. @type {Set<import("playwright-core").BrowserContext>} */
    const lasting = new Set();

    before(async () => {
        clearReports();
        server = await startServer();
        outside = await startOutside();
        const { chromium } = fromWww("playwright-core");
        browser = await chromium.launch({
            executablePath: isWhole ? findChromium() : findShell(),
            args: [...FLAGS, ...(model === "painted" ? [COMPILED_ONCE] : []), ...flags],
            ignoreDefaultArgs: hasScrollBars ? ["--hide-scrollbars"] : [],
        });
        watch = new Watch(server.url, outside.requests);
    });
    after(async () => {
        await browser?.close();
        await server?.close();
        await outside?.close();
    });
    afterEach(async (hook) => {
        const test = /** @type {import("node:test").TestContext & {error?: unknown}} */ (hook);
        const { log } = watch;
        const seen = watch.take();
        const contexts = browser.contexts().filter((context) => !benches.has(context));
        const pages = contexts.flatMap((context) => context.pages());
        const wrong = test.error ?? seen.findWrong();
        if (wrong && pages.length > 0) await writeReport(test.name, wrong, pages, log);
        if (wrong) lasting.clear();
        // A test that failed has said why; closing it must not hang on what it left behind.
        const over = contexts.filter((context) => !lasting.has(context));
        await Promise.all(over.map((context) => context.close()));
        seen.assertClean();
    });

    return {
        get url() {
            return server.url;
        },
        /** What this test has seen so far. */
        get watch() {
            return watch;
        },
        /**
         * Opens the page in a context of its own.
         * @param {string} [query]
         * @param {import("playwright-core").BrowserContextOptions & {path?: string, prepare?: (page: Page) => unknown, hasPicker?: boolean}} [options]
         *   `prepare` runs before the page is fetched; service workers are off, because what they fetch passes by every route; `hasPicker`
         *   leaves the page the browser's question where to save, which waits for a person: without it exports are downloads
         * @returns {Promise<Page>}
         */
        async open(query = "", { path = "", prepare = () => {}, hasPicker = false, ...options } = {}) {
            // The context's own: what the browser itself fetches takes another way.
            const proxy = { server: `http://127.0.0.1:${outside.port}`, bypass: "127.0.0.1" };
            const usual = {
                viewport: { width: 1440, height: 900 },
                locale: "en-GB",
                // What moves by itself draws sixty frames a second that no test looks at.
                reducedMotion: /** @type {const} */ ("reduce"),
                serviceWorkers: /** @type {const} */ ("block"),
            };
            const context = await browser.newContext({ ...usual, proxy, ...options });
            context.setDefaultTimeout(PATIENCE_MS);
            watch.follow(context);
            if (path) watch.allow(/favicon\.ico/); // only the page itself names its icon
            await context.addInitScript(observePage);
            context.on("page", followFetches);
            context.on("page", askLessOften);
            if (!hasPicker)
                await context.addInitScript(() => void Reflect.deleteProperty(globalThis, "showSaveFilePicker"));
            const page = await context.newPage();
            await prepare(page);
            await page.goto(server.url + path + query);
            return page;
        },
        /**
         * A page that tests take in turn, each as the one before it left it. After a test that failed, or closed it, it is made anew.
         * @param {() => Promise<Page>} make @returns {() => Promise<Page>}
         */
        inTurn(make) {
            /** @type {Page | null} */
            let page = null;
            return async () => {
                if (page && !page.isClosed() && lasting.has(page.context())) return page;
                page = await make();
                lasting.add(page.context());
                return page;
            };
        },
    };
}

export const findChromium = () =>
    process.env["CHROMIUM"] ??
    find("chromium", "chromium-browser", "google-chrome") ??
    assert.fail("No Chromium was found. Name it: CHROMIUM=/path/to/chromium");

/** Chromium without a window. Who names a Chromium means that one. */
const findShell = () =>
    process.env["CHROMIUM_SHELL"] ?? process.env["CHROMIUM"] ?? find("chromium-headless-shell") ?? findChromium();

/** @param {string[]} names */
function find(...names) {
    const folders = (process.env["PATH"] ?? "").split(delimiter);
    return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** The browser keeps no files of the page's own: everything is in memory. For `prepare`. @param {Page} page */
export const keepNothing = (page) =>
    page.addInitScript(() => void Reflect.deleteProperty(StorageManager.prototype, "getDirectory"));

/** @param {Page} page */
export const waitUntilReady = (page) => page.waitForSelector('html[data-engine="ready"]');

/** @param {Page} page @param {NamedFile[]} files */
export const addFiles = (page, files) => page.setInputFiles('[data-input="files"]', files);

/** Until every picture is done or has failed, and what is on screen has its tags. @param {Page} page */
export async function waitUntilDone(page) {
    await page.waitForFunction(() => {
        const isStill = !document.querySelector("[data-running], .card[data-state=queued], .card[aria-busy=true]");
        const untagged = document.querySelectorAll('.card[data-state="done"] .card-foot:empty').length;
        return isStill && document.querySelector(".card") && untagged === 0;
    });
    await waitForIdle(page);
}

/**
 * The cards that are drawn: in a window as high as the grid, all of them.
 * @param {Page} page
 */
export const cards = (page) =>
    page.$$eval(".card", (all) =>
        all.map((card) => ({
            path: card.getAttribute("data-path") ?? "",
            state: card.getAttribute("data-state"),
            code: card.querySelector(".card-reason")?.getAttribute("data-code") ?? null,
            reason: card.querySelector(".card-reason")?.textContent?.replace(/\s+/g, " ").trim() ?? null,
            tags: Array.from(card.querySelectorAll("[data-tag]"), (chip) => ({
                id: chip.getAttribute("data-tag") ?? "",
                name: chip.querySelector(".chip-name")?.textContent ?? "",
                confidence: Number(chip.getAttribute("data-confidence")),
            })),
            nMore: Number(card.querySelector(".is-more")?.textContent?.replace(/\D/g, "") ?? 0),
        })),
    );

/** The plain number of a count on the page. @param {Page} page @param {string} name */
export const count = async (page, name) => Number(await page.getAttribute(`[data-count="${name}"]`, "data-value"));

/** Moves the threshold as a hand on the slider does. @param {Page} page @param {number} percent */
export async function setThreshold(page, percent) {
    await page.fill('[data-do="threshold"]', String(percent));
    await waitForIdle(page);
}

/** @typedef {import("../../www/core/engine_api.d.ts").ExportFormat} ExportFormat */

/** Formats with a file per picture, which ask what is wanted. @type {ExportFormat[]} */
const ASKING = ["captions", "keywords", "xmp"];

/** Presses the export of the menu, and saves what the dialog offers where there is one. @param {Page} page @param {ExportFormat} format */
export async function pressExport(page, format) {
    await openExport(page, format);
    if (ASKING.includes(format)) await page.click('[data-do="save-export"]');
}

/** Presses the export of the menu. @param {Page} page @param {ExportFormat} format */
export async function openExport(page, format) {
    await page.click('[data-do="export"]');
    await page.click(`[data-do="export-${format}"]`);
    if (ASKING.includes(format)) await page.waitForSelector('[data-count="files"]');
}

/** Downloads an export; its name, where it lies, and its text. @param {Page} page @param {ExportFormat} format */
export async function exportAs(page, format) {
    const [download] = await Promise.all([page.waitForEvent("download"), pressExport(page, format)]);
    const path = await download.path();
    return { name: download.suggestedFilename(), path, text: readFileSync(path, "utf8") };
}

/** The JSON Lines of everything in the grid. @param {Page} page @returns {Promise<any[]>} */
export async function exportReports(page) {
    const { text } = await exportAs(page, "jsonl");
    return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
}

/** A file of tests/, under a name of its own. @param {string} path @param {string} [name] @returns {NamedFile} */
export const file = (path, name = basename(path)) => ({
    name,
    mimeType: "",
    buffer: readFileSync(join(ROOT, "tests", path)),
});

/** The golden pictures: name, the picture's path below tests/, what is expected of it. */
export function goldenCases() {
    const folder = join(ROOT, "tests/cases");
    const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "expected.json")));
    return names.sort().map((name) => {
        const picture =
            readdirSync(join(folder, name)).find((file) => file.startsWith("picture.")) ??
            assert.fail(`${name} has no picture`);
        const expected = JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8"));
        return { name, path: `cases/${name}/${picture}`, expected };
    });
}
