/**
 * Pictures: taken in, handed to the taggers, paused, cancelled, taken off the sheet and put back.
 * @import { TaggedPicture } from "../../core/protocol.js"
 * @import { Found } from "../../platform/platform.d.ts"
 * @import { Picture } from "../state.js"
 */
import { DECODED, failure_of } from "../../core/protocol.js";
import { batch, signal } from "../../vendor/view.js";
import { part } from "../model_files.js";
import { Pace } from "../pace.js";
import * as state from "../state.js";
import { remember_step } from "./corrections.js";
import { say, show } from "./say.js";
import { session } from "./session.js";
import { keep_place, part_missing } from "./sheet.js";

/** Pictures whose type the browser may not know by their name. */
const PICTURE_NAMES = /^[^.]+$|\.(avif|bmp|gif|heic|heif|ico|jfif|jpe?g|png|tiff?|webp)$/i;

/** More files than this are not put on the sheet in one go. */
const HANDFUL = 500;

/** Files that are not on the sheet yet. @type {readonly Found[]} */
let coming = [];
let is_taking_in = false;
let next_id = 1;
const pace = new Pace();

/** Adds files to the sheet; what is under way goes on. Files of a model are handed over to where models are chosen. @param {readonly Found[]} all */
export function add_files(all) {
    const { of_model, others: found } = part(all, state.dialog.value === "models");
    if (of_model.length > 0) hand_over(of_model);
    const wanted = found.filter(is_wanted);
    const skipped = found.length - wanted.length;
    if (skipped > 0) show("said_skipped", { n: skipped });
    if (wanted.length === 0) return;
    if (skipped === 0) say("said_started", { n: wanted.length });
    coming = [...coming, ...wanted];
    if (!is_taking_in) take_in();
}

/** Where models are chosen is a part of the page that few people ever need. @param {readonly File[]} of_model */
async function hand_over(of_model) {
    try {
        const { take_model_files } = await import("./own_model.js");
        await take_model_files(of_model);
    } catch (error) {
        part_missing(error);
    }
}

