/** The content script comes to a page when somebody asks for it, and never before. */
import { browser } from "./browser.js";

/**
 * @param {number} tabId @param {{frameId: number} | {allFrames: true}} where
 * @returns {Promise<boolean>} false where extensions may not go: the browser's own pages, its store, frames of other sites
 */
export async function injectInto(tabId, where) {
    const target = "frameId" in where ? { tabId, frameIds: [where.frameId] } : { tabId, allFrames: true };
    try {
        await browser.scripting.executeScript({ target, files: ["content.js"] });
        return true;
    } catch {
        return false;
    }
}
