/**
 * Under what tags show at this moment, in the collection on screen.
 * @import { Policy } from "../core/engine_api.d.ts"
 * @import { Library } from "./library.js"
 */
import * as state from "./state.js";

/** @param {Pick<Library, "collection" | "libraryId">} library @returns {Policy} */
export function policyNow({ collection, libraryId }) {
    const { allow, provider_policies: policies } = state.settings.value;
    const here = `${libraryId ?? ""}/${collection}`;
    const providers = { ...policies["everywhere"], ...policies[here] };
    return {
        threshold: state.threshold.value,
        max_tags: state.maxTags.value,
        allow,
        deny: [], // hidden tags are rules
        language: state.tagLanguage.value,
        ...(Object.keys(providers).length > 0 && { providers }),
    };
}

/** The strict vocabulary that tags show under, as a session takes it; null for none. */
export function wordsInForce() {
    const { value: kept } = state.strictWords;
    return kept?.is_on ? JSON.stringify(kept.words) : null;
}
