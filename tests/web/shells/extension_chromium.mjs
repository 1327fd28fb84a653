/**
 * Chromium with the built extension, and what people do with it. A menu of the browser's own cannot be clicked in a window that nobody sees:
 * the toolbar button is pressed, which gives the extension its leave for the tab, and then the menu's event is sent to its background.
 * @import { BrowserContext, CDPSession, Page, Worker } from "playwright-core"
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { poll } from "../browsers/browser.mjs";
import { FLAGS, findChromium, fromWww } from "../harness.mjs";

const PATIENCE = { ms: Number(process.env.PAT ?? 60_000) };

/** @typedef {Awaited<ReturnType<typeof openExtension>>} ExtensionBrowser */

/** @param {string} folder of the built extension */
export async function openExtension(folder) {
    const profile = mkdtempSync(join(tmpdir(), "extension-"));
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
            await tools.send(/** @type {any} */ ("Extensions.triggerAction"), /** @type {any} */ ({ id, targetId: target?.targetId }));
            // It opens the list, which here nobody looks at.
            const popup = await poll(async () => {
                const { targetInfos: all } = await tools.send("Target.getTargets");
                return all.find(({ url }) => url.startsWith(`chrome-extension://${id}/popup`));
            }, PATIENCE);
            await tools.send("Target.closeTarget", { targetId: popup.targetId });
        },
        /**
         * "Tag this picture" in the menu of a picture.
         * @param {Page} page @param {{srcUrl?: string, frame?: string}} [where] `frame`: what its address ends with
         */
        async chooseFromMenu(page, { srcUrl, frame = "" } = {}) {
            await page.bringToFront();
            const background = await wake(context, id);
            await background.evaluate(
                async ({ srcUrl, frame }) => {
                    const { chrome } = /** @type {any} */ (globalThis);
                    const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
                    const frames = frame ? await chrome.scripting.executeScript({ target: { tabId: tab.id, allFrames: true }, func: () => location.href }) : [];
                    const frameId = frames.find(({ result }) => result.endsWith(frame))?.frameId ?? 0;
                    chrome.contextMenus.onClicked.dispatch({ menuItemId: "tag-picture", srcUrl, frameId, editable: false }, tab);
                },
                { srcUrl, frame },
            );
        },
        /** Ends the background, as the browser does when it has nothing to do. */
        async stopBackground() {
            const { targetInfos } = await tools.send("Target.getTargets");
            const target = targetInfos.find(({ type, url }) => type === "service_worker" && url.includes(id));
            if (!target) throw new Error("The background does not run.");
            await tools.send("Target.closeTarget", { targetId: target.targetId });
            await poll(() => context.serviceWorkers().length === 0, PATIENCE);
        },
        async close() {
            await context.close();
            rmSync(profile, { recursive: true, force: true });
        },
    };
}

/** A background that was ended runs again when a page of the extension asks for something. @param {BrowserContext} context @param {string} id @returns {Promise<Worker>} */
async function wake(context, id) {
    const [running] = context.serviceWorkers();
    if (running) return running;
    const starting = context.waitForEvent("serviceworker");
    const page = await context.newPage();
    await page.goto(`chrome-extension://${id}/permit.html?origin=http://host.example`);
    await page.evaluate(() => /** @type {any} */ (globalThis).chrome.runtime.sendMessage({ type: "wake_tagger" }));
    await page.close();
    return starting;
}

/**
 * The panel in a page: in a closed shadow root, which only the browser's own tools see into.
 * @param {Page} page
 */
export async function panelIn(page) {
    const tools = await page.context().newCDPSession(page);
    /** @param {string} name of a function of `ACTS` @param {unknown[]} args @returns {Promise<any>} */
    const call = async (name, ...args) => {
        const root = await closedRoot(tools);
        if (!root) return null;
        const { object } = await tools.send("DOM.resolveNode", { nodeId: root });
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
            poll(async () => {
                const now = await read();
                return now && isWanted(now) ? now : null;
            }, PATIENCE, isWanted),
        gone: () => poll(async () => !(await read()), PATIENCE),
        click: (/** @type {string} */ css) => call("click", css),
        markup: () => call("markup"),
    };
}

/** What is done in the root. */
const ACTS = {
    /** @this {ShadowRoot} */
    read: function () {
        const text = (/** @type {string} */ css) => this.querySelector(css)?.textContent?.replace(/\s+/g, " ").trim() ?? "";
        const tags = [...this.querySelectorAll("li")].map((li) => ({ id: li.dataset["tag"] ?? "", isWrong: li.className === "is-wrong", sure: li.querySelector(".sure")?.textContent ?? "" }));
        const host = this.host.getBoundingClientRect();
        return {
            ...{ tags, isBusy: this.querySelector(".panel")?.getAttribute("aria-busy") !== "false", failure: text(".failure .title"), alt: text(".alt p + p") },
            ...{ said: text(".said"), focus: this.activeElement?.tagName ?? "", buttons: [...this.querySelectorAll("button")].map((one) => one.dataset["do"] ?? "") },
            ...{ rect: { left: host.left, top: host.top, right: host.right, bottom: host.bottom }, lang: this.querySelector(".panel")?.getAttribute("lang") },
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
            if (shadow.shadowRootType === "closed" && (shadow.children ?? []).some((/** @type {any} */ one) => one.attributes?.includes("panel"))) return shadow.nodeId;
        for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? []), ...(node.contentDocument ? [node.contentDocument] : [])]) {
            const found = find(child);
            if (found) return found;
        }
        return null;
    };
    return find(root);
}
