/**
 * What every file of the browser ring starts with: the built page on a server of its own, Chromium, and a watch over everything that
 * must never happen. After each test: no error in the console, none thrown in the page or a worker, and no request to any other
 * origin, neither seen by the browser's tools nor arrived at the proxy through which all that leaves this machine has to go.
 *
 * `TAGSMITH_PAGE` names another built page (default `dist/page`), `CHROMIUM` the browser.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { basename, delimiter, join, resolve } from "node:path";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../www/tools/serve.mjs";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const PAGE = resolve(ROOT, process.env["TAGSMITH_PAGE"] ?? "dist/page");
const FLAGS =
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage";
/** Long, because the machine may be compiling at the same time. */
const PATIENCE_MS = 90_000;

/** A development dependency of www. @param {string} name */
export const from_www = createRequire(join(ROOT, "www/package.json"));

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{name: string, mimeType: string, buffer: Buffer}} NamedFile */
/** @typedef {{url: string, close: () => Promise<void>}} Server */

/**
 * Everything a test file needs; takes part in its hooks.
 * @param {{headers?: Record<string, string>, flags?: string[], start?: () => Promise<Server>}} [options]
 *   headers for the server, in place of its own; or a server to start instead; more flags for the browser
 */
export function use_page({ headers = {}, flags = [], start = () => serve({ dir: PAGE, port: 0, headers }) } = {}) {
    /** @type {Server} */
    let server;
    /** @type {Awaited<ReturnType<typeof start_outside>>} */
    let outside;
    /** @type {import("playwright-core").Browser} */
    let browser;
    /** @type {Watch} */
    let watch;

    before(async () => {
        assert.ok(existsSync(join(PAGE, "index.html")), `There is no page in ${PAGE}. Build it first: cargo x dist`);
        server = await start();
        outside = await start_outside();
        const { chromium } = from_www("playwright-core");
        browser = await chromium.launch({ executablePath: find_chromium(), args: [...FLAGS.split(" "), ...flags] });
        watch = new Watch(server.url, outside.requests);
    });
    after(async () => {
        await browser?.close();
        await server?.close();
        await outside?.close();
    });
    afterEach(async () => {
        // A test that failed has said why; closing it must not hang on what it left behind.
        const seen = watch.take();
        await Promise.all(browser.contexts().map((context) => context.close()));
        seen.assert_clean();
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
         * @param {import("playwright-core").BrowserContextOptions & {path?: string, prepare?: (page: Page) => unknown, has_picker?: boolean}} [options]
         *   `prepare` runs before the page is fetched; service workers are off, because what they fetch passes by every route; `has_picker`
         *   leaves the page the browser's question where to save, which waits for a person: without it exports are downloads
         * @returns {Promise<Page>}
         */
        async open(query = "", { path = "", prepare = () => {}, has_picker = false, ...options } = {}) {
            // The context's own: what the browser itself fetches takes another way.
            const proxy = { server: `http://127.0.0.1:${outside.port}`, bypass: "127.0.0.1" };
            const usual = { viewport: { width: 1440, height: 900 }, locale: "en-GB", serviceWorkers: /** @type {const} */ ("block") };
            const context = await browser.newContext({ ...usual, proxy, ...options });
            context.setDefaultTimeout(PATIENCE_MS);
            watch.follow(context);
            if (path) watch.allow(/favicon\.ico/); // only the page itself names its icon
            await context.addInitScript(count_calls);
            if (!has_picker) await context.addInitScript(() => void Reflect.deleteProperty(globalThis, "showSaveFilePicker"));
            const page = await context.newPage();
            await prepare(page);
            await page.goto(server.url + path + query);
            return page;
        },
    };
}

/** What must never happen, and what of it a test has announced. */
class Watch {
    #own;
    /** What arrived at the proxy. */
    outside;
    /** @type {RegExp[]} */
    #expected = [];
    /** @type {RegExp[]} */
    #allowed = [];
    /** @type {string[]} */
    errors = [];
    /** @type {string[]} addresses asked for, by the page or a worker */
    requests = [];

    /** @param {string} url @param {string[]} outside what arrived at the proxy */
    constructor(url, outside) {
        this.#own = new URL(url).origin;
        this.outside = outside;
    }

    /** Errors like this belong to the test under way. Each pattern has to occur. @param {RegExp[]} patterns */
    expect(...patterns) {
        this.#expected.push(...patterns);
    }

    /** Errors like this may occur: a worker that is ended at once may or may not get to say why. @param {RegExp[]} patterns */
    allow(...patterns) {
        this.#allowed.push(...patterns);
    }

    /** @param {import("playwright-core").BrowserContext} context */
    follow(context) {
        context.on("request", (request) => this.requests.push(request.url()));
        context.on("console", (message) => {
            if (message.type() === "error") this.errors.push(`${message.text()} (${message.location().url})`);
        });
        context.on("weberror", (error) => this.errors.push(String(error.error().stack)));
    }

    /** Requests to any other origin, whatever became of them. */
    get foreign() {
        return [...this.requests.filter((url) => !/^(blob|data):/.test(url) && new URL(url).origin !== this.#own), ...this.outside];
    }

    /** For tests that ask elsewhere on purpose. */
    forget_requests() {
        this.requests = [];
        this.outside.length = 0;
    }

    /** Hands over what was seen, and begins anew. */
    take() {
        const { errors, foreign } = this;
        const expected = this.#expected;
        const allowed = [...expected, ...this.#allowed];
        [this.errors, this.#expected, this.#allowed] = [[], [], []];
        this.forget_requests();
        return {
            assert_clean() {
                const unexpected = errors.filter((error) => !allowed.some((pattern) => pattern.test(error)));
                assert.deepEqual(unexpected, [], "errors in the console");
                assert.deepEqual(foreign, [], "requests to another origin");
                for (const pattern of expected) assert.ok(errors.some((error) => pattern.test(error)), `${pattern} was announced and did not occur`);
            },
        };
    }
}

/** A proxy that lets nothing through and remembers what was asked of it. */
async function start_outside() {
    /** @type {string[]} */
    const requests = [];
    const proxy = createServer((request, response) => {
        requests.push(`${request.url}`);
        response.writeHead(502).end();
    });
    proxy.on("connect", (request, socket) => {
        requests.push(`${request.url}`);
        socket.end("HTTP/1.1 502 Refused\r\n\r\n");
    });
    await new Promise((listening) => proxy.listen(0, "127.0.0.1", () => listening(null)));
    const close = () => {
        proxy.closeAllConnections();
        return new Promise((closed) => proxy.close(closed));
    };
    return { requests, port: /** @type {import("node:net").AddressInfo} */ (proxy.address()).port, close };
}

function find_chromium() {
    const named = process.env["CHROMIUM"];
    if (named) return named;
    const folders = (process.env["PATH"] ?? "").split(delimiter);
    const paths = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) => folders.map((folder) => join(folder, name)));
    return paths.find((path) => existsSync(path)) ?? assert.fail("No Chromium was found. Name it: CHROMIUM=/path/to/chromium");
}

/** Runs in the page before its own scripts: counts what is asked of the workers, whatever the page itself may count. */
function count_calls() {
    const calls = /** @type {Record<string, number>} */ ({});
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ ...rest) {
        calls[message.name] = (calls[message.name] ?? 0) + 1;
        return post.call(this, message, ...rest);
    };
    Object.assign(globalThis, { calls_to_workers: calls });
}

/** How often the page has asked a worker for `name` ("tag" runs the model). @param {Page} page @param {string} name */
export const n_calls = (page, name) => page.evaluate((name) => /** @type {any} */ (globalThis).calls_to_workers[name] ?? 0, name);

/** @param {Page} page */
export const wait_until_ready = (page) => page.waitForSelector('html[data-engine="ready"]');

/** @param {Page} page @param {NamedFile[]} files */
export const add_files = (page, files) => page.setInputFiles('[data-input="files"]', files);

/** Until every picture is done or has failed, and what is on screen has its tags. @param {Page} page */
export async function wait_until_done(page) {
    await page.waitForFunction(() => {
        const is_still = !document.querySelector("[data-running], .card[data-state=queued], .card[aria-busy=true]");
        const untold = document.querySelectorAll('.card[data-state="done"] .card-foot:empty').length;
        return is_still && document.querySelector(".card") && untold === 0;
    });
    await settle(page);
}

/** Until the batch worker has answered everything it was asked, and the answer is drawn. @param {Page} page */
export async function settle(page) {
    let before = "";
    for (let n_same = 0; n_same < 3; ) {
        await page.waitForTimeout(60);
        const now = await page.evaluate(() => document.body.innerText.length + document.body.innerHTML);
        n_same = now === before ? n_same + 1 : 0;
        before = now;
    }
}

/**
 * The cards that are drawn: in a window as high as the sheet, all of them.
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
            n_more: Number(card.querySelector(".is-more")?.textContent?.replace(/\D/g, "") ?? 0),
        })),
    );

/** The plain number of a count on the page. @param {Page} page @param {string} name */
export const count = async (page, name) => Number(await page.getAttribute(`[data-count="${name}"]`, "data-value"));

/** Moves the threshold as a hand on the slider does. @param {Page} page @param {number} percent */
export async function set_threshold(page, percent) {
    await page.fill('[data-do="threshold"]', String(percent));
    await settle(page);
}

/** @typedef {"csv" | "json" | "jsonl" | "captions" | "xmp"} ExportFormat */

/** Presses the export of the menu. @param {Page} page @param {ExportFormat} format */
export async function press_export(page, format) {
    await page.click('[data-do="export"]');
    await page.click(`[data-do="export-${format}"]`);
}

/** Downloads an export; its name, where it lies, and its text. @param {Page} page @param {ExportFormat} format */
export async function export_as(page, format) {
    const [download] = await Promise.all([page.waitForEvent("download"), press_export(page, format)]);
    const path = await download.path();
    return { name: download.suggestedFilename(), path, text: readFileSync(path, "utf8") };
}

/** The JSON Lines of everything on the sheet. @param {Page} page @returns {Promise<any[]>} */
export async function export_reports(page) {
    const { text } = await export_as(page, "jsonl");
    return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** A file of tests/, under a name of its own. @param {string} path @param {string} [name] @returns {NamedFile} */
export const file = (path, name = basename(path)) => ({ name, mimeType: "", buffer: readFileSync(join(ROOT, "tests", path)) });

/** The golden pictures: name, the picture's path below tests/, what is expected of it. */
export function golden_cases() {
    const folder = join(ROOT, "tests/cases");
    const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "expected.json")));
    return names.sort().map((name) => {
        const picture = readdirSync(join(folder, name)).find((file) => file.startsWith("picture.")) ?? assert.fail(`${name} has no picture`);
        const expected = JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8"));
        return { name, path: `cases/${name}/${picture}`, expected };
    });
}
