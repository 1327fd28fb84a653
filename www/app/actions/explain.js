/**
 * Why a tag: where in the picture the model saw it. It is asked of a tagger, once for each picture, tag and model, unless a detector has
 * said where it is.
 * @import { Explanation } from "../../core/engine_api.d.ts"
 * @import { Context } from "../context.js"
 * @import { FileActions } from "./files.js"
 * @import { LoadPart } from "./parts.js"
 */
import { failureOf } from "../../core/protocol.js";
import { foundOf } from "../boxes.js";
import * as state from "../state.js";

/** More than anyone compares on a few pictures; each is a few hundred bytes. */
const MAX_KEPT = 64;

/** @param {Context} context @param {Pick<FileActions, "neededFile">} files @param {LoadPart} loadPart */
export function createExplain(context, { neededFile }, loadPart) {
    /** The oldest first. @type {Map<string, Explanation>} */
    const kept = new Map();

    /** Shows why a picture has a tag; asked again for the same one, it is hidden. @param {number} id @param {string} tag */
    async function explain(id, tag) {
        const before = state.explanation.value;
        const isShown = before?.id === id && before.tag === tag && before.status !== "failed";
        state.explanation.value = null;
        const picture = state.pictureOf(id);
        const { facts } = state.engine.value;
        if (isShown || !picture || !facts) return;
        if (foundOf(state.tagsAround(id), tag)) {
            state.explanation.value = { id, tag, status: "shown" };
            return;
        }
        // The model has heads too: "custom" are those that people teach.
        const taught = state.tagsAround(id).find((one) => one.id === tag && one.source === "custom");
        const [, own = null] = /^head:(.+)$/.exec(taught?.from ?? "") ?? [];
        const key = [id, facts.id, facts.version, tag].join("\n");
        const known = own === null ? kept.get(key) : undefined; // its head may be another by now
        if (known) {
            state.explanation.value = { id, tag, status: "shown", explanation: known };
            return;
        }
        if (state.engine.value.status !== "ready") {
            // Nobody would answer before it is switched on again; what keeps it off is said above the grid.
            const error = state.problem.value ?? { code: "local_model_off", detail: "The local model is off." };
            state.explanation.value = { id, tag, status: "failed", error };
            return;
        }
        const asked = (state.explanation.value = { id, tag, status: "asking" });
        try {
            const file = picture.file ?? (await neededFile(id));
            const meant = own === null ? tag : await (await loadPart("own_tags")).directionOf(own, tag);
            const explanation = await context.pool.explain(file, meant);
            if (own === null) keep(key, explanation);
            if (state.explanation.value === asked) state.explanation.value = { id, tag, status: "shown", explanation };
        } catch (thrown) {
            if (state.explanation.value !== asked) return; // nobody waits for it any more
            const isOver = Object(thrown).name === "AbortError";
            state.explanation.value = isOver
                ? null
                : { id, tag, status: "failed", error: failureOf(thrown, "inference_failed") };
        }
    }

    /** @param {string} key @param {Explanation} explanation */
    function keep(key, explanation) {
        kept.set(key, explanation);
        const [oldest] = kept.keys();
        if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    }

    return { explain };
}
