/**
 * What a trial would change of a picture: tags that come, go, stay, or get another number; and texts.
 * @import { PictureText, Tag } from "../../core/engine_api.d.ts"
 * @import { Shown } from "../actions/scratch_session.js"
 *
 * `before`, `after`: numbers as they show, null where there is none. `isAgreed`: who is tried says it too, and did not before.
 * @typedef {"added" | "gone" | "changed" | "kept"} TrialChange
 * @typedef {{id: string, name: string, change: TrialChange, before: number | null, after: number | null, isAgreed: boolean}} TagDiff
 * @typedef {{field: PictureText["field"], change: TrialChange, before: string, after: string}} TextDiff
 * @typedef {{tags: TagDiff[], texts: TextDiff[]}} PictureDiff
 */

/** In which order they are told: what is new first. @type {readonly TrialChange[]} */
export const CHANGES = ["added", "changed", "gone", "kept"];

/** As people see it: whole per cent. @param {number | null} number */
const seen = (number) => (number === null ? null : Math.round(number * 100));

/** A person's tag has no number, and what gives none has none. @param {Tag | undefined} tag */
const figureOf = (tag) =>
    !tag || tag.source === "manual" || (tag.source === "cloud" && tag.score === null) ? null : tag.confidence;

/** What the tried one says of a tag; undefined where it says nothing. @param {Shown} shown @param {string} id @param {string} who */
const voiceOf = ({ voices }, id, who) => voices.find((one) => one.id === id)?.by.find(({ from }) => from === who);

/** @param {Shown} before @param {Shown} after @param {string} who is tried: a component @returns {PictureDiff} */
export function diffOf(before, after, who) {
    const was = new Map(before.tags.map((tag) => [tag.id, tag]));
    const is = new Map(after.tags.map((tag) => [tag.id, tag]));
    const all = [...after.tags, ...before.tags.filter(({ id }) => !is.has(id))];
    const tags = all.map(({ id, name }) => {
        const [old, now] = [was.get(id), is.get(id)];
        const [said, says] = [voiceOf(before, id, who), voiceOf(after, id, who)];
        // Where the model's number shows, the tried one's may be another all the same.
        const isOther = seen(figureOf(old)) === seen(figureOf(now)) && said !== undefined && says !== undefined;
        const [one, other] = isOther ? [said.confidence, says.confidence] : [figureOf(old), figureOf(now)];
        /** @type {TrialChange} */
        const change = !old ? "added" : !now ? "gone" : seen(one) !== seen(other) ? "changed" : "kept";
        const isChanged = change === "changed";
        return {
            ...{ id, name, change },
            before: isChanged ? one : figureOf(old),
            after: isChanged ? other : figureOf(now),
            isAgreed: change !== "added" && says !== undefined && said === undefined,
        };
    });
    return { tags: inOrder(tags), texts: textsOf(before.texts, after.texts) };
}

/** @param {readonly PictureText[]} before @param {readonly PictureText[]} after @returns {TextDiff[]} those that there are */
function textsOf(before, after) {
    return /** @type {const} */ (["title", "description", "alt_text"]).flatMap((field) => {
        const [was = "", is = ""] = [before, after].map((all) => all.find((one) => one.field === field)?.text);
        if (was === "" && is === "") return [];
        const change = was === is ? "kept" : was === "" ? "added" : is === "" ? "gone" : "changed";
        return [{ field, change, before: was, after: is }];
    });
}

/** @param {TagDiff[]} tags */
const inOrder = (tags) => CHANGES.flatMap((change) => tags.filter((one) => one.change === change));

/** How many pictures would be another than they are: also where only who says a tag is new. @param {Iterable<PictureDiff>} diffs */
export const nChangedOf = (diffs) =>
    [...diffs].filter(
        ({ tags, texts }) =>
            tags.some(({ change, isAgreed }) => change !== "kept" || isAgreed) ||
            texts.some(({ change }) => change !== "kept"),
    ).length;

/** How many of each, over all pictures. @param {Iterable<PictureDiff>} diffs @returns {Record<TrialChange, number>} of tags */
export function countsOf(diffs) {
    const counts = { added: 0, gone: 0, changed: 0, kept: 0 };
    for (const { tags } of diffs) for (const { change } of tags) counts[change]++;
    return counts;
}
