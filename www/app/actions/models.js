/**
 * Models: which there are, fetched from the catalog, put in place of the one in use, deleted.
 * @import { Context } from "../context.js"
 * @import { EngineActions } from "./engine.js"
 * @import { SettingActions } from "./settings.js"
 * @import { Failure } from "../../core/protocol.js"
 * @import { Model } from "../../core/engine.js"
 * @import { KeptModel } from "../../platform/platform.d.ts"
 * @import { Download } from "../state.js"
 */
import { failure_of } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";
import { show } from "./say.js";

/** @typedef {ReturnType<typeof create_models>} ModelActions */

/** @param {Context} context @param {Pick<EngineActions, "replace_model">} engine @param {Pick<SettingActions, "set">} settings */
export function create_models(context, { replace_model }, { set }) {
    /** @type {Map<string, AbortController>} */
    const under_way = new Map();

    /** Looks what there is. */
    async function look_for_models() {
        const { models } = context.platform;
        try {
            const [bundled, kept, catalog] = await Promise.all([models.bundled(), models.list(), models.catalog()]);
            state.models.value = { bundled, kept, catalog };
            state.models_failure.value = null;
        } catch (error) {
            state.models_failure.value = failure_of(error, "engine_unreachable");
        }
    }

    /** Fetches a model of the catalog and keeps it. Nothing is fetched before this is called. @param {string} id */
    async function download_model(id) {
        const entry = state.models.value?.catalog.find((one) => one.id === id);
        if (!entry || under_way.has(id)) return;
        const stop = new AbortController();
        under_way.set(id, stop);
        set_download(id, { received: 0, failure: null });
        try {
            const on_progress = (/** @type {number} */ received) => set_download(id, { received, failure: null });
            const model = await context.platform.models.download(entry, { signal: stop.signal, on_progress });
            await context.platform.models.put(model);
            await look_for_models();
            set_download(id, null);
            show("said_model_kept", { name: entry.name });
        } catch (error) {
            set_download(id, stop.signal.aborted ? null : { received: 0, failure: failure_of(error, "model_unreachable") });
        } finally {
            under_way.delete(id);
        }
    }

    /** @param {string} id */
    function cancel_download(id) {
        under_way.get(id)?.abort();
    }

    /** @param {string} id @param {Download | null} news */
    function set_download(id, news) {
        const next = new Map(state.downloads.value);
        if (news) next.set(id, news);
        else next.delete(id);
        state.downloads.value = next;
    }

    /**
     * Puts a model in place, and tags everything again. As long as it does not start, the one in use stays.
     * @param {string | null} key null for the one that comes with the page @returns {Promise<Failure | null>}
     */
    async function use_model(key) {
        if (state.model_change.value !== null && state.model_change.value.failure === null) return null; // one at a time
        if (key === null && state.model_in_use.value === null) return accept_stand_in();
        state.model_change.value = { key, failure: null };
        const { models } = state;
        const known = key === null ? models.value?.bundled : models.value?.kept.find((one) => one.key === key);
        const name = known?.name ?? key ?? "";
        try {
            await replace_model(key);
            batch(() => {
                state.model_change.value = null;
                set({ model: key });
            });
            show("said_model_in_use", { name });
            return null;
        } catch (error) {
            const { code, detail, subject } = failure_of(error, "own_model_failed");
            // A worker that dies while it starts is told of in words about pictures, which there are none of here.
            const failure = code === "worker_crashed" ? { code: "own_model_failed", detail, subject: name } : { code, detail, subject };
            state.model_change.value = { key, failure };
            return failure;
        }
    }

    /** The one that comes with the page, which is in use already in place of another. */
    function accept_stand_in() {
        if (state.problem.value?.code.startsWith("own_model_")) state.problem.value = null;
        set({ model: null });
        return null;
    }

    /** Asks before a model goes that cannot be fetched again. @param {string} key */
    function question_model(key) {
        state.model_in_question.value = key;
    }

    function keep_model() {
        state.model_in_question.value = null;
    }

    /** Deletes a model that is kept. If it is in use, the one that comes with the page takes its place first. @param {string} key */
    async function delete_model(key) {
        keep_model();
        if (state.model_in_use.value === key && (await use_model(null)) !== null) return;
        const name = state.models.value?.kept.find((one) => one.key === key)?.name ?? key;
        await context.platform.models.delete(key);
        if (state.settings.value.model === key) set({ model: null });
        if (state.model_change.value?.key === key) state.model_change.value = null;
        await look_for_models();
        show("said_model_deleted", { name });
    }

    /** Keeps a model that has been tried out, and puts it in place. @param {Model} model @returns {Promise<Failure | null>} */
    async function keep_and_use(model) {
        /** @type {KeptModel} */
        let kept;
        try {
            kept = await context.platform.models.put(model);
        } catch (error) {
            return failure_of(error, "storage_full");
        }
        await look_for_models();
        return use_model(kept.key);
    }

    return {
        cancel_download,
        delete_model,
        download_model,
        keep_and_use,
        keep_model,
        look_for_models,
        question_model,
        use_model,
    };
}
