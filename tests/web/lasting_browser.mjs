/**
 * A browser of its own whose profile outlives it: closed, killed and started anew, with everything that it keeps. What the page says and
 * asks for is watched as in every other test (watch.mjs).
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMPILED_ONCE, FLAGS, findChromium, fromWww } from "./harness.mjs";
import { followFetches, observePage } from "./idle.mjs";
import { Watch } from "./watch.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const PATIENCE_MS = 90_000;
const WINDOW = { width: 1440, height: 900 };

/** The tab's process ends at once, as when the system takes its memory. @param {Page} page */
export async function killTab(page) {
    const session = await page.context().newCDPSession(page);
    const gone = new Promise((crashed) => page.once("crash", () => crashed(null)));
    await Promise.race([session.send("Page.crash").catch(() => {}), gone]);
    await gone;
    await page.close();
}

export class LastingBrowser {
    /** @type {import("node:child_process").ChildProcess | null} */
    #process = null;
    /** @type {import("playwright-core").Browser | null} */
    #browser = null;
    #watch;

    /** @param {string} url of the page @param {string} profile its folder @param {(page: Page) => unknown} prepare runs before a page is fetched */
    constructor(url, profile, prepare) {
        this.url = url;
        this.profile = profile;
        this.prepare = prepare;
        this.#watch = new Watch(url, []);
    }

    /** Starts a browser in a new profile. @param {string} url @param {(page: Page) => unknown} [prepare] */
    static async start(url, prepare = () => {}) {
        const lasting = new LastingBrowser(url, await mkdtemp(join(tmpdir(), "tagsmith-profile-")), prepare);
        await lasting.start();
        return lasting;
    }

    get watch() {
        return this.#watch;
    }

    async start() {
        const port = join(this.profile, "DevToolsActivePort");
        await rm(port, { force: true });
        const args = [
            ...FLAGS,
            COMPILED_ONCE,
            "--headless=new",
            "--remote-debugging-port=0",
            `--user-data-dir=${this.profile}`,
            "--lang=en-GB",
            "--password-store=basic",
            "--use-mock-keychain",
            `--window-size=${WINDOW.width},${WINDOW.height}`,
            "about:blank",
        ];
        const process = (this.#process = spawn(findChromium(), args, { stdio: "ignore" }));
        while (!existsSync(port) || !readFileSync(port, "utf8").includes("\n")) {
            assert.equal(process.exitCode, null, "the browser did not start");
            await new Promise((later) => setTimeout(later, 50));
        }
        const [number, path] = readFileSync(port, "utf8").split("\n");
        const { chromium } = fromWww("playwright-core");
        this.#browser = await chromium.connectOverCDP(`ws://127.0.0.1:${number}${path}`);
        const context = this.context;
        context.setDefaultTimeout(PATIENCE_MS);
        this.#watch.follow(context);
        await context.addInitScript(observePage);
        await context.addInitScript(() => void Reflect.deleteProperty(globalThis, "showSaveFilePicker"));
        context.on("page", followFetches);
    }

    get context() {
        const [context] = this.#browser?.contexts() ?? [];
        return context ?? assert.fail("the browser is not running");
    }

    /** Opens the page in a tab of its own. @param {string} [query] @returns {Promise<Page>} */
    async open(query = "") {
        const page = await this.context.newPage();
        await page.setViewportSize(WINDOW);
        await this.prepare(page);
        await page.goto(this.url + query);
        return page;
    }

    /** The whole browser ends at once, as when the battery does; `start` starts it anew. */
    async kill() {
        const process = this.#process ?? assert.fail("the browser is not running");
        const ended = new Promise((exit) => process.once("exit", () => exit(null)));
        process.kill("SIGKILL");
        await ended;
        await this.#browser?.close().catch(() => {});
        this.#browser = this.#process = null;
    }

    /** Closes it as people do. */
    async quit() {
        const process = this.#process ?? assert.fail("the browser is not running");
        const ended = new Promise((exit) => process.once("exit", () => exit(null)));
        const session = await this.#browser?.newBrowserCDPSession();
        await session?.send("Browser.close").catch(() => {});
        await ended;
        this.#browser = this.#process = null;
    }

    /** Ends it for good, and looks at what the watch has seen. */
    async end() {
        if (this.#process) await this.kill();
        await rm(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
        this.#watch.take().assertClean();
    }
}