/** The first handful at once, the others with room in between for what people do meanwhile. */
async function take_in() {
    is_taking_in = true;
    while (coming.length > 0) {
        const some = coming.slice(0, HANDFUL);
        coming = coming.slice(HANDFUL);
        put_on_sheet(some);
        if (coming.length > 0) await new Promise((resolve) => setTimeout(resolve));
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
    for (const picture of fresh) enqueue(picture);
}

/** What someone picks by hand is always tried. A folder also holds other things, which would only fail. @param {Found} found */
function is_wanted({ file, path }) {
    if (!path.includes("/")) return true;
    if (file.name.startsWith(".")) return false;
    return file.type.startsWith("image/") || (file.type === "" && PICTURE_NAMES.test(file.name));
}

/** @param {HTMLInputElement} input */
export function add_chosen(input) {
    add_files(session.platform.chosen_files(input));
    input.value = ""; // the same files may be chosen again
}

/** @param {string} name */
export async function add_sample(name) {
    const sample = session.platform.samples().find((one) => one.name === name);
    if (!sample) return;
    try {
        const blob = await (await fetch(sample.url)).blob();
        const file_name = `${name}.${sample.url.pathname.split(".").pop()}`;
        add_files([{ file: new File([blob], file_name, { type: blob.type }), path: file_name }]);
    } catch (error) {
        state.problem.value = { code: "engine_unreachable", detail: String(error) };
    }
}

export const sample_pictures = () => session.platform.samples();

/** @param {Picture} picture */
async function enqueue({ id, path, file }) {
    try {
        const { thumbnail, ...tagging } = await session.pool.tag(id, file, (share) => change(id, { state: share < DECODED ? "decoding" : "tagging" }));
        finish(id, { state: "done", facts: facts_of(tagging), thumbnail: URL.createObjectURL(thumbnail) });
        session.link.record({ id, path, tagging });
    } catch (thrown) {
        if (Object(thrown).name === "AbortError") return; // taken out of the queue
        const error = failure_of(thrown, "inference_failed");
        finish(id, { state: "failed", error });
        session.link.record({ id, path, ...error });
        if (state.settings.value.is_stopping_at_errors && state.is_running.value && !state.is_paused.value) {
            pause();
            show("said_stopped_at", { name: state.picture_of(id)?.name ?? path });
        }
    }
}

/** @param {Omit<TaggedPicture, "thumbnail">} tagging */
function facts_of({ width, height, format, sha256, timings_ms }) {
    return { width, height, format, sha256, timings_ms };
}

/** @param {number} id */
export const retry = (id) => tag_again([id]);

/**
 * Tags pictures anew, whether they failed or not. What was found stays until then, what people said of them for good.
 * @param {Iterable<number>} ids
 */
export const tag_again = (ids) => void requeue(ids);

/** Puts finished pictures back into the queue. @param {Iterable<number>} ids @returns {number[]} those that were finished */
export function requeue(ids) {
    const again = [...ids].filter((id) => ["done", "failed"].includes(state.picture_of(id)?.state ?? ""));
    if (again.length === 0) return again;
    batch(() => {
        for (const id of again) change(id, { state: "queued" });
        begin_run();
        lower_run_base();
        for (const id of again) enqueue(/** @type {Picture} */ (state.picture_of(id)));
    });
    return again;
}

/** Hands out nothing more; what is being tagged is finished. */
export function pause() {
    session.pool.pause();
    state.is_paused.value = true;
}

export function go_on() {
    state.is_paused.value = false;
    pace.reset();
    session.pool.go_on();
}

/** Takes off what has not been started; what is done, or being done, stays. So does what was only to be tagged again. */
export function cancel() {
    const n_coming = coming.length;
    coming = [];
    const dropped = session.pool.cancel();
    const known = dropped.filter((id) => session.link.recorded(id));
    const unknown = dropped.filter((id) => !session.link.recorded(id));
    const untold = unknown.filter((id) => state.picture_of(id)?.facts);
    const gone = new Set(unknown.filter((id) => !state.picture_of(id)?.facts));
    batch(() => {
        for (const id of known) change(id, outcome_of(id));
        for (const id of untold) leave_untagged(id);
        forget(gone);
        if (state.is_paused.value) go_on();
        end_run_if_over();
    });
    if (untold.length > 0) show("said_cancelled_untagged", { n: untold.length });
    else if (gone.size > 0 || known.length === 0) show("said_cancelled", { n: gone.size + n_coming });
    else show("said_cancelled_again", { n: known.length });
}

/** Tagged once, and not by the model in use: it stays for what a person said of it. @param {number} id */
function leave_untagged(id) {
    const error = { code: "picture_not_tagged", detail: "The run was cancelled before the model in use came to this picture." };
    change(id, { state: "failed", error });
    session.link.record({ id, path: state.picture_of(id)?.path ?? "", ...error });
}

/** What came of a picture the last time. @param {number} id @returns {Partial<Picture>} */
function outcome_of(id) {
    const result = session.link.recorded(id);
    if (!result || "tagging" in result) return { state: "done" };
    return { state: "failed", error: failure_of(result, "inference_failed") };
}

/** @param {ReadonlySet<number>} ids pictures that wait */
function forget(ids) {
    for (const id of ids) state.pictures.delete(id);
    state.order.value = state.order.value.filter((id) => !ids.has(id));
    state.counts.value = { ...state.counts.value, queued: state.counts.value.queued - ids.size };
    keep_place();
}

/** Takes pictures off the sheet, all but those being tagged at this moment; they can be put back. @param {Iterable<number>} ids */
export function remove_pictures(ids) {
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

/** @typedef {{picture: Picture, result: ReturnType<typeof session.link.recorded>, engine: typeof session.engine}} Removed */

/** @param {readonly number[]} wanted @returns {Removed[]} */
function take_off(wanted) {
    /** @type {Removed[]} */
    const removed = [];
    for (const id of new Set(wanted)) {
        const picture = state.picture_of(id);
        if (picture && !state.is_working(picture.state)) removed.push({ picture, result: session.link.recorded(id), engine: session.engine });
    }
    const gone = new Set(removed.map(({ picture }) => picture.id));
    session.pool.cancel((id) => gone.has(id));
    batch(() => {
        for (const id of gone) {
            state.pictures.delete(id);
            session.link.remove(id);
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
            if (result && engine === session.engine) session.link.record(result);
        }
        count(removed, 1);
        const later = state.order.value.filter((id) => !known.has(id));
        state.order.value = [...before.filter((id) => state.pictures.has(id)), ...later];
        if (waiting.length > 0) begin_run();
        for (const picture of waiting) enqueue(picture);
        // What another model has found means nothing to this one.
        requeue(removed.filter(({ engine }) => engine !== session.engine).map(({ picture }) => picture.id));
    });
}

/** @param {readonly Removed[]} pictures @param {1 | -1} by */
function count(pictures, by) {
    const counts = { ...state.counts.value };
    for (const { picture } of pictures) counts[picture.state] += by;
    state.counts.value = counts;
    lower_run_base();
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
    session.pool.go_on();
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
export function take_back_working() {
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
