/**
 * The pictures of a tab, all its frames together.
 * @import { ListedPicture, Report, Told, ToContent } from "./messages.js"
 * @typedef {ListedPicture & {frameId: number, report?: Report, failure?: Told}} FramePicture
 */
import { browser } from "./browser.js";
import { chosenModel } from "./chosen_model.js";
import { originsOf } from "./sites.js";

/** Advertisements come from many. */
const MOST_SITES = 5;

export class PagePictures {
    /** @type {number[]} */
    #frames = [];

    /** @param {number} tabId */
    constructor(tabId) {
        this.tabId = tabId;
    }

    /**
     * `closed`: sites whose frames are out of reach until somebody allows them.
     * @returns {Promise<{pictures: FramePicture[], isAll: boolean, closed: string[]} | null>} null where extensions may not read
     */
    async find() {
        const target = { tabId: this.tabId, allFrames: true };
        const injected = await browser.scripting.executeScript({ target, files: ["content.js"] }).catch(() => []);
        if (injected.length === 0) return null;
        this.#frames = injected.map(({ frameId = 0 }) => frameId);
        const lists = await Promise.all(
            this.#frames.map(async (frameId) => {
                const found = await this.#ask(frameId, { type: "list_pictures" });
                const { pictures, isAll, frames } = found ?? { pictures: [], isAll: true, frames: [] };
                const ofFrame = pictures.map((/** @type {ListedPicture} */ one) => ({ ...one, frameId }));
                return { pictures: ofFrame, isAll, frames };
            }),
        );
        return {
            pictures: lists.flatMap(({ pictures }) => pictures),
            isAll: lists.every(({ isAll }) => isAll),
            closed: await withoutLeave(lists.flatMap(({ frames }) => frames)),
        };
    }

    /** @param {FramePicture} picture @returns {Promise<{report: Report} | {failure: Told} | null>} */
    tag({ frameId, key }) {
        return this.#ask(frameId, { type: "tag_listed", key, model: chosenModel() });
    }

    /** @param {FramePicture} picture */
    pointAt({ frameId, key }) {
        return this.#ask(frameId, { type: "point_at", key });
    }

    cancel() {
        return Promise.all(this.#frames.map((frameId) => this.#ask(frameId, { type: "cancel_listed" })));
    }

    /** Null where the frame is gone. @param {number} frameId @param {ToContent} message */
    #ask(frameId, message) {
        return browser.tabs.sendMessage(this.tabId, message, { frameId }).catch(() => null);
    }
}

/** @param {readonly string[]} origins */
async function withoutLeave(origins) {
    const all = [...new Set(origins)];
    const allowed = await Promise.all(all.map((origin) => browser.permissions.contains(originsOf(origin))));
    return all.filter((_, idx) => !allowed[idx]).slice(0, MOST_SITES);
}
