/**
 * What only one's own words do: fetched with their dialog.
 * @import { Actions } from "./actions.js"
 * @import { Tools } from "./actions/parts.js"
 * @import { DialogActions } from "./dialog_actions.js"
 * @import { WorkActions } from "./work_actions.js"
 */
import { createWords } from "./actions/words.js";

/** @typedef {ReturnType<typeof createWords>} WordsActions */

/** All actions, for the views of this part: there before any of them is drawn. @type {Actions & WorkActions & DialogActions & WordsActions} */
export let actions;

/** @param {Tools} tools */
export function startWordsActions({ context, actions: shared }) {
    const all = /** @type {Actions & WorkActions & DialogActions} */ (shared);
    return (actions = Object.assign(all, createWords(context, shared)));
}
