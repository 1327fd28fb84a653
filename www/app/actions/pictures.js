/**
 * Pictures on the sheet: added, cancelled while they wait, taken off and put back.
 * @import { Context } from "../context.js"
 * @import { TaggingActions } from "./tagging.js"
 * @import { Undo } from "./undo.js"
 * @import { Found } from "../../platform/platform.d.ts"
 * @import { Picture } from "../state.js"
 */
import { batch, signal } from "../../vendor/signals.js";
import * as state from "../state.js";
import { show } from "./say.js";
import { keep_place } from "./sheet.js";

/** More files than this are not put on the sheet in one go. */
const HANDFUL = 500;

/** @typedef {ReturnType<typeof create_pictures>} PictureActions */
/** @typedef {{picture: Picture, result: ReturnType<Context["session"]["result_of"]>, engine: Context["engine"]}} Removed */

/** @param {Context} context @param {TaggingActions} tagging @param {Pick<Undo, "remember_step">} undo */
export function create_pictures(context, tagging, { remember_step }) {
    const { begin_run, end_run_if_over, enqueue, go_on, leave_untagged, lower_run_base, requeue, restore_outcome } = tagging;
    /** Files that are not on the sheet yet. @type {readonly Found[]} */
    let coming = [];
    let is_taking_in = false;
    let next_id = 1;

    /** Adds pictures to the sheet; what is under way goes on. @param {readonly Found[]} found */
    function add_pictures(found) {
        coming = [...coming, ...found];
        if (!is_taking_in) void take_in();
    }

    /** The first handful at once, the others with room in between for what people do meanwhile. */
    async function take_in() {
        is_taking_in = true;
        while (coming.length > 0) {
            const some = coming.slice(0, HANDFUL);
            coming = coming.slice(HANDFUL);
            put_on_sheet(some);
            if (coming.length > 0) await new Promise((resolve) => setTimeout(resolve, 0));
        }
        is_taking_in = false;
    }

    /** @param {readonly Found[]} found */
    function put_on_sheet(found) {
        const fresh = found.map(({ file, path }) => /** @type {Picture} */ ({ id: next_id++, path, name: file.name, file, state: "queued" }));
        batch(() => {
            begin_run();
            for (const picture of fresh) state.pictures.set(picture.id, signal(picture));
            state.order.value = [...state.order.value, ...fresh.map(({ id }) => id)];
            state.counts.value = { ...state.counts.value, queued: state.counts.value.queued + fresh.length };
            state.open_menu.value = null;
        });
        for (const picture of fresh) void enqueue(picture);
    }

    /** Takes off what has not been started; what is done, or being done, stays. So does what was only to be tagged again. */
    function cancel() {
        const n_coming = coming.length;
        coming = [];
        const dropped = context.pool.cancel();
        const known = dropped.filter((id) => context.session.result_of(id));
        const unknown = dropped.filter((id) => !context.session.result_of(id));
        const untold = unknown.filter((id) => state.picture_of(id)?.facts);
        const gone = new Set(unknown.filter((id) => !state.picture_of(id)?.facts));
        batch(() => {
            for (const id of known) restore_outcome(id);
            for (const id of untold) leave_untagged(id);
            forget(gone);
            if (state.is_paused.value) go_on();
            end_run_if_over();
        });
        if (untold.length > 0) show("said_cancelled_untagged", { n: untold.length });
        else if (gone.size > 0 || known.length === 0) show("said_cancelled", { n: gone.size + n_coming });
        else show("said_cancelled_again", { n: known.length });
    }

    /** @param {ReadonlySet<number>} ids pictures that wait */
    function forget(ids) {
        for (const id of ids) state.pictures.delete(id);
        state.order.value = state.order.value.filter((id) => !ids.has(id));
        state.counts.value = { ...state.counts.value, queued: state.counts.value.queued - ids.size };
        keep_place();
    }

    /** Takes pictures off the sheet, all but those being tagged at this moment; they can be put back. @param {Iterable<number>} ids */
    function remove_pictures(ids) {
        const wanted = [...ids];
        let before = state.order.value;
        /** @type {Removed[]} */
        let removed = [];
        const redo = () => {
            before = state.order.value;
            removed = take_off(wanted);
        };
        redo();
        if (removed.length > 0) remember_step("said_removed", { n: removed.length }, { undo: () => put_back(removed, before), redo });
    }

    /** @param {readonly number[]} wanted @returns {Removed[]} */
    function take_off(wanted) {
        /** @type {Removed[]} */
        const removed = [];
        for (const id of new Set(wanted)) {
            const picture = state.picture_of(id);
            if (picture && !state.is_working(picture.state)) removed.push({ picture, result: context.session.result_of(id), engine: context.engine });
        }
        const gone = new Set(removed.map(({ picture }) => picture.id));
        context.pool.cancel((id) => gone.has(id));
        batch(() => {
            for (const id of gone) {
                state.pictures.delete(id);
                context.session.remove(id);
            }
            count(removed, -1);
            state.order.value = state.order.value.filter((id) => !gone.has(id));
            keep_place();
            end_run_if_over();
        });
        return removed;
    }

    /** @param {readonly Removed[]} removed @param {readonly number[]} before the sheet as it was with them */
    function put_back(removed, before) {
        const known = new Set(before);
        const waiting = removed.map(({ picture }) => picture).filter((picture) => picture.state === "queued");
        batch(() => {
            for (const { picture, result, engine } of removed) {
                state.pictures.set(picture.id, signal(picture));
                if (result && engine === context.engine) context.session.record(result);
            }
            count(removed, 1);
            const later = state.order.value.filter((id) => !known.has(id));
            state.order.value = [...before.filter((id) => state.pictures.has(id)), ...later];
            if (waiting.length > 0) begin_run();
            for (const picture of waiting) void enqueue(picture);
            // What another model has found means nothing to this one.
            requeue(removed.filter(({ engine }) => engine !== context.engine).map(({ picture }) => picture.id));
        });
    }

    /** @param {readonly Removed[]} pictures @param {1 | -1} by */
    function count(pictures, by) {
        const counts = { ...state.counts.value };
        for (const { picture } of pictures) counts[picture.state] += by;
        state.counts.value = counts;
        lower_run_base();
    }

    return { add_pictures, cancel, remove_pictures };
}
