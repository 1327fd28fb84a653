/**
 * Pictures in the queue: handed to the taggers, paused, finished, tagged again.
 * @import { Tagging } from "../../core/engine_api.d.ts"
 * @import { Context } from "../context.js"
 * @import { Failure, TaggedReply } from "../../core/protocol.js"
 * @import { PictureEntry } from "../state.js"
 * @import { SecondLookActions } from "./second_looks.js"
 */
import { DECODED, failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import { entriesOf } from "../entries.js";
import { RateMeter } from "../rate_meter.js";
import * as state from "../state.js";
import { announce, notify } from "./notices.js";
import { reportUnwritten } from "./store_problems.js";

/** @param {Tagging} tagging */
function factsOf({ width, height, format, sha256, incomplete = false, decoder, timings_ms: timingsMs }) {
    return { width, height, format, sha256, incomplete, ...(decoder && { decoder }), timings_ms: timingsMs };
}

/** @typedef {ReturnType<typeof createTagging>} TaggingActions */

/** @param {Context} context @param {Pick<SecondLookActions, "add" | "drop" | "forget" | "takeUp" | "takeUpDropped" | "takeUpKept">} looks */
export function createTagging(context, looks) {
    const rateMeter = new RateMeter();
    /** How many had failed before the run under way began. */
    let failedBeforeRun = 0;
    /** Paused for want of room. */
    let isHeld = false;

    /** A picture is finished once what came of it is kept. @param {PictureEntry} picture */
    async function enqueue({ id, path, file, size }) {
        if (!file) return; // whoever has none waits elsewhere, until it is given one
        const { libraryId } = context.library;
        const isStill = () => context.library.libraryId === libraryId;
        if (context.library.canAdopt(file)) {
            if ((await adopt(id, file)) || !isStill() || state.pictureOf(id)?.state !== "queued") return;
        }
        const answer = context.pool.tag(
            id,
            file,
            (share) => isStill() && change(id, { state: share < DECODED ? "decoding" : "tagging" }),
        );
        /** @type {TaggedReply} */
        let reply;
        try {
            reply = await answer;
        } catch (thrown) {
            if (Object(thrown).name !== "AbortError" && isStill())
                await fail(id, path, failureOf(thrown, "inference_failed"));
            return; // or taken out of the queue
        }
        if (!isStill()) return;
        const { thumbnail, embedding, ...tagging } = reply;
        const isKept = await keep(
            id,
            context.library.record({ id, size, tagging, looks: 1, more: { thumbnail, embedding } }),
        );
        if (!isKept || !state.pictures.has(id)) return;
        looks.add(id, tagging);
        const news = { facts: factsOf(tagging), looks: 1, thumbnail: URL.createObjectURL(thumbnail) };
        finish(id, { state: "done", ...news });
        context.session.record({ id, tagging });
    }

    /** What its content has been given before is a picture's own without another look. @param {number} id @param {File} file @returns {Promise<boolean>} whether it was */
    async function adopt(id, file) {
        const files = await context.library.adopt(id, file).catch(() => null);
        const [entry] = files ? entriesOf(files).entries : [];
        if (!entry?.facts || !state.pictures.has(id)) return entry !== undefined;
        const { facts, looks: nLooks = 1 } = entry;
        const thumbnail = await context.library.thumbnails.url(facts.sha256);
        finish(id, { state: "done", facts, looks: nLooks, ...(thumbnail && { thumbnail }) });
        void context.session.refill([id]);
        void looks.takeUpKept([id]);
        return true;
    }

    /** @param {number} id @param {string} path @param {Failure} error */
    async function fail(id, path, error) {
        // At once: until it is committed others would have been begun.
        if (state.settings.value.is_stopping_at_errors && state.isRunning.value && !state.isPaused.value) {
            pause();
            notify("said_stopped_at", { name: state.pictureOf(id)?.name ?? path });
        }
        if (!(await keep(id, context.library.recordFailure(id, error))) || !state.pictures.has(id)) return;
        finish(id, { state: "failed", error });
        context.session.record({ id, code: error.code, detail: error.detail });
        looks.forget([id]);
    }

    /** What could not be kept is not done: it is said, and nothing more is begun. @param {number} id @param {Promise<unknown>} recording */
    async function keep(id, recording) {
        try {
            await recording;
            return true;
        } catch (error) {
            reportUnwritten(error);
            if (!restoreOutcome(id)) leaveOut([id]);
            if (state.isRunning.value) pause();
            return false;
        }
    }

    /** Puts pictures back into the queue that are finished, or were left out: what was found stays until then, what people said for good. @param {Iterable<number>} ids @returns {number[]} those */
    function requeue(ids) {
        const again = queueAgain(ids);
        for (const id of again) void enqueue(/** @type {PictureEntry} */ (state.pictureOf(id)));
        return again;
    }

    /** Only those whose files are at hand. @param {Iterable<number>} ids @returns {number[]} those */
    function queueAgain(ids) {
        const again = [...ids].filter((id) => {
            const { state: now = "queued", file = null } = state.pictureOf(id) ?? {};
            return file !== null && ["done", "failed", "stopped", "undone"].includes(now);
        });
        if (again.length === 0) return again;
        looks.drop(again);
        batch(() => {
            for (const id of again) change(id, { state: "queued", ...beforeOf(id) });
            beginRun();
            lowerRunBase();
        });
        return again;
    }

    /**
     * Another model is in place: everything waits, until it is known what that one has not tagged before.
     * @param {Iterable<number>} ids @param {() => Promise<ReadonlySet<number>>} findOutdated of those that are done
     * @returns {Promise<number[]>} what is tagged again
     */
    async function requeueOutdated(ids, findOutdated) {
        const again = queueAgain(ids);
        const outdated = await findOutdated().catch(() => null); // then all of them
        const still = again.filter((id) => state.pictureOf(id)?.state === "queued");
        const wanted = still.filter(
            (id) => outdated?.has(id) !== false || state.pictureOf(id)?.before?.state !== "done",
        );
        const isWanted = new Set(wanted);
        batch(() => {
            for (const id of still)
                if (isWanted.has(id)) void enqueue(/** @type {PictureEntry} */ (state.pictureOf(id)));
                else restoreOutcome(id);
            endRunIfOver();
        });
        return wanted;
    }

    /** Hands out nothing more; what is being tagged is finished. */
    function pause() {
        context.pool.pause();
        state.isPaused.value = true;
    }

    function resume() {
        state.isPaused.value = false;
        rateMeter.reset();
        context.pool.resume();
    }

    /** What is found cannot be finished without room: nothing more is begun until there is some, or somebody wishes it. @param {boolean} isFull */
    function waitForRoom(isFull) {
        if (isFull && state.isRunning.value && !state.isPaused.value) {
            isHeld = true;
            pause();
        } else if (!isFull && isHeld) {
            isHeld = false;
            if (state.isPaused.value) resume();
        }
    }

    /** How a picture was finished, for as long as it is to be tagged again. @param {number} id @returns {Partial<PictureEntry>} */
    function beforeOf(id) {
        const { state: now, error } = state.pictureOf(id) ?? {};
        return now === "done" || now === "failed" || now === "undone" ? { before: { state: now, error } } : {};
    }

    /** Pictures that wait are left out for now: they stay, not tagged. @param {readonly number[]} ids */
    function leaveOut(ids) {
        for (const id of ids) change(id, { state: "stopped" });
        if (ids.length > 0) context.library.write("set_states", { ids, state: "stopped" });
    }

    /** Tags what was left out. */
    function tagStopped() {
        const again = requeue(state.orderedIds.value.filter((id) => state.pictureOf(id)?.state === "stopped"));
        if (again.length > 0) context.library.write("set_states", { ids: again, state: "waiting" });
        looks.takeUpDropped();
    }

    /** What came of a picture the last time holds again. @param {number} id @returns {boolean} whether anything had */
    function restoreOutcome(id) {
        const { before } = state.pictureOf(id) ?? {};
        if (!before) return false;
        change(id, before.error ? { state: before.state, error: before.error } : { state: before.state });
        looks.takeUp([id]);
        return true;
    }

    /** Fewer may be finished than were before the run: some are tagged again, or were taken off. */
    function lowerRunBase() {
        if (state.finishedBeforeRun.value !== null)
            state.finishedBeforeRun.value = Math.min(state.finishedBeforeRun.value, state.finished.value);
        failedBeforeRun = Math.min(failedBeforeRun, state.counts.value.failed);
    }

    function beginRun() {
        if (state.finishedBeforeRun.value !== null) return;
        rateMeter.reset();
        state.rate.value = 0;
        state.runOver.value = null;
        state.finishedBeforeRun.value = state.finished.value;
        failedBeforeRun = state.counts.value.failed;
    }

    function endRunIfOver() {
        if (state.isRunning.value || state.finishedBeforeRun.value === null) return false;
        state.finishedBeforeRun.value = null;
        if (state.isBusy.value) return true; // second looks are held as well
        context.library.endRun();
        state.isPaused.value = false;
        context.pool.resume();
        return true;
    }

    /** @param {number} id @param {Partial<PictureEntry>} news */
    function finish(id, news) {
        const former = state.pictureOf(id)?.thumbnail;
        if (former && news.thumbnail) URL.revokeObjectURL(former);
        batch(() => {
            change(id, news);
            state.rate.value = rateMeter.tick(performance.now());
            const base = state.finishedBeforeRun.value ?? 0;
            const finished = state.finished.value - base;
            const n = state.nWanted.value - base;
            if (endRunIfOver()) {
                const { failed } = state.counts.value;
                state.runOver.value = { n, failed: failed - failedBeforeRun };
                if (failed > 0) announce("said_done_failed", { n: failed });
                else announce("said_done", { n });
            } else if (n >= 8 && finished % Math.ceil(n / 4) === 0) {
                announce("said_part", { finished, total: n }); // four times in all: enough to know that it goes on
            }
        });
    }

    /** Somebody looks at the page: how the last run ended is no news any more. */
    function noteLook() {
        state.runOver.value = null;
    }

    /** Their workers are gone; they are first in the queue when the model is switched on again. */
    function requeueWorking() {
        for (const { value } of state.pictures.values())
            if (state.isWorking(value.state)) move(value, { state: "queued" });
    }

    /** @param {number} id @param {Partial<PictureEntry>} news */
    function change(id, news) {
        const picture = state.pictures.get(id);
        if (picture) batch(() => move(picture.value, news));
    }

    /** @param {PictureEntry} picture @param {Partial<PictureEntry>} news */
    function move({ error: _, before, ...picture }, news) {
        const cell = state.pictures.get(picture.id);
        if (!cell) return;
        const isFinal = ["done", "failed", "stopped", "undone"].includes(news.state ?? picture.state);
        const next = { ...picture, ...(before && !isFinal && { before }), ...news };
        const counts = { ...state.counts.value };
        counts[picture.state]--;
        counts[next.state]++;
        state.counts.value = counts;
        cell.value = next;
    }

    return {
        beginRun,
        endRunIfOver,
        enqueue,
        leaveOut,
        resume,
        tagStopped,
        lowerRunBase,
        noteLook,
        pause,
        requeue,
        requeueOutdated,
        restoreOutcome,
        requeueWorking,
        waitForRoom,
    };
}
