/**
 * Chromium with the built extension, and what people do with it. A menu of the browser's own cannot be clicked in a window that nobody sees:
 * the toolbar button is pressed, which gives the extension its leave for the tab, and then the menu's event is sent to its background.
 * @import { BrowserContext, CDPSession, Page } from "playwright-core"
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { poll } from "../browsers/browser.mjs";
import { FLAGS, findChromium, fromWww } from "../harness.mjs";

const PATIENCE = { ms: 60_000 };

/** @typedef {Awaited<ReturnType<typeof openExtension>>} ExtensionBrowser */
/** @typedef {{frameId: number, frameUrl: string}} Frame as the browser's menus name it */

/**
 * @param {string} folder of the built extension @param {string[]} [allowed] sites that a person has allowed once: then the browser does not ask
 *   again, which nobody could answer here
 */
export async function openExtension(folder, allowed = []) {
    const profile = mkdtempSync(join(tmpdir(), "extension-"));
    const granted = { api: [], explicit_host: allowed, manifest_permissions: [], scriptable_host: [] };
    mkdirSync(join(profile, "Default"));
    const settings = { [idOf(folder)]: { runtime_granted_permissions: granted } };
    writeFileSync(join(profile, "Default/Preferences"), JSON.stringify({ extensions: { settings } }));
    const { chromium } = fromWww("playwright-core");
    /** @type {BrowserContext} */
    const context = await chromium.launchPersistentContext(profile, {
        headless: true,
        locale: "en-GB",
        executablePath: findChromium(),
        args: [...FLAGS, `--load-extension=${folder}`, `--disable-extensions-except=${folder}`],
    });
    context.setDefaultTimeout(PATIENCE.ms);
    /** @type {string[]} */
    const complaints = [];
    context.on("console", (message) => {
        if (message.type() === "error") complaints.push(`${message.page()?.url()}: ${message.text()}`);
    });
    context.on("weberror", (error) => void complaints.push(String(error.error())));
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
    const id = new URL(worker.url()).host;
    /** Playwright has the same object for the one that is started next. */
    let isStopped = false;
    const background = async () => {
        if (isStopped) await wake(context, id);
        isStopped = false;
        return worker;
    };
    const tools = await /** @type {import("playwright-core").Browser} */ (context.browser()).newBrowserCDPSession();

    return {
        context,
        id,
        complaints,
        address: (/** @type {string} */ name) => `chrome-extension://${id}/${name}`,
        /** Gives the leave that a click on the toolbar gives. @param {Page} page */
        async press(page) {
            await page.bringToFront();
            const { targetInfos } = await tools.send("Target.getTargets", { filter: [{ type: "tab" }] });
            const target = targetInfos.find(({ url }) => url === page.url());
            await tools.send(
                /** @type {any} */ ("Extensions.triggerAction"),
                /** @type {any} */ ({ id, targetId: target?.targetId }),
            );
            // It opens the list, which here nobody looks at.
            const popup = await poll(async () => {
                const { targetInfos: all } = await tools.send("Target.getTargets");
                return all.find(({ url }) => url.startsWith(`chrome-extension://${id}/popup`));
            }, PATIENCE);
            await tools.send("Target.closeTarget", { targetId: popup.targetId });
        },
        /**
         * "Tag this picture" in the menu of a picture.
         * @param {Page} page @param {{srcUrl?: string | undefined, frame?: Frame | undefined}} [where]
         * @returns {Promise<number>} when, in ms since 1970
         */
        async chooseFromMenu(page, { srcUrl, frame } = {}) {
            await page.bringToFront();
            return (await background()).evaluate(
                async ({ srcUrl, frame }) => {
                    const { chrome } = /** @type {any} */ (globalThis);
                    const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
                    const at = Date.now();
                    chrome.contextMenus.onClicked.dispatch(
                        { menuItemId: "tag-picture", srcUrl, ...(frame ?? { frameId: 0 }), editable: false },
                        tab,
                    );
                    return at;
                },
                { srcUrl, frame },
            );
        },
        /** A frame of a page, where the extension may go. @param {Page} page @param {string} end of its address @returns {Promise<Frame>} */
        async frameOf(page, end) {
            await page.bringToFront();
            return (await background()).evaluate(async (end) => {
                const { chrome } = /** @type {any} */ (globalThis);
                const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
                const target = { tabId: tab.id, allFrames: true };
                const frames = await chrome.scripting.executeScript({ target, func: () => location.href });
                const { frameId, result } = frames.find((/** @type {any} */ { result }) => result.endsWith(end));
                return { frameId, frameUrl: result };
            }, end);
        },
        /** What the browser's own page of extensions does. @param {string} site */
        async revoke(site) {
            return (await background()).evaluate(
                (site) => /** @type {any} */ (globalThis).chrome.permissions.remove({ origins: [site] }),
                site,
            );
        },
        /** What waits for the library. @returns {Promise<{path: string, size: number, rejected: {id: string}[]}[]>} */
        async inbox() {
            const page = await context.newPage();
            await page.goto(`chrome-extension://${id}/permit.html?origin=http://host.example`);
            const all = await page.evaluate(async () => {
                const asked = (/** @type {any} */ request) =>
                    new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
                const database = await asked(indexedDB.open("tagsmith-inbox"));
                const pictures = await asked(database.transaction("pictures").objectStore("pictures").getAll());
                database.close();
                return pictures.map((/** @type {any} */ one) => ({ ...one, blob: undefined, size: one.blob.size }));
            });
            await page.close();
            return all;
        },
        /** The toolbar's list of a page, in a tab of its own. @param {Page} page */
        async openPopup(page) {
            await page.bringToFront();
            const tabId = await (await background()).evaluate(
                async () =>
                    (
                        await /** @type {any} */ (globalThis).chrome.tabs.query({
                            active: true,
                            lastFocusedWindow: true,
                        })
                    )[0].id,
            );
            const popup = await context.newPage();
            await popup.goto(`chrome-extension://${id}/popup.html?tab=${tabId}`);
            await popup.waitForSelector("main p");
            return popup;
        },
        /** What of the extension is open. @returns {Promise<string[]>} */
        contexts: async () =>
            (await background()).evaluate(async () =>
                (await /** @type {any} */ (globalThis).chrome.runtime.getContexts({})).map(
                    (/** @type {any} */ one) => one.contextType,
                ),
            ),
        /** Ends the document with the engine. */
        async stopTagger() {
            const { targetInfos } = await tools.send("Target.getTargets");
            const target = targetInfos.find(({ url }) => url.endsWith("/offscreen.html"));
            if (!target) throw new Error("The tagger does not run.");
            await tools.send("Target.closeTarget", { targetId: target.targetId });
        },
        /** Ends the background, as the browser does when it has nothing to do. */
        async stopBackground() {
            const page = await context.newPage();
            await page.goto("chrome://serviceworker-internals");
            await page.getByRole("button", { name: "Stop", exact: true }).click();
            await page.getByText("Running Status: STOPPED").waitFor();
            await page.close();
            isStopped = true;
        },
        async close() {
            await context.close();
            rmSync(profile, { recursive: true, force: true });
        },
    };
}

