/**
 * WebKitGTK's MiniBrowser, driven by WebKitWebDriver (Debian: `webkit2gtk-driver`): plain WebDriver, so no package is needed for it. It
 * needs a display, and gets one of its own (`xvfb`). It is not Safari.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram, isProgram, poll } from "./browser.mjs";
import { newFile } from "./downloads.mjs";

/** @import { Browser, Patience } from "./browser.mjs" */

/** WebDriver's sign for the Enter key. */
const ENTER = "\ue007";
const SCREEN = "1920x1400x24";

export const findDriver = () => findProgram("WebKitWebDriver");
export const findDisplay = () => process.env["DISPLAY"] ?? findProgram("Xvfb");

/** MiniBrowser lies among the libraries; `WEBKIT` names another. */
export function findMiniBrowser() {
    const folders = readdirSync("/usr/lib").flatMap((kind) =>
        ["6.0", "4.1", "4.0"].map((version) => `/usr/lib/${kind}/webkit2gtk-${version}`),
    );
    return process.env["WEBKIT"] ?? folders.map((folder) => join(folder, "MiniBrowser")).find(isProgram);
}

/** @param {Patience} patience @returns {Promise<Browser>} */
export async function openWebkit(patience) {
    const { home, downloads } = makeHome();
    const display = await openDisplay();
    const port = await freePort();
    // A desktop without a language: WebKit then calls it "C", which is the name of none. And without a graphics card: to have one computed takes longer than
    // to draw without.
    const without = { LC_ALL: "C", WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
    const own = { HOME: home, XDG_CONFIG_HOME: join(home, ".config"), DISPLAY: display.name, ...without };
    const env = { ...process.env, ...own };
    const driver = spawn("WebKitWebDriver", [`--port=${port}`], { env, stdio: "ignore" });

    /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
    async function call(method, path, body) {
        const response = await fetch(`http://127.0.0.1:${port}${path}`, {
            method,
            body: body ? JSON.stringify(body) : null,
        });
        const { value } = /** @type {any} */ (await response.json());
        if (value?.error) throw new Error(`${path}: ${value.error}: ${value.message}`);
        return value;
    }
    await poll(() => call("GET", "/status").catch(() => null), patience);
    const options = { binary: findMiniBrowser(), args: ["--automation"] };
    // "none" as a strategy never gets to the page.
    const wanted = { browserName: "MiniBrowser", pageLoadStrategy: "eager", "webkitgtk:browserOptions": options };
    const { sessionId, capabilities } = await call("POST", "/session", { capabilities: { alwaysMatch: wanted } });
    const session = `/session/${sessionId}`;
    await call("POST", `${session}/timeouts`, { script: patience.ms, pageLoad: patience.ms });

    /** Does something to the element that comes. @param {string} css @param {string} what @param {object} body */
    async function toElement(css, what, body) {
        await wait((css) => document.querySelector(css) !== null, css);
        const found = await call("POST", `${session}/element`, { using: "css selector", value: css });
        return call("POST", `${session}/element/${Object.values(found)[0]}/${what}`, body);
    }
    /** @type {Browser["run"]} */
    const run = async (act, ...args) => {
        const script = `
            const done = arguments[arguments.length - 1];
            (async () => (${act})(...arguments[0]))().then((ok) => done({ ok }), (error) => done({ error: String(error) }));`;
        const answer = await call("POST", `${session}/execute/async`, { script, args: [args] });
        if (answer.error) throw new Error(answer.error);
        return answer.ok;
    };
    /** @type {Browser["wait"]} */
    const wait = (ask, ...args) => poll(() => run(ask, ...args), patience, ask);
    /** @type {Browser} */
    const browser = {
        version: capabilities.browserVersion,
        async goto(url) {
            await call("POST", `${session}/url`, { url });
            await run(listen);
        },
        run,
        wait,
        click: (css) => toElement(css, "click", {}),
        type: (css, text) => toElement(css, "value", { text: text + ENTER }),
        async key(key) {
            const actions = ["keyDown", "keyUp"].map((type) => ({ type, value: key }));
            await call("POST", `${session}/actions`, { actions: [{ type: "key", id: "keyboard", actions }] });
        },
        choose: (css, paths) => toElement(css, "value", { text: paths.join("\n") }),
        download: (start) => newFile(downloads, start, patience),
        // It is the window's size that is asked for, so what its frame takes is added; it comes a moment later.
        async resize(width, height) {
            await call("POST", `${session}/window/rect`, { width, height });
            await wait((width) => innerWidth === width, width);
            const frame = await run(() => outerHeight - innerHeight);
            await call("POST", `${session}/window/rect`, { width, height: height + frame });
            await wait((height) => innerHeight === height, height);
        },
        complaints: () =>
            run(
                () =>
                    /** @type {{complaints?: string[]} & typeof globalThis} */ (globalThis).complaints?.splice(0) ?? [],
            ),
        async close() {
            await call("DELETE", session).catch(() => {});
            driver.kill();
            display.close();
            rmSync(home, { recursive: true, force: true, maxRetries: 5 });
        },
    };
    await browser.resize(1440, 900);
    return browser;
}

/** A home of its own: MiniBrowser saves where the desktop says that downloads go, and nothing of anyone's is touched. */
function makeHome() {
    const home = mkdtempSync(join(tmpdir(), "webkit-"));
    const downloads = join(home, "Downloads");
    mkdirSync(downloads);
    mkdirSync(join(home, ".config/gtk-3.0"), { recursive: true });
    writeFileSync(join(home, ".config/user-dirs.dirs"), 'XDG_DOWNLOAD_DIR="$HOME/Downloads"\n');
    // Its own toolbar would keep the window from being as narrow as a phone.
    const style = "* { font-size: 1px; min-width: 0; min-height: 0; padding: 0; margin: 0; border: 0; }";
    writeFileSync(join(home, ".config/gtk-3.0/gtk.css"), style);
    return { home, downloads };
}

/** The display that is there, or a new one that nobody sees. @returns {Promise<{name: string, close: () => void}>} */
async function openDisplay() {
    const there = process.env["DISPLAY"];
    if (there) return { name: there, close: () => {} };
    const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", SCREEN, "-nolisten", "tcp"], {
        stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    const number = await new Promise((resolve, reject) => {
        screen.once("error", reject);
        screen.once("exit", () => reject(new Error("Xvfb ended before it had a display.")));
        screen.stdio[3]?.once("data", (data) => resolve(String(data).trim()));
    });
    return { name: `:${number}`, close: () => void screen.kill() };
}

/** @returns {Promise<number>} */
function freePort() {
    return new Promise((resolve, reject) => {
        const server = createServer().once("error", reject);
        server.listen(0, "127.0.0.1", () => {
            const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
            server.close(() => resolve(port));
        });
    });
}

/** Runs in the page, from DOMContentLoaded on: the driver gives no way to the console, nor to run anything before the page. */
function listen() {
    /** @type {string[]} */
    const seen = [];
    Object.assign(globalThis, { complaints: seen });
    for (const kind of /** @type {const} */ (["error", "warn"])) {
        const log = console[kind];
        console[kind] = (...args) => {
            seen.push(`${kind}: ${args.join(" ")}`);
            log.apply(console, args);
        };
    }
    addEventListener("error", ({ message, filename }) => void seen.push(`thrown: ${message} ${filename}`), true);
    addEventListener("unhandledrejection", ({ reason }) => void seen.push(`rejected: ${reason}`));
    document.addEventListener(
        "securitypolicyviolation",
        ({ violatedDirective, blockedURI }) => void seen.push(`forbidden: ${violatedDirective} ${blockedURI}`),
    );
}
