/**
 * Pictures in the queue: handed to the taggers, paused, finished, tagged again.
 * @import { Context } from "../context.js"
 * @import { TaggedReply } from "../../core/protocol.js"
 * @import { Picture } from "../state.js"
 */
import { DECODED, failure_of } from "../../core/protocol.js";
import { batch, effect, untracked } from "../../vendor/signals.js";
import { Pace } from "../pace.js";
import * as state from "../state.js";
import { say, show } from "./say.js";

/** @param {Omit<TaggedReply, "thumbnail">} tagging */
function facts_of({ width, height, format, sha256, timings_ms }) {
    return { width, height, format, sha256, timings_ms };
}

/** @typedef {ReturnType<typeof create_tagging>} TaggingActions */

/** @param {Context} context */
export function create_tagging(context) {
    const pace = new Pace();

    /** @param {Picture} picture */
    async function enqueue({ id, path, file }) {
        try {
            const { thumbnail, ...tagging } = await context.pool.tag(id, file, (share) => change(id, { state: share < DECODED ? "decoding" : "tagging" }));
            finish(id, { state: "done", facts: facts_of(tagging), thumbnail: URL.createObjectURL(thumbnail) });
            context.session.record({ id, path, tagging });
        } catch (thrown) {
            if (Object(thrown).name === "AbortError") return; // taken out of the queue
            const error = failure_of(thrown, "inference_failed");
            finish(id, { state: "failed", error });
            context.session.record({ id, path, ...error });
            if (state.settings.value.is_stopping_at_errors && state.is_running.value && !state.is_paused.value) {
                pause();
                show("said_stopped_at", { name: state.picture_of(id)?.name ?? path });
            }
        }
    }

    /** @param {number} id */
    const retry = (id) => tag_again([id]);

    /**
     * Tags pictures anew, whether they failed or not. What was found stays until then, what people said of them for good.
     * @param {Iterable<number>} ids
     */
    const tag_again = (ids) => void requeue(ids);

    /** Puts finished pictures back into the queue. @param {Iterable<number>} ids @returns {number[]} those that were finished */
    function requeue(ids) {
        const again = [...ids].filter((id) => ["done", "failed"].includes(state.picture_of(id)?.state ?? ""));
        if (again.length === 0) return again;
        batch(() => {
            for (const id of again) change(id, { state: "queued" });
            begin_run();
            lower_run_base();
            for (const id of again) void enqueue(/** @type {Picture} */ (state.picture_of(id)));
        });
        return again;
    }

    /** Hands out nothing more; what is being tagged is finished. */
    function pause() {
        context.pool.pause();
        state.is_paused.value = true;
    }

    function go_on() {
        state.is_paused.value = false;
        pace.reset();
        context.pool.go_on();
    }

    /** Tagged once, and not by the model in use: it stays for what a person said of it. @param {number} id */
    function leave_untagged(id) {
        const error = { code: "picture_not_tagged", detail: "The run was cancelled before the model in use came to this picture." };
        change(id, { state: "failed", error });
        context.session.record({ id, path: state.picture_of(id)?.path ?? "", ...error });
    }

    /** What came of a picture the last time holds again. @param {number} id */
    function restore_outcome(id) {
        const result = context.session.result_of(id);
        if (!result || "tagging" in result) change(id, { state: "done" });
        else change(id, { state: "failed", error: failure_of(result, "inference_failed") });
    }

    /** Fewer may be finished than were before the run: some are tagged again, or were taken off. */
    function lower_run_base() {
        if (state.run_base.value !== null) state.run_base.value = Math.min(state.run_base.value, state.finished.value);
    }

    function begin_run() {
        if (state.run_base.value !== null) return;
        pace.reset();
        state.rate.value = 0;
        state.run_base.value = state.finished.value;
    }

    function end_run_if_over() {
        if (state.is_running.value || state.run_base.value === null) return false;
        state.run_base.value = null;
        state.is_paused.value = false;
        context.pool.go_on();
        return true;
    }

    /** @param {number} id @param {Partial<Picture>} news */
    function finish(id, news) {
        const former = state.picture_of(id)?.thumbnail;
        if (former && news.thumbnail) URL.revokeObjectURL(former);
        batch(() => {
            change(id, news);
            state.rate.value = pace.tick(performance.now());
            const base = state.run_base.value ?? 0;
            const finished = state.finished.value - base;
            const n = state.total.value - base;
            if (end_run_if_over()) {
                const { failed } = state.counts.value;
                if (failed > 0) say("said_done_failed", { n: failed });
                else say("said_done", { n });
            } else if (n >= 8 && finished % Math.ceil(n / 4) === 0) {
                say("said_part", { finished, total: n }); // four times in all: enough to know that it goes on
            }
        });
    }

    /** Their workers are gone; they are first in the queue when the model is switched on again. */
    function take_back_working() {
        for (const { value } of state.pictures.values()) if (state.is_working(value.state)) move(value, { state: "queued" });
    }

    /** @param {number} id @param {Partial<Picture>} news */
    function change(id, news) {
        const picture = state.pictures.get(id);
        if (picture) batch(() => move(picture.value, news));
    }

    /** @param {Picture} picture @param {Partial<Picture>} news */
    function move({ error: _, ...picture }, news) {
        const cell = state.pictures.get(picture.id);
        if (!cell) return;
        const next = { ...picture, ...news };
        const counts = { ...state.counts.value };
        counts[picture.state]--;
        counts[next.state]++;
        state.counts.value = counts;
        cell.value = next;
    }

    /** From now on, what was looked at in the other way is looked at again. @returns {() => void} ends that */
    function watch_thoroughness() {
        let was_thorough = state.settings.value.is_thorough;
        return effect(() => {
            const { is_thorough } = state.settings.value;
            if (is_thorough === was_thorough) return;
            was_thorough = is_thorough;
            untracked(() => state.engine.value.facts?.can_be_thorough && tag_again(state.order.value));
        });
    }

    return {
        begin_run,
        end_run_if_over,
        enqueue,
        go_on,
        leave_untagged,
        lower_run_base,
        pause,
        requeue,
        restore_outcome,
        retry,
        tag_again,
        take_back_working,
        watch_thoroughness,
    };
}