/** Chromium makes the name of an extension without a key from where it lies. @param {string} folder */
const idOf = (folder) =>
    [...createHash("sha256").update(folder).digest("hex").slice(0, 32)]
        .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)))
        .join("");

/** A background that was ended runs again when a page of the extension asks for something. @param {BrowserContext} context @param {string} id */
async function wake(context, id) {
    const page = await context.newPage();
    await page.goto(`chrome-extension://${id}/permit.html?origin=http://host.example`);
    await page.evaluate(() => /** @type {any} */ (globalThis).chrome.runtime.sendMessage({ type: "wake_tagger" }));
    await page.close();
}

/**
 * The panel in a page: in a closed shadow root, which only the browser's own tools see into.
 * @param {Page} page @param {import("playwright-core").Frame} [frame] of another site
 */
export async function panelIn(page, frame) {
    const tools = await page.context().newCDPSession(frame ?? page);
    /** @param {string} name of a function of `ACTS` @param {unknown[]} args @returns {Promise<any>} */
    const call = async (name, ...args) => {
        const root = await closedRoot(tools);
        const { object } = root
            ? await tools.send("DOM.resolveNode", { nodeId: root }).catch(() => ({ object: null }))
            : { object: null };
        if (!object) return null; // it is not there, or was drawn anew meanwhile
        const { result, exceptionDetails } = await tools.send("Runtime.callFunctionOn", {
            objectId: String(object.objectId),
            functionDeclaration: `${ACTS[/** @type {keyof typeof ACTS} */ (name)]}`,
            arguments: args.map((value) => ({ value })),
            returnByValue: true,
            userGesture: true,
        });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description);
        return result.value;
    };
    const read = () => /** @type {Promise<ReturnType<typeof ACTS.read> | null>} */ (call("read"));
    return {
        read,
        /** What it shows once it has something to show. */
        shown: () =>
            poll(async () => {
                const now = await read();
                return now && !now.isBusy ? now : null;
            }, PATIENCE),
        /** @param {(now: ReturnType<typeof ACTS.read>) => boolean} isWanted */
        until: (isWanted) =>
            poll(
                async () => {
                    const now = await read();
                    return now && isWanted(now) ? now : null;
                },
                PATIENCE,
                isWanted,
            ),
        gone: () => poll(async () => !(await read()), PATIENCE),
        click: (/** @type {string} */ css) => call("click", css),
        markup: () => call("markup"),
    };
}

