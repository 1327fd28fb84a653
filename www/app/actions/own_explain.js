/**
 * Why an own tag: the direction in which its head looks, for whoever asks a tagger where in the picture that is.
 * @import { OwnTaggingActions } from "./own_tagging.js"
 * @import { Teaching } from "./own_teaching.js"
 */
import { CodedError } from "../../core/protocol.js";
import { inUse } from "./own_tagging.js";

/** @param {Teaching} teaching @param {Pick<OwnTaggingActions, "fileOf">} tagging */
export function createOwnExplain({ neededTagger, trainer }, { fileOf }) {
    /** @param {string} tagger its id @param {string} tag @returns {Promise<Float32Array>} */
    async function directionOf(tagger, tag) {
        const head = inUse(await neededTagger(tagger));
        const direction = head && (await trainer.call("direction", { head: await fileOf(head), tag }));
        if (direction) return direction;
        const detail = `The version in use does not have the tag ${tag}, so there is nothing to explain.`;
        throw new CodedError("explanation_unavailable", detail);
    }

    return { directionOf };
}
