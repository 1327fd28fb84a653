/**
 * The pictures of this frame, as the popup lists them: found, tagged one at a time when it asks, pointed at.
 * @import { ListedPicture, Report, Told } from "./messages.js"
 * @import { PagePicture } from "./picture_of.js"
 */
import { lacksAlternative } from "./alt_text.js";
import { AskedOnce } from "./asked_once.js";
import { allPictures, originsOfFrames } from "./find_pictures.js";
import { calledOf } from "./picture_name.js";
import { loadSettings, tagSettingsOf } from "./settings.js";
import { tagPagePicture } from "./tag_in_page.js";

const SHOWN_MS = 1_500;

export class PageList {
    /** @type {PagePicture[]} */
    #pictures = [];
    /** Pages show a picture in many places. @type {AskedOnce<{report: Report} | {failure: Told} | null>} */
    #asked = new AskedOnce((answer) => answer !== null && "report" in answer);

    /** @returns {Promise<{pictures: ListedPicture[], isAll: boolean, frames: string[]}>} */
    async find() {
        const { pictures, isAll } = await allPictures();
        this.#pictures = pictures;
        return { pictures: pictures.map(listed), isAll, frames: originsOfFrames() };
    }

    /** @param {string} key @param {string | null} model @returns {Promise<{report: Report} | {failure: Told} | null>} null: cancelled, or gone */
    async tag(key, model) {
        const picture = this.#pictures[Number(key)];
        if (!picture) return null;
        const ask = this.#asked.begin();
        const settings = tagSettingsOf(await loadSettings());
        const name = picture.url && JSON.stringify([settings, model, picture.url]); // other options give other tags
        return ask(name, (signal) => this.#tag(picture, settings, signal));
    }

    /** @param {PagePicture} picture @param {import("./messages.js").TagSettings} settings @param {AbortSignal} signal */
    async #tag(picture, settings, signal) {
        const answer = await tagPagePicture(picture, settings, signal).catch(() => null);
        return answer && "report" in answer ? { report: answer.report } : answer;
    }

    /** What is under way is dropped. */
    cancel() {
        this.#asked.cancel();
        return null;
    }

    /** Scrolls to a picture and marks it for a moment. @param {string} key */
    pointAt(key) {
        const element = this.#pictures[Number(key)]?.element;
        element?.scrollIntoView({ block: "center" });
        // Nothing of the page's own is changed: an animation is not in its styles.
        element?.animate(
            [{ outline: "4px solid #2456d6", outlineOffset: "2px" }, { outline: "4px solid #2456d6" }],
            SHOWN_MS,
        );
        return null;
    }
}

/** @param {PagePicture} picture @param {number} idx @returns {ListedPicture} */
function listed(picture, idx) {
    const { element, kind, url } = picture;
    const { width, height } = element.getBoundingClientRect();
    const { naturalWidth = 0, naturalHeight = 0 } = /** @type {Partial<HTMLImageElement>} */ (element);
    const called = calledOf(element);
    return {
        key: String(idx),
        kind,
        address: url ?? `${location.href}#canvas`,
        alt: called.name || (called.isDecoration ? "" : null),
        lacksAlt: lacksAlternative(kind, called),
        width: naturalWidth || Math.round(width),
        height: naturalHeight || Math.round(height),
    };
}
