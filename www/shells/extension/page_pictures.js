/**
 * The pictures of a tab, all its frames together.
 * @import { ListedPicture, Report, Told, ToContent } from "./messages.js"
 * @typedef {ListedPicture & {frameId: number, report?: Report, failure?: Told}} FramePicture
 */
import { browser } from "./browser.js";

export class PagePictures {
    /** @type {number[]} */
    #frames = [];

    /** @param {number} tabId */
    constructor(tabId) {
        this.tabId = tabId;
    }

    /** @returns {Promise<{pictures: FramePicture[], isAll: boolean} | null>} null where extensions may not read */
    async find() {
        const target = { tabId: this.tabId, allFrames: true };
        const injected = await browser.scripting.executeScript({ target, files: ["content.js"] }).catch(() => []);
        if (injected.length === 0) return null;
        this.#frames = injected.map(({ frameId = 0 }) => frameId);
        const lists = await Promise.all(
            this.#frames.map(async (frameId) => {
                const found = await this.#ask(frameId, { type: "list_pictures" });
                const { pictures, isAll } = found ?? { pictures: [], isAll: true };
                return { pictures: pictures.map((/** @type {ListedPicture} */ one) => ({ ...one, frameId })), isAll };
            }),
        );
        return { pictures: lists.flatMap(({ pictures }) => pictures), isAll: lists.every(({ isAll }) => isAll) };
    }

    /** @param {FramePicture} picture @returns {Promise<{report: Report} | {failure: Told} | null>} */
    tag({ frameId, key }) {
        return this.#ask(frameId, { type: "tag_listed", key });
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
