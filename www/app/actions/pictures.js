/**
 * Pictures: taken in, handed to the taggers, paused, cancelled, taken off the sheet and put back.
 * @import { TaggedPicture } from "../../core/protocol.js"
 * @import { Found } from "../../platform/platform.d.ts"
 * @import { Picture } from "../state.js"
 */
import { failure_of } from "../../core/protocol.js";
import { batch, signal } from "../../vendor/view.js";
import { Pace } from "../pace.js";
import * as state from "../state.js";
import { remember_step } from "./corrections.js";
import { say, show } from "./say.js";
import { session } from "./session.js";
import { keep_place } from "./sheet.js";

/** Pictures whose type the browser may not know by their name. */
const PICTURE_NAMES = /^[^.]+$|\.(avif|bmp|gif|heic|heif|ico|jfif|jpe?g|png|tiff?|webp)$/i;

let next_id = 1;
const pace = new Pace();

/** Adds files to the sheet; what is under way goes on. @param {readonly Found[]} found */
export function add_files(found) {
    const wanted = found.filter(is_wanted);
    const skipped = found.length - wanted.length;
    const fresh = wanted.map(({ file, path }) => /** @type {Picture} */ ({ id: next_id++, path, name: file.name, file, state: "queued" }));
    if (skipped > 0) show("said_skipped", { n: skipped });
    if (fresh.length === 0) return;
    batch(() => {
        begin_run();
        for (const picture of fresh) state.pictures.set(picture.id, signal(picture));
        state.order.value = [...state.order.value, ...fresh.map(({ id }) => id)];
        state.counts.value = { ...state.counts.value, queued: state.counts.value.queued + fresh.length };
        state.open_menu.value = null;
    });
    if (skipped === 0) say("said_started", { n: fresh.length });
    for (const picture of fresh) enqueue(picture);
}

/** What someone picks by hand is always tried. A folder also holds other things, which would only fail. @param {Found} found */
function is_wanted({ file, path }) {
    if (!path.includes("/")) return true;
    if (file.name.startsWith(".")) return false;
    return file.type.startsWith("image/") || (file.type === "" && PICTURE_NAMES.test(file.name));
}

/** @param {DataTransfer} drop */
export async function add_dropped(drop) {
    state.is_dragging.value = false;
    for await (const found of session.platform.dropped_files(drop)) add_files(found);
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
        const { thumbnail, ...tagging } = await session.pool.tag(id, file, () => change(id, { state: "working" }));
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

/** Tags pictures anew, whether they failed or not; what people said of them stays. @param {Iterable<number>} ids */
export function tag_again(ids) {
    batch(() => {
        for (const id of requeue(ids)) session.link.remove(id);
    });
}

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

/** Takes off what has not been started; what is done, or being done, stays. */
export function cancel() {
    const dropped = new Set(session.pool.cancel());
    batch(() => {
        forget(dropped);
        if (state.is_paused.value) go_on();
        end_run_if_over();
    });
    show("said_cancelled", { n: dropped.size });
}

/** @param {ReadonlySet<number>} ids pictures that wait */
function forget(ids) {
    for (const id of ids) state.pictures.delete(id);
    state.order.value = state.order.value.filter((id) => !ids.has(id));
    state.counts.value = { ...state.counts.value, queued: state.counts.value.queued - ids.size };
    keep_place();
}

/** Takes finished pictures off the sheet; they can be put back. @param {Iterable<number>} ids */
export function remove_pictures(ids) {
    const wanted = new Set([...ids].filter((id) => ["done", "failed"].includes(state.picture_of(id)?.state ?? "")));
    if (wanted.size === 0) return;
    const removed = [...wanted].map((id) => ({ picture: /** @type {Picture} */ (state.picture_of(id)), result: session.link.recorded(id) }));
    const before = state.order.value;
    const redo = () =>
        batch(() => {
            for (const { picture } of removed) {
                state.pictures.delete(picture.id);
                session.link.remove(picture.id);
                count(picture.state, -1);
            }
            state.order.value = state.order.value.filter((id) => !wanted.has(id));
            keep_place();
        });
    const undo = () =>
        batch(() => {
            for (const { picture, result } of removed) {
                state.pictures.set(picture.id, signal(picture));
                if (result) session.link.record(result);
                count(picture.state, 1);
            }
            const known = new Set(before);
            const later = state.order.value.filter((id) => !known.has(id));
            state.order.value = [...before.filter((id) => state.pictures.has(id)), ...later];
        });
    redo();
    remember_step("said_removed", { n: removed.length }, { undo, redo });
}

/** @param {Picture["state"]} picture_state @param {number} by */
function count(picture_state, by) {
    state.counts.value = { ...state.counts.value, [picture_state]: state.counts.value[picture_state] + by };
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
    for (const { value } of state.pictures.values()) if (value.state === "working") move(value, { state: "queued" });
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
