/**
 * Models: which there are, fetched from the catalog, put in place of the one in use, deleted.
 * @import { Context } from "../context.js"
 * @import { EngineActions } from "./engine.js"
 * @import { SettingActions } from "./settings.js"
 * @import { Failure } from "../../core/protocol.js"
 * @import { Model } from "../../core/engine.js"
 * @import { StoredModel } from "../../platform/platform.d.ts"
 * @import { Download } from "../state.js"
 */
import { failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";
import { modelFailure } from "../model_failure.js";
import { notify } from "./notices.js";

/** @typedef {ReturnType<typeof createModels>} ModelActions */

/** @param {Context} context @param {Pick<EngineActions, "replaceModel">} engine @param {Pick<SettingActions, "set">} settings */
export function createModels(context, { replaceModel }, { set }) {
    /** @type {Map<string, AbortController>} */
    const inFlight = new Map();

    /** Looks what there is. */
    async function refreshModels() {
        const { models } = context.platform;
        try {
            const [bundled, stored, catalog] = await Promise.all([models.bundled(), models.list(), models.catalog()]);
            state.models.value = { bundled, stored, catalog };
            state.modelsFailure.value = null;
        } catch (error) {
            state.modelsFailure.value = failureOf(error, "engine_unreachable");
        }
    }

    /** Fetches a model of the catalog and keeps it. Nothing is fetched before this is called. @param {string} id */
    async function downloadModel(id) {
        const entry = state.models.value?.catalog.find((one) => one.id === id);
        if (!entry || inFlight.has(id)) return;
        const stop = new AbortController();
        inFlight.set(id, stop);
        setDownload(id, { received: 0, failure: null });
        try {
            const onProgress = (/** @type {number} */ received) => setDownload(id, { received, failure: null });
            const model = await context.platform.models.download(entry, { signal: stop.signal, onProgress });
            await context.platform.models.put(model);
            await refreshModels();
            setDownload(id, null);
            notify("said_model_kept", { name: entry.name });
        } catch (error) {
            setDownload(
                id,
                stop.signal.aborted ? null : { received: 0, failure: failureOf(error, "model_unreachable") },
            );
        } finally {
            inFlight.delete(id);
        }
    }

    /** @param {string} id */
    function cancelDownload(id) {
        inFlight.get(id)?.abort();
    }

    /** @param {string} id @param {Download | null} news */
    function setDownload(id, news) {
        const next = new Map(state.downloads.value);
        if (news) next.set(id, news);
        else next.delete(id);
        state.downloads.value = next;
    }

    /**
     * Puts a model in place, and tags everything again. As long as it does not start, the one in use stays.
     * @param {string | null} key null for the one that comes with the page @returns {Promise<Failure | null>}
     */
    async function useModel(key) {
        if (state.modelChange.value !== null && state.modelChange.value.failure === null) return null; // one at a time
        if (key === null && state.modelInUse.value === null) return useBundled();
        state.modelChange.value = { key, failure: null };
        const { models } = state;
        const known = key === null ? models.value?.bundled : models.value?.stored.find((one) => one.key === key);
        const name = known?.name ?? key ?? "";
        try {
            await replaceModel(key);
            batch(() => {
                state.modelChange.value = null;
                set({ model: key });
            });
            notify("said_model_in_use", { name });
            return null;
        } catch (error) {
            const failure = modelFailure(error, "own_model_failed", name);
            state.modelChange.value = { key, failure };
            return failure;
        }
    }

    /** The one that comes with the page, which is in use already in place of another. */
    function useBundled() {
        if (state.problem.value?.code.startsWith("own_model_")) state.problem.value = null;
        set({ model: null });
        return null;
    }

    /** Asks before a model goes that cannot be fetched again. @param {string} key */
    function askToDelete(key) {
        state.modelToDelete.value = key;
    }

    function cancelDelete() {
        state.modelToDelete.value = null;
    }

    /** Deletes a model that is kept. If it is in use, the one that comes with the page takes its place first. @param {string} key */
    async function deleteModel(key) {
        cancelDelete();
        if (state.modelInUse.value === key && (await useModel(null)) !== null) return;
        const name = state.models.value?.stored.find((one) => one.key === key)?.name ?? key;
        await context.platform.models.delete(key);
        if (state.settings.value.model === key) set({ model: null });
        if (state.modelChange.value?.key === key) state.modelChange.value = null;
        await refreshModels();
        notify("said_model_deleted", { name });
    }

    /** Keeps a model that has been tried out, and puts it in place. @param {Model} model @returns {Promise<Failure | null>} */
    async function storeAndUse(model) {
        /** @type {StoredModel} */
        let stored;
        try {
            stored = await context.platform.models.put(model);
        } catch (error) {
            return failureOf(error, "storage_full");
        }
        await refreshModels();
        return useModel(stored.key);
    }

    return {
        cancelDownload,
        deleteModel,
        downloadModel,
        storeAndUse,
        cancelDelete,
        refreshModels,
        askToDelete,
        useModel,
    };
}
