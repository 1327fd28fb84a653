/**
 * Firefox over Marionette, the protocol below its WebDriver: only there one may install an extension for a while, click in the browser's own
 * menus, and end an extension's event page. A message is its length, a colon and JSON.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { poll } from "../browsers/browser.mjs";

const PATIENCE = { ms: 60_000 };
/** So that nothing but the test's own pages is asked for. */
const PREFERENCES = {
    "marionette.port": 0,
    "browser.shell.checkDefaultBrowser": false,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": false,
    "toolkit.telemetry.enabled": false,
    "app.update.enabled": false,
    "browser.safebrowsing.update.enabled": false,
    "services.settings.server": "data:,",
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    "extensions.update.enabled": false,
    "intl.locale.requested": "en-US",
};

/** @param {string} program */
export async function openMarionette(program) {
    const profile = mkdtempSync(join(tmpdir(), "firefox-"));
    const lines = Object.entries(PREFERENCES).map(
        ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`,
    );
    writeFileSync(join(profile, "user.js"), lines.join(""));
    const args = ["--headless", "--marionette", "--remote-allow-system-access", "--profile", profile, "--no-remote"];
    const child = spawn(program, args, { stdio: "ignore" });
    const portFile = join(profile, "MarionetteActivePort");
    await poll(() => existsSync(portFile) && readFileSync(portFile, "utf8"), PATIENCE);
    const socket = connect(Number(readFileSync(portFile, "utf8")), "127.0.0.1");
    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
    const open = new Map();
    let left = Buffer.alloc(0);
    let lastId = 0;
    socket.on("data", (data) => {
        left = Buffer.concat([left, data]);
        for (;;) {
            const colon = left.indexOf(":");
            const size = Number(left.subarray(0, colon));
            if (colon < 0 || left.length < colon + 1 + size) return;
            receive(JSON.parse(left.subarray(colon + 1, colon + 1 + size).toString("utf8")));
            left = left.subarray(colon + 1 + size);
        }
    });
    /** The first message says what the protocol is; the others answer. @param {any} message */
    function receive(message) {
        if (!Array.isArray(message)) return;
        const [, id, error, value] = message;
        const asked = open.get(id);
        open.delete(id);
        if (error) asked?.reject(new Error(`${error.error}: ${error.message}`));
        else asked?.resolve(value);
    }
    /** @param {string} name @param {object} [params] @returns {Promise<any>} */
    const call = (name, params = {}) =>
        new Promise((resolve, reject) => {
            const id = ++lastId;
            open.set(id, { resolve, reject });
            const text = JSON.stringify([0, id, name, params]);
            socket.write(`${Buffer.byteLength(text)}:${text}`);
        });
    await call("WebDriver:NewSession", { capabilities: { alwaysMatch: {} } });
    let context = "content";
    const goTo = async (/** @type {"content" | "chrome"} */ wanted) => {
        if (wanted !== context) await call("Marionette:SetContext", { value: wanted });
        context = wanted;
    };
    /** With the rights of the browser, in a page too: there it sees into closed shadow roots. @param {"content" | "chrome"} wanted @param {Function} act @param {unknown[]} args */
    const run = async (wanted, act, args) => {
        await goTo(wanted);
        const script = `const [args, done] = [arguments[0], arguments[arguments.length - 1]];
            Promise.resolve().then(() => (${act})(...args)).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
        const { value } = await call("WebDriver:ExecuteAsyncScript", { script, args: [args], sandbox: "system" });
        if (value?.error) throw new Error(value.error);
        return value?.value;
    };
    /** Whether a tab is there, which then is the one that everything is done in. @param {string} part of its address */
    async function find(part) {
        await goTo("content");
        for (const handle of await call("WebDriver:GetWindowHandles")) {
            const url = await call("WebDriver:SwitchToWindow", { handle })
                .then(() => call("WebDriver:GetCurrentURL"))
                .catch(() => ({ value: "" })); // it is being closed
            if (url.value.includes(part)) return true;
        }
        return false;
    }
    return {
        call,
        /** @param {Function} act @param {unknown[]} args */
        inPage: (act, ...args) => run("content", act, args),
        /** @param {Function} act @param {unknown[]} args */
        inBrowser: (act, ...args) => run("chrome", act, args),
        /** Until the page is there. @param {string} url */
        async open(url) {
            await goTo("content");
            await call("WebDriver:Navigate", { url });
        },
        /** Goes to a tab, in whichever window, once it is there. @param {string} part of its address */
        switchTo: (part) => poll(() => find(part), PATIENCE),
        /** Until no tab is there. @param {string} part of its address */
        closed: (part) => poll(async () => !(await find(part)), PATIENCE),
        /** As a person does it. @param {string} value a selector */
        async click(value) {
            const seek = () => call("WebDriver:FindElement", { using: "css selector", value }).catch(() => null);
            const found = await poll(seek, PATIENCE);
            await call("WebDriver:ElementClick", { id: Object.values(found.value)[0] });
        },
        async close() {
            await call("Marionette:Quit", { flags: ["eForceQuit"] }).catch(() => {});
            socket.destroy();
            if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
            rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
        },
    };
}
