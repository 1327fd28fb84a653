/**
 * The extension in Firefox, installed for a while: the browser's own menu and its question for a leave are clicked, and the event page ended in
 * between. The sidebar cannot be driven: it opens for a person's own click alone, and a click in the panel comes to the event page as a message,
 * which Firefox does not count as one; so the library opens in a tab, and that is tried.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { buildExtension } from "../../../www/tools/build_extension.mjs";
import { poll } from "../browsers/browser.mjs";
import { findFirefox } from "../browsers/playwright.mjs";
import { reportsOf } from "../command_line.mjs";
import { ROOT } from "../harness.mjs";
import { CAT, startSites } from "./extension_pages.mjs";
import { openMarionette } from "./marionette.mjs";

const PATIENCE = { ms: 60_000 };
const program = findFirefox();
const out = mkdtempSync(join(tmpdir(), "extension-"));
after(() => rmSync(out, { recursive: true, force: true }));

test("right click to tags on a page with a strict policy, with the event page stopped in between", {
    skip: !program && "Firefox ESR is not installed. On Debian: apt-get install firefox-esr",
}, async () => {
    const asked = reportsOf([CAT]);
    await buildExtension({
        engine: join(ROOT, "target/engine"),
        models: join(ROOT, "models"),
        out,
        browsers: ["firefox"],
        minify: true,
        effort: 1,
    });
    const sites = await startSites();
    const firefox = await openMarionette(String(program));
    try {
        const path = join(out, "extension-firefox");
        const { value: id } = await firefox.call("Addon:Install", { path, temporary: true });
        const wanted = (await asked).flatMap(({ tags }) => tags.map(({ id }) => id));
        // Until it is there: the page before has a picture of the same name.
        const open = (/** @type {string} */ page) => firefox.open(sites.url + page);
        const shown = () =>
            poll(async () => {
                const now = await firefox.inPage(readPanel);
                return now && !now.isBusy ? now : null;
            }, PATIENCE);

        await open("/strict.html");
        await chooseFromMenu(firefox, "#own");
        assert.deepEqual((await shown()).tags, wanted);
        await stopEventPage(firefox, id);
        await firefox.inPage(clickInPanel, '[data-do="add"]'); // of the panel that was open
        await poll(async () => (await firefox.inPage(readPanel))?.said === "Added to the library.", PATIENCE);

        await stopEventPage(firefox, id);
        await open("/strict.html?again");
        await chooseFromMenu(firefox, "#own");
        assert.deepEqual((await shown()).tags, wanted, "the menu woke it");

        await open("/");
        await poll(() => firefox.inPage(() => document.documentElement.dataset["ready"] === "yes"), PATIENCE);
        for (const css of ["#data", "#blob", "#background", "#canvas"]) {
            await chooseFromMenu(firefox, css);
            assert.deepEqual((await shown()).tags, wanted, css);
            await firefox.inPage(clickInPanel, '[data-do="close"]');
        }
        await chooseFromMenu(firefox, "#foreign");
        assert.match((await shown()).failure, /doesn’t let others read/);
        // The question comes in a window of its own: refused there, refused in the browser's own question, then allowed.
        for (const answer of ["deny", "secondaryButton", "button"]) {
            await firefox.inPage(clickInPanel, '[data-do="allow"]');
            await firefox.switchTo("/permit.html");
            const words = await poll(() => firefox.inPage(() => document.body?.innerText ?? ""), PATIENCE);
            assert.match(words, /Allow pictures from localhost:\d+\?.*Nothing is sent anywhere/s);
            await firefox.click(`[data-do="${answer === "deny" ? "deny" : "allow"}"]`);
            if (answer !== "deny") await poll(() => firefox.inBrowser(answerQuestion, answer), PATIENCE);
            await firefox.closed("/permit.html");
            await firefox.switchTo(`${sites.url}/`);
            if (answer !== "button") assert.match((await shown()).failure, /doesn’t let others read/, answer);
        }
        await poll(async () => (await shown()).tags.length > 0, PATIENCE);
        assert.deepEqual((await shown()).tags, wanted, "with leave for its site");

        await firefox.inPage(clickInPanel, '[data-do="add"]');
        await poll(async () => (await firefox.inPage(readPanel))?.said.startsWith("Added to the library."), PATIENCE);
        await firefox.inPage(clickInPanel, '[data-do="library"]');
        await firefox.switchTo("/library.html");
        // Where the page forbids fetching its pixels were added: another file.
        const areTagged = () => document.querySelectorAll('.card[data-state="done"]').length === 2;
        await poll(() => firefox.inPage(areTagged), PATIENCE);
        await firefox.call("WebDriver:Refresh");
        await poll(() => firefox.inPage(areTagged), PATIENCE); // all of it is on the disk
        await firefox.switchTo(`${sites.url}/`);
        await chooseFromMenu(firefox, "#foreign");
        await poll(async () => (await shown()).said === "" && (await shown()).tags.length > 0, PATIENCE);
        for (const act of ["wrong", "add"]) await firefox.inPage(clickInPanel, `[data-do="${act}"]`);
        const there = "The library has it already, and gets your correction.";
        await poll(async () => (await firefox.inPage(readPanel))?.said === there, PATIENCE);
        await firefox.switchTo("/library.html");
        await poll(
            () => firefox.inPage(() => !document.querySelectorAll(".card")[1]?.textContent?.includes("tabby")),
            PATIENCE,
        );
    } finally {
        await firefox.close();
        await sites.close();
    }
});

