/** Chromium's service worker. The engine is in an offscreen document, which outlives it. */
import { startBackground } from "./background.js";
import { browser } from "./browser.js";

/** One at a time: a second call while the document opens is refused. @type {Promise<void> | null} */
let opening = null;

function wakeTagger() {
    opening ??= open().finally(() => {
        opening = null;
    });
    return opening;
}

async function open() {
    const there = await browser.runtime.getContexts?.({ contextTypes: ["OFFSCREEN_DOCUMENT"] });
    if (there?.length) return;
    await browser.offscreen?.createDocument({
        url: "offscreen.html",
        reasons: ["WORKERS"],
        justification: "The engine that tags pictures runs in workers, which a service worker cannot start.",
    });
}

startBackground({
    wakeTagger,
    async openLibrary(windowId) {
        if (windowId === undefined || !browser.sidePanel) throw new Error("There is no window to show it in.");
        await browser.sidePanel.open({ windowId });
    },
});
