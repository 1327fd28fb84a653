/**
 * What a person says of one picture's tags, as pure steps from one state to the next.
 * @import { Corrections, Tag, TagRef } from "../core/engine_api.d.ts"
 */

/** @type {Corrections} */
export const NO_CORRECTIONS = Object.freeze({ own: [], rejected: [] });

/**
 * Adds a tag, or makes a machine's the person's own; it is no longer rejected.
 * @param {Corrections} said @param {TagRef} tag @param {boolean} [inBulk] whether it is given to many pictures at once
 * @returns {Corrections}
 */
export function withAccepted(said, { id, name }, inBulk = false) {
    const known = said.own.find((tag) => tag.id === id);
    const tag = inBulk ? { id, name, in_bulk: true } : { id, name };
    // What was given to many, and is now meant for this one, says something about it.
    const own = known
        ? said.own.map((one) => (one === known && !inBulk ? { id, name: one.name } : one))
        : [...said.own, tag];
    return { ...said, own, rejected: without(said.rejected, id) };
}

/**
 * Takes a tag away and keeps whoever found it from bringing it back. A word that only the person said is simply gone.
 * @param {Corrections} said @param {TagRef | Tag} tag @returns {Corrections}
 */
export function withRejected(said, tag) {
    const { id } = tag;
    const own = said.own.filter((one) => one.id !== id);
    const isFound = "also_from" in tag && tag.also_from.length > 0;
    const isTheirs = id.startsWith("own:") && own.length < said.own.length && !isFound;
    const { rejected } = said;
    return { ...said, own, rejected: isTheirs || rejected.includes(id) ? rejected : [...rejected, id] };
}

/**
 * Takes over what was said of the same picture elsewhere; what was said here stays.
 * @param {Corrections} said @param {{given: readonly TagRef[], rejected: readonly TagRef[]}} elsewhere @returns {Corrections}
 */
export function withTakenOver(said, { given, rejected }) {
    const isOpen = ({ id = "" }) => !said.rejected.includes(id) && said.own.every((one) => one.id !== id);
    const taken = given.filter(isOpen).reduce((all, tag) => withAccepted(all, tag, true), said);
    return rejected.filter(isOpen).reduce(withRejected, taken);
}

/** Says nothing of this tag any more: the model decides. @param {Corrections} said @param {string} id @returns {Corrections} */
export function withReset(said, id) {
    return { ...said, own: said.own.filter((tag) => tag.id !== id), rejected: without(said.rejected, id) };
}

/** The person is done with the picture: what it shows is theirs. @param {Corrections} said @param {readonly Tag[]} shown @returns {Corrections} */
export function withReviewed(said, shown) {
    const found = shown.filter(({ source }) => source !== "manual");
    return { ...found.reduce((corrections, tag) => withAccepted(corrections, tag), said), reviewed: true };
}

/** @param {Corrections} said @returns {Corrections} */
export function withoutReview({ own, rejected }) {
    return { own, rejected };
}

/** @param {Corrections} one @param {Corrections} other */
export function isSame(one, other) {
    const key = (/** @type {Corrections} */ { own, rejected, reviewed = false }) =>
        JSON.stringify([own.map(({ id, name, in_bulk: inBulk = false }) => [id, name, inBulk]), rejected, reviewed]);
    return key(one) === key(other);
}

/**
 * What a step changed, as it was kept; whoever wrote it. @param {unknown} data @returns {{id: number, before: Corrections, after: Corrections}[]}
 * @throws TypeError where it makes no sense
 */
export function readChanges(data) {
    if (!Array.isArray(data)) throw new TypeError("The step does not say what it changed.");
    return data.map(({ id, before, after }) => {
        if (!Number.isInteger(id)) throw new TypeError("The step names no picture.");
        return { id, before: readCorrections(before), after: readCorrections(after) };
    });
}

/** @param {any} said @returns {Corrections} */
function readCorrections({ own, rejected, reviewed }) {
    const isSound =
        Array.isArray(own) &&
        own.every(({ id, name }) => typeof id === "string" && typeof name === "string") &&
        Array.isArray(rejected) &&
        rejected.every((id) => typeof id === "string");
    if (!isSound) throw new TypeError("The step has corrections that make no sense.");
    return reviewed === true ? { own, rejected, reviewed } : { own, rejected };
}

/** @param {readonly string[]} ids @param {string} id */
const without = (ids, id) => ids.filter((one) => one !== id);
