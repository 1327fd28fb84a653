/**
 * What a person says of one picture's tags, as pure steps from one state to the next.
 * @import { Corrections, TagRef } from "../core/engine_api.d.ts"
 */

/** @type {Corrections} */
export const NO_CORRECTIONS = Object.freeze({ own: [], rejected: [] });

/** Adds a tag, or makes a machine's the person's own; it is no longer rejected. @param {Corrections} said @param {TagRef} tag @returns {Corrections} */
export function withAccepted({ own, rejected }, { id, name }) {
    const isKnown = own.some((tag) => tag.id === id);
    return { own: isKnown ? own : [...own, { id, name }], rejected: rejected.filter((one) => one !== id) };
}

/**
 * Takes a tag away and keeps the model from bringing it back. A word that no model knows is simply gone.
 * @param {Corrections} said @param {string} id @returns {Corrections}
 */
export function withRejected({ own, rejected }, id) {
    const isWord = id.startsWith("own:");
    return {
        own: own.filter((tag) => tag.id !== id),
        rejected: isWord || rejected.includes(id) ? rejected : [...rejected, id],
    };
}

/** Says nothing of this tag any more: the model decides. @param {Corrections} said @param {string} id @returns {Corrections} */
export function withReset({ own, rejected }, id) {
    return { own: own.filter((tag) => tag.id !== id), rejected: rejected.filter((one) => one !== id) };
}

/** @param {Corrections} one @param {Corrections} other */
export function isSame(one, other) {
    const key = (/** @type {Corrections} */ { own, rejected }) =>
        JSON.stringify([own.map(({ id, name }) => [id, name]), rejected]);
    return key(one) === key(other);
}
