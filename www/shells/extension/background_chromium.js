/** Chromium's service worker. The engine is in an offscreen document, which outlives it. */
import { startBackground } from "./background.js";
import { browser } from "./browser.js";

/** One at a time: a second call while the document opens is refused. @type {Promise<void> | null} */
let opening = null;

async function wakeTagger() {
    const there = await browser.runtime.getContexts?.({ contextTypes: ["OFFSCREEN_DOCUMENT"] });
    if (there?.length) return;
    opening ??= (browser.offscreen?.createDocument({
        url: "offscreen.html",
        reasons: ["WORKERS"],
        justification: "The engine that tags pictures runs in workers, which a service worker cannot start.",
    }) ?? Promise.resolve())
        .finally(() => {
            opening = null;
        });
    await opening;
}

startBackground({
    wakeTagger,
    openLibrary: async (windowId) => {
        if (windowId !== undefined) await browser.sidePanel?.open({ windowId });
    },
});
