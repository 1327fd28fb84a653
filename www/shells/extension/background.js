/**
 * What happens outside of pages: menus, keys, permissions. It keeps nothing between two events, since a browser ends it whenever it likes.
 * @import { Clicked, Sender, Tab } from "./browser_api.d.ts"
 * @import { ToBackground, ToContent } from "./messages.js"
 *
 * What differs between browsers. `openLibrary`: needs a click that is not over.
 * @typedef {{wakeTagger: () => Promise<void>, openLibrary: (windowId?: number) => Promise<void>}} Ways
 */
import { browser } from "./browser.js";
import { isOurs } from "./messages.js";
import { injectInto } from "./injecting.js";
import { originsOf } from "./sites.js";

const MENU = "tag-picture";

/** Begins to listen; must be called before anything is awaited. @param {Ways} ways */
export function startBackground(ways) {
    browser.runtime.onInstalled.addListener(() => void addMenu());
    browser.contextMenus.onClicked.addListener((clicked, tab) => {
        if (clicked.menuItemId === MENU) void showPanel(ways, clicked, tab);
    });
    browser.commands.onCommand.addListener((command, tab) => {
        if (command === MENU) void showPanel(ways, {}, tab);
    });
    browser.runtime.onMessage.addListener((/** @type {ToBackground} */ message, sender, respond) => {
        const answer = isOurs(sender) ? answerFor(ways, message, sender) : undefined;
        if (!answer) return undefined; // it is not for the background
        answer.then(respond, () => respond(null));
        return true;
    });
}

async function addMenu() {
    await browser.contextMenus.removeAll();
    const title = browser.i18n.getMessage("menu_tag");
    // A picture that is a background, or lies below something else, is for the browser no image.
    browser.contextMenus.create({ id: MENU, title, contexts: ["image", "page", "frame", "link", "video"] });
}

/** @param {Ways} ways @param {Partial<Clicked>} clicked nothing where it was a key @param {Tab | undefined} tab */
async function showPanel(ways, { frameId = 0, frameUrl, srcUrl, targetElementId }, tab) {
    if (tab?.id === undefined) return;
    const waking = ways.wakeTagger(); // while the panel opens
    const frame = (await injectInto(tab.id, { frameId })) ? frameId : 0;
    // A frame of another site is out of reach: then the page around it shows the panel.
    const closedFrame = frame === frameId ? null : (frameUrl ?? null);
    /** @type {ToContent} */
    const message = {
        ...{ type: "show_panel", srcUrl: srcUrl ?? null, targetElementId: targetElementId ?? null },
        closedFrame,
    };
    if (frame === frameId || (await injectInto(tab.id, { frameId: 0 })))
        await browser.tabs.sendMessage(tab.id, message, { frameId: frame }).catch(() => {}); // the tab was closed
    await waking;
}

/** @param {Ways} ways @param {ToBackground} message @param {Sender} sender @returns {Promise<unknown> | undefined} */
function answerFor(ways, message, sender) {
    switch (message?.type) {
        case "wake_tagger":
            return ways.wakeTagger().then(() => null);
        case "has_permission":
            return browser.permissions.contains(originsOf(message.origin));
        case "ask_permission":
            return askPermission(message.origin);
        case "open_library":
            return openLibrary(ways, message.windowId ?? sender.tab?.windowId);
        case "open_options":
            return browser.runtime.openOptionsPage();
    }
    return undefined;
}

/**
 * Chromium lets a click in the panel ask; Firefox wants one in a page of the extension, which then is a small window.
 * @param {string} origin @returns {Promise<boolean>} whether it was given
 */
async function askPermission(origin) {
    try {
        return await browser.permissions.request(originsOf(origin));
    } catch {
        const url = browser.runtime.getURL(`permit.html?${new URLSearchParams({ origin })}`);
        await browser.windows.create({ url, type: "popup", width: 460, height: 300 });
        return false;
    }
}

/** In a tab where the browser does not open its side panel now. @param {Ways} ways @param {number | undefined} windowId */
async function openLibrary(ways, windowId) {
    try {
        await ways.openLibrary(windowId);
    } catch {
        await browser.tabs.create({ url: browser.runtime.getURL("library.html") });
    }
}