/** @param {Awaited<ReturnType<typeof openMarionette>>} firefox @param {string} css */
async function chooseFromMenu(firefox, css) {
    const at = await poll(
        () =>
            firefox.inPage((/** @type {string} */ css) => {
                const element = document.querySelector(css);
                element?.scrollIntoView({ block: "center" });
                const rect = element?.getBoundingClientRect();
                return rect && rect.width > 0
                    ? { x: Math.round(rect.left + rect.width / 2), y: Math.round(rect.top + rect.height / 2) }
                    : null;
            }, css),
        PATIENCE,
    );
    const actions = [
        { type: "pointerMove", duration: 0, ...at },
        { type: "pointerDown", button: 2 },
        { type: "pointerUp", button: 2 },
    ];
    await firefox.call("WebDriver:PerformActions", {
        actions: [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }],
    });
    await poll(() => firefox.inBrowser(activateItem, "Tag this picture"), PATIENCE);
}

/** The following run in Firefox. @param {string} label */
function activateItem(label) {
    const { Services } = /** @type {any} */ (globalThis);
    const window = Services.wm.getMostRecentWindow("navigator:browser");
    const menu = window.document.getElementById("contentAreaContextMenu");
    const item = menu.state === "open" && [...menu.querySelectorAll("menuitem")].find((one) => one.label === label);
    if (item) menu.activateItem(item);
    return Boolean(item);
}

/** Of the browser's own question for a leave. @param {string} button */
function answerQuestion(button) {
    const { Services } = /** @type {any} */ (globalThis);
    for (const window of Services.wm.getEnumerator("navigator:browser")) {
        const asked = window.document.getElementById("addon-webext-permissions-notification");
        if (asked?.isConnected && window.PopupNotifications.panel.state === "open") {
            asked[button].click();
            return true;
        }
    }
    return false;
}

/** @param {Awaited<ReturnType<typeof openMarionette>>} firefox @param {string} id */
const stopEventPage = (firefox, id) =>
    firefox.inBrowser(async (/** @type {string} */ id) => {
        const { extension } = /** @type {any} */ (globalThis).WebExtensionPolicy.getByID(id);
        await extension.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true });
        if (extension.backgroundState !== "stopped") throw new Error(`The event page is ${extension.backgroundState}.`);
    }, id);

function readPanel() {
    const host = /** @type {any} */ ([...document.documentElement.children].find((one) => one.hasAttribute("popover")));
    const root = host?.openOrClosedShadowRoot;
    const panel = root?.querySelector(".panel");
    const text = (/** @type {string} */ css) => root.querySelector(css)?.textContent.trim() ?? "";
    return (
        panel && {
            ...{
                isBusy: panel.getAttribute("aria-busy") === "true",
                failure: text(".failure .title"),
                said: text(".said"),
            },
            tags: [...root.querySelectorAll("li")].map((li) => li.dataset.tag),
        }
    );
}

/** @param {string} css */
function clickInPanel(css) {
    const host = /** @type {any} */ ([...document.documentElement.children].find((one) => one.hasAttribute("popover")));
    host.openOrClosedShadowRoot.querySelector(css).click();
}
