/**
 * Which tags are shown: threshold, limits, lists, languages; and what the batch answers.
 * @import { Filter, Policy } from "../../core/engine_api.d.ts"
 * @import { Look, Turn } from "../../core/protocol.js"
 * @import { Language } from "../../i18n/messages.js"
 * @import { Settings } from "../settings.js"
 */
import { LANGUAGES, best_language, load_language } from "../../i18n/messages.js";
import { batch } from "../../vendor/view.js";
import { DEFAULTS, checked } from "../settings.js";
import * as state from "../state.js";
import { remember_step } from "./corrections.js";
import { tag_again } from "./pictures.js";
import { session } from "./session.js";

/** More tags than this are never kept beside what is on screen. */
const MAX_KEPT_TAGS = 600;
/** What a moved threshold has changed stays in sight as long as that after the last move. */
const CHANGE_SHOWN_MS = 8_000;

/** The policy that the one under the hand is compared with. @type {Policy | null} */
let before = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let change_timer;

/** @returns {Policy} */
function policy() {
    const { allow, deny } = state.settings.value;
    return { threshold: state.threshold.value, max_tags: state.max_tags.value, allow, deny, language: state.tag_language.value };
}

/** Puts everything under what is set now. */
export function apply_policy() {
    session.link.apply(policy(), before);
}

/** @param {Look} look @param {Turn} turn */
export function take_look({ tags, details, counted }, { ids, opened, filter, policy: applied }) {
    // Under a new policy only what was asked for is fresh; the rest is asked for when it comes on screen.
    const is_fresh = applied !== null || state.tags.value.size > MAX_KEPT_TAGS;
    const next = new Map(is_fresh ? [] : state.tags.value);
    ids.forEach((id, idx) => next.set(id, tags[idx] ?? []));
    batch(() => {
        state.tags.value = next;
        state.details.value = opened !== null && details ? { id: opened, ...details } : null;
        if (!counted) return;
        const { summary, found, change } = counted;
        // `pictures` counts the failed ones too.
        const n_before = (state.summary.value?.pictures ?? 0) - (state.summary.value?.failed ?? 0);
        if (n_before === 0 && summary.pictures > summary.failed) performance.measure("tagsmith:first-tags", { start: 0 });
        state.summary.value = summary;
        if (before !== null) state.change.value = change;
        if (is_same(filter, state.filter.value)) state.found.value = found && new Set(found);
    });
}

/** @param {Filter | null} one @param {Filter | null} other */
const is_same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Which pictures are on screen, and which is open: what is said of them is kept up to date. @param {number[]} ids @param {number | null} opened */
export function watch_tags(ids, opened) {
    session.link.watch(ids, opened);
}

/** Shows only some of the pictures; null shows all. @param {Filter | null} filter */
export function set_filter(filter) {
    batch(() => {
        state.filter.value = filter;
        if (filter === null) state.found.value = null;
        state.current.value = 0;
        state.selection.value = new Set();
    });
    session.link.filter(filter);
}

/** @param {number} wanted in [0, 1] */
export function set_threshold(wanted) {
    before ??= policy();
    set({ threshold: Math.round(Math.min(0.99, Math.max(0.01, wanted)) * 100) / 100 });
    clearTimeout(change_timer);
    change_timer = setTimeout(end_change, CHANGE_SHOWN_MS);
}

/** What the threshold has changed is no longer shown; the next move is compared with where it is now. */
export function end_change() {
    clearTimeout(change_timer);
    before = null;
    state.change.value = null;
    session.link.apply(policy());
}

/** Changes what is set, and remembers it. @param {Partial<Settings>} news */
export function set(news) {
    const { is_thorough: was_thorough } = state.settings.value;
    const { is_thorough, relaunches, relaunch_window_s } = (state.settings.value = checked({ ...state.settings.value, ...news }));
    session.platform.remember("settings", state.settings.value);
    session.relaunch.set({
        max: session.options.relaunches ?? relaunches,
        window_ms: session.options.relaunch_window_ms ?? relaunch_window_s * 1000,
    });
    apply_policy();
    // What was looked at in the other way is looked at again.
    if (is_thorough !== was_thorough && state.engine.value.facts?.can_be_thorough) tag_again(state.order.value);
}

/** Everything as on the first visit, the model excepted; can be undone. */
export function reset_settings() {
    const { model: _, ...former } = state.settings.value;
    const { model: __, ...first } = DEFAULTS;
    set(first);
    remember_step("did_reset_settings", {}, { undo: () => set(former), redo: () => set(first) });
}

/** @param {Language} language */
export async function set_language(language) {
    session.platform.remember("language", language);
    await speak(language);
    apply_policy();
}

/** Changes the language when its words are there; without them the page goes on in the one it has, and says so. @param {Language} language */
async function speak(language) {
    try {
        await load_language(language);
        state.language.value = language;
    } catch (error) {
        state.problem.value = { code: "language_unreachable", detail: String(error) };
    }
}

export function recall_settings() {
    state.settings.value = checked(session.platform.recall("settings"));
}

/** The language of the last visit, else the first that the person reads and we speak. */
export function recall_language() {
    const remembered = session.platform.recall("language");
    return speak(LANGUAGES.find((language) => language === remembered) ?? best_language(session.platform.languages()));
}

/** What the entries of allow and deny lists are called, and the categories there are. @param {string[]} entries */
export const name_entries = (entries) => session.link.name_entries(entries);
