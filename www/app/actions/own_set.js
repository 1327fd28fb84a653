/**
 * The training set that somebody puts together: what is in it, what it lacks, and what the guidelines say of it.
 * @import { Context } from "../context.js"
 * @import { TrainingSetView } from "../own_state.js"
 * @import { Teaching } from "./own_teaching.js"
 */
import { failureOf } from "../../core/protocol.js";
import { ownFailure, training, trainingSet } from "../own_state.js";
import { createEmbedding } from "./own_embedding.js";

/** @typedef {ReturnType<typeof createOwnSet>} OwnSetActions */

/** @param {Pick<Context, "library" | "pool">} context @param {Teaching} teaching */
export function createOwnSet(context, teaching) {
    const { waysTo } = createEmbedding(context);
    /** Only the newest look counts. */
    let nLooks = 0;

    /** @param {string} id of the tagger whose set is shown from here on */
    async function openTrainingSet(id) {
        const look = ++nLooks;
        const isStill = () => look === nLooks;
        const { value: before } = trainingSet;
        trainingSet.value = before?.tagger === id ? { ...before, status: "reading" } : nothingOf(id, "reading");
        try {
            const read = await teaching.readSet(await teaching.neededTagger(id));
            const { tags, unlearnt, examples, toEmbed, unseen } = read.set;
            const ways = await waysTo(toEmbed);
            const isOutOfReach = (/** @type {number} */ file) => !ways.has(file) && !read.squares.has(file);
            const nToEmbed = toEmbed.filter((file) => !isOutOfReach(file)).length;
            const counted = { tags, unlearnt, nExamples: examples.length, nToEmbed };
            const nOutOfReach = unseen.filter(isOutOfReach).length;
            if (!isStill()) return;
            const guidelines = trainingSet.value?.guidelines ?? null;
            trainingSet.value = { tagger: id, status: "reading", ...counted, nOutOfReach, guidelines, failure: null };
            // The trainer is at something else: what the guidelines say waits until it is over.
            if (training.value || examples.length === 0 || read.backbone.nFeatures === 0)
                trainingSet.value = { ...trainingSet.value, status: "ready" };
            else {
                const said = await teaching.alone(async () => {
                    if (!isStill() || training.value) return guidelines;
                    await teaching.hold(read);
                    return teaching.trainer.call("guidelines", {});
                });
                if (isStill()) trainingSet.value = { ...trainingSet.value, status: "ready", guidelines: said };
            }
        } catch (error) {
            if (!isStill() || Object(error).name === "AbortError") return;
            const failure = failureOf(error, "library_unreadable");
            trainingSet.value = { ...nothingOf(id, "failed"), failure };
        }
    }

    /** Somebody said something of pictures, and the set that is open may be another. */
    async function refreshTrainingSet() {
        const { value: open } = trainingSet;
        if (open) await openTrainingSet(open.tagger);
    }

    function closeTrainingSet() {
        nLooks++;
        trainingSet.value = null;
        ownFailure.value = null;
    }

    return { closeTrainingSet, openTrainingSet, refreshTrainingSet };
}

/** @param {string} tagger @param {TrainingSetView["status"]} status @returns {TrainingSetView} */
const nothingOf = (tagger, status) => ({
    ...{ tagger, status, tags: [], unlearnt: [], nExamples: 0, nToEmbed: 0, nOutOfReach: 0 },
    ...{ guidelines: null, failure: null },
});