/** What is done in the root. */
const ACTS = {
    /** @this {ShadowRoot} */
    read: function () {
        const text = (/** @type {string} */ css) =>
            this.querySelector(css)?.textContent?.replace(/\s+/g, " ").trim() ?? "";
        const tags = [...this.querySelectorAll("li")].map((li) => ({
            id: li.dataset["tag"] ?? "",
            isWrong: li.className === "is-wrong",
            sure: li.querySelector(".sure")?.textContent ?? "",
        }));
        const host = this.host.getBoundingClientRect();
        return {
            ...{
                tags,
                isBusy: this.querySelector(".panel")?.getAttribute("aria-busy") !== "false",
                failure: text(".failure .title"),
                alt: text(".alt p + p"),
            },
            ...{
                said: text(".said"),
                focus: this.activeElement?.tagName ?? "",
                buttons: [...this.querySelectorAll("button")].map((one) => one.dataset["do"] ?? ""),
            },
            ...{
                rect: { left: host.left, top: host.top, right: host.right, bottom: host.bottom },
                lang: this.querySelector(".panel")?.getAttribute("lang"),
            },
        };
    },
    /** @this {ShadowRoot} @param {string} css */
    click: function (css) {
        /** @type {HTMLElement} */ (this.querySelector(css)).click();
    },
    /** @this {ShadowRoot} */
    markup: function () {
        return this.innerHTML;
    },
};

/** @param {CDPSession} tools @returns {Promise<number | null>} */
async function closedRoot(tools) {
    const { root } = await tools.send("DOM.getDocument", { depth: -1, pierce: true });
    /** @param {any} node @returns {number | null} */
    const find = (node) => {
        for (const shadow of node.shadowRoots ?? [])
            if (
                shadow.shadowRootType === "closed" &&
                (shadow.children ?? []).some((/** @type {any} */ one) => one.attributes?.includes("panel"))
            )
                return shadow.nodeId;
        for (const child of [
            ...(node.children ?? []),
            ...(node.shadowRoots ?? []),
            ...(node.contentDocument ? [node.contentDocument] : []),
        ]) {
            const found = find(child);
            if (found) return found;
        }
        return null;
    };
    return find(root);
}
