/**
 * A model of this device, or other numbers for it, tried on a few pictures: what they would show by it, beside what they show now. Nothing is sent
 * and nothing is written; the model in use stays in its place until somebody wants the other one.
 * @import { Tagging } from "../../core/engine_api.d.ts"
 * @import { WorkerClient } from "../../core/client.js"
 * @import { Context } from "../context.js"
 * @import { DialogActions } from "../dialog_actions.js"
 * @import { ModelWish, Trial } from "../provider_state.js"
 * @import { Shown } from "./scratch_session.js"
 * @import { SharedActions } from "./parts.js"
 */
import { loadObjects } from "../../core/engine.js";
import { failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import { policyNow } from "../policy.js";
import { modelWish, trial } from "../provider_state.js";
import { spread } from "../providers/plan.js";
import { diffOf } from "../providers/trial_diff.js";
import { limitsOf } from "../settings.js";
import * as state from "../state.js";
import { load, startTagger } from "../workers.js";
import { showDialog } from "./places.js";
import { openScratch } from "./scratch_session.js";

const CALL = { timeoutMs: 60_000 };

/** @param {Context} context @param {Pick<SharedActions, "openFiles" | "set" | "unlockFiles"> & Pick<DialogActions, "refreshModels" | "useModel">} actions */
export function createModelTrial(context, { openFiles, refreshModels, set, unlockFiles, useModel }) {
    let nth = 0;
    /** Both sessions: of the model in use, and of the one that is tried. @type {Awaited<ReturnType<typeof openScratch>>[]} */
    let sessions = [];
    /** @type {Map<number, Tagging>} */
    let found = new Map();
    /** What the tried model has for numbers of its own, once it is loaded. */
    let own = { threshold: 0.3, max_tags: 8 };

    /** @param {string | null} key of a model that is kept; null for the one that comes with the page @param {readonly number[]} ids of which some are taken */
    function askModel(key, ids) {
        dropModelTrial();
        batch(() => {
            modelWish.value = {
                key,
                ids,
                n_try: 10,
                threshold: null,
                max_tags: null,
                isStarting: false,
                failure: null,
            };
            showDialog("try_model");
        });
        void refreshModels();
    }

    /** Another model, or another number of pictures, is another trial; other numbers are seen at once. @param {Partial<Pick<ModelWish, "key" | "n_try" | "threshold" | "max_tags">>} news */
    function changeModelWish(news) {
        if (!modelWish.value) return;
        const wish = { ...modelWish.value, ...news, failure: null };
        if ("key" in news || "n_try" in news) dropModelTrial();
        modelWish.value = wish;
        if (trial.value?.status === "ended") void showModelDiffs().catch(fail);
    }

    /** @param {unknown} error */
    function fail(error) {
        if (modelWish.value) modelWish.value = { ...modelWish.value, failure: failureOf(error, "inference_failed") };
    }

    async function tryModel() {
        const wish = modelWish.value;
        if (!wish || trial.value?.status === "asking") return;
        dropModelTrial();
        modelWish.value = { ...wish, failure: null };
        const mine = nth;
        const ids = spread(wish.ids, wish.n_try);
        const blank = { results: new Map(), diffs: null, problem: null, has_confidence: true, provider: "" };
        trial.value = { status: "asking", ids, n_done: 0, ...blank };
        const isUsed = wish.key === state.modelInUse.value;
        const { engine, basis } = isUsed ? context : load(context, wish.key);
        try {
            const { client } = await startTagger(context, engine, () => {});
            try {
                await tagAll(client, ids, mine);
            } finally {
                client.stop();
            }
            if (mine !== nth) return;
            const opened = await Promise.all([openScratch(context), openScratch(context, basis)]);
            if (mine !== nth) return opened.forEach((session) => session.stop());
            sessions = opened;
            own = isUsed ? ownNow() : opened[1].facts.policy;
            await showModelDiffs();
        } catch (error) {
            note(mine, { problem: failureOf(error, "own_model_failed") });
        }
        note(mine, { status: "ended" });
    }

    /** As they hold for the model in use. */
    const ownNow = () => ({ threshold: state.threshold.value, max_tags: state.maxTags.value });

    /** @param {WorkerClient} client @param {readonly number[]} ids @param {number} mine */
    async function tagAll(client, ids, mine) {
        const { locked } = await openFiles(ids);
        if (locked.length > 0) await unlockFiles(locked);
        const limits = limitsOf(state.settings.value);
        // What has had a second look is compared with what has had one.
        const areLooked = ids.some((id) => (state.pictureOf(id)?.looks ?? 0) > 1);
        if (areLooked)
            await client.call(
                "start_objects",
                { companions: await loadObjects(context.platform.engineFiles(), false) },
                CALL,
            );
        for (const id of ids) {
            if (mine !== nth || trial.value?.status !== "asking") return;
            const { file = null, looks = 0 } = state.pictureOf(id) ?? {};
            try {
                if (!file) throw Object.assign(new Error(state.pictureOf(id)?.path ?? ""), { code: "file_needed" });
                const { thumbnail: _, embedding: __, ...first } = await client.call("tag", { file, limits }, CALL);
                const tagging = looks > 1 ? await client.call("look_again", { file, first, limits }, CALL) : first;
                if (mine !== nth) return;
                found.set(id, tagging);
                result(mine, id, { file: id, found: { tags: [], texts: [] } });
            } catch (error) {
                if (client.isGone) throw error;
                const { code, detail } = failureOf(error, "inference_failed");
                result(mine, id, { file: id, failure: { code, detail } });
            }
        }
    }

    /** @param {number} mine @param {Partial<Trial>} news */
    function note(mine, news) {
        if (mine === nth && trial.value) trial.value = { ...trial.value, ...news };
    }

    /** @param {number} mine @param {number} id @param {import("../../db/protocol.js").ProviderResult} one */
    function result(mine, id, one) {
        const results = new Map([...(trial.value?.results ?? []), [id, one]]);
        note(mine, { results, n_done: results.size });
    }

    async function showModelDiffs() {
        const mine = nth;
        const [now, then] = sessions;
        const wish = modelWish.value;
        const ids = [...found.keys()];
        if (!now || !then || !wish || ids.length === 0) return;
        const { before } = await now.compare(ids, () => ({}));
        const policy = {
            ...policyNow(context.library),
            threshold: wish.threshold ?? state.settings.value.threshold ?? own.threshold,
            max_tags: wish.max_tags ?? state.settings.value.max_tags ?? own.max_tags,
        };
        const puts = ids.flatMap((id) => {
            const tagging = found.get(id);
            return tagging ? [{ id, tagging }] : [];
        });
        const { after } = await then.compare(ids, () => ({ puts, policy }));
        if (mine !== nth) return;
        const diffs = ids.flatMap((id) => {
            const [was, is] = [before.get(id), after.get(id)];
            return was && is ? [/** @type {const} */ ([id, diffOf(was, sameNames(was, is), "")])] : [];
        });
        note(mine, { diffs: new Map(diffs) });
    }

    /** The model in use from then on, with these numbers. */
    async function useTriedModel() {
        const wish = modelWish.value;
        if (!wish || wish.isStarting) return;
        modelWish.value = { ...wish, isStarting: true };
        const failure = wish.key === state.modelInUse.value ? null : await useModel(wish.key);
        if (failure) return void (modelWish.value = { ...wish, failure });
        const { threshold, max_tags } = wish;
        const news = { ...(threshold !== null && { threshold }), ...(max_tags !== null && { max_tags }) };
        if (Object.keys(news).length > 0) set(news);
        if (state.dialog.value === "try_model") showDialog(null);
    }

    /** What is tagged by then is compared. */
    const stopModelTrial = () => note(nth, { status: "stopping" });

    function dropModelTrial() {
        nth++;
        trial.value = null;
        found = new Map();
        for (const session of sessions.splice(0)) session.stop();
    }

    function leaveModelTrial() {
        dropModelTrial();
        modelWish.value = null;
    }

    return { askModel, changeModelWish, leaveModelTrial, stopModelTrial, tryModel, useTriedModel };
}

/** Models have ids of their own for one thing: what is called the same is the same for whoever reads it. @param {Shown} before @param {Shown} after @returns {Shown} */
function sameNames(before, after) {
    const byName = new Map(before.tags.map(({ id, name }) => [name, id]));
    const ids = new Set(before.tags.map(({ id }) => id));
    const tags = after.tags.map((tag) => (ids.has(tag.id) ? tag : { ...tag, id: byName.get(tag.name) ?? tag.id }));
    return { ...after, tags };
}
