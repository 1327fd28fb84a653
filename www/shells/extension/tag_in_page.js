/**
 * From a picture in a page to its tags, or to a sentence.
 * @import { Report, TagSettings, Told } from "./messages.js"
 * @import { PagePicture } from "./picture_of.js"
 * @import { ReadPicture } from "./read_picture.js"
 * @import { FailureKey } from "./words.js"
 */
import { askBackground } from "./messages.js";
import { ReadError, pixelsOf, readPicture } from "./read_picture.js";
import { Orphaned, TaggerError, TaggerPort } from "./tagger_port.js";
import { sayFailure } from "./words.js";

export const tagger = new TaggerPort();

/**
 * @param {PagePicture} picture @param {TagSettings} settings @param {AbortSignal} signal
 * @returns {Promise<{report: Report, read: ReadPicture} | {failure: Told}>} rejects where it was aborted
 */
export async function tagPagePicture(picture, settings, signal) {
    const { language } = settings;
    if (picture.kind === "frame" && picture.url)
        return { failure: await whyNot(picture.url, language, { missing: "frame", allowed: "frame_allowed" }) };
    /** @type {ReadPicture | null} */
    let read = null;
    try {
        read = await readPicture(picture, signal);
        return { read, report: await tagger.tag(read, settings, signal) };
    } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ReadError) return { failure: sayFailure(language, error.code, error.params) };
        if (error instanceof Orphaned) return { failure: sayFailure(language, "orphaned") };
        if (!(error instanceof TaggerError)) return { failure: sayFailure(language, "no_answer") };
        if (error.told.code !== "address_unreachable" || !read || !("url" in read)) return { failure: error.told };
        const { path, url } = read;
        const blob = isOwnSite(url) ? await pixelsOf(url) : null;
        if (blob) return tagRead({ path, blob }, settings, signal);
        return { failure: await whyNot(url, language, { missing: "permission", allowed: "unreachable" }) };
    }
}

/** @param {string} url */
const isOwnSite = (url) => new URL(url).origin === location.origin;

/** @param {ReadPicture} read @param {TagSettings} settings @param {AbortSignal} signal @returns {ReturnType<typeof tagPagePicture>} */
async function tagRead(read, settings, signal) {
    try {
        return { read, report: await tagger.tag(read, settings, signal) };
    } catch (error) {
        if (error instanceof TaggerError) return { failure: error.told };
        throw error;
    }
}

/**
 * The leave for its origin is missing, or it is there.
 * @param {string} url @param {TagSettings["language"]} language @param {Record<"missing" | "allowed", FailureKey>} keys @returns {Promise<Told>}
 */
async function whyNot(url, language, { missing, allowed }) {
    const { origin, host } = new URL(url);
    if (await askBackground({ type: "has_permission", origin })) return sayFailure(language, allowed, { host });
    return { ...sayFailure(language, missing, { host }), origin };
}
