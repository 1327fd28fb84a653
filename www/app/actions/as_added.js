/**
 * When pictures that come in are tagged. What is left out waits as not tagged, and is tagged at the press of a button.
 * @import { Library } from "../library.js"
 * @import { WhenTagged } from "../as_added.js"
 */
import { WHEN_KEY, asAddedIn, smartKey } from "../as_added.js";
import * as state from "../state.js";

/** @typedef {ReturnType<typeof createAsAdded>} AsAddedActions */

/** @param {Pick<Library, "shown" | "write">} library */
export function createAsAdded(library) {
    /** What was set and is not in the library yet, which may have to be opened for it. @type {WhenTagged | null} */
    let unwritten = null;

    /** @param {Record<string, unknown>} settings of the library that is shown */
    function takeAsAdded(settings) {
        const kept = asAddedIn(settings);
        state.asAdded.value = { ...kept, when: unwritten ?? kept.when };
    }

    /** @param {WhenTagged} when */
    function setTagAsAdded(when) {
        state.asAdded.value = { ...state.asAdded.value, when };
        unwritten = when;
        void library.shown().then(() => {
            if (unwritten !== null) library.write("save_settings", { settings: { [WHEN_KEY]: unwritten } });
            unwritten = null;
        });
    }

    /** An option of the batch that comes in next. @param {boolean} isOn */
    function tagRegardless(isOn) {
        state.isRegardless.value = isOn;
    }

    /** A batch comes in: the one after it has an option of its own. @returns {boolean} */
    function takeRegardless() {
        const { value } = state.isRegardless;
        state.isRegardless.value = false;
        return value;
    }

    /** Whether own taggers learn from a collection by themselves, and tag it. @param {number} collection @param {boolean} isOn */
    function setSmartTags(collection, isOn) {
        const smart = new Set(state.asAdded.value.smart);
        if (isOn) smart.add(collection);
        else smart.delete(collection);
        state.asAdded.value = { ...state.asAdded.value, smart };
        library.write("save_settings", { settings: { [smartKey(collection)]: isOn } });
    }

    return { setSmartTags, setTagAsAdded, tagRegardless, takeAsAdded, takeRegardless };
}
