/**
 * What a screen reader hears of what people do by state that changes: what is selected, how far the threshold is, what is found, which
 * picture comes next. Corrections, undo and the rules are told where they are done (app/actions/undo.js); what has the keyboard speaks
 * for itself.
 */
import { actions } from "../app/work_actions.js";
import {
    current,
    gridIds,
    isFiltered,
    isLarge,
    nSelectedShown,
    opened,
    pictureOf,
    query,
    reviewed,
    selection,
    settings,
    summary,
    threshold,
    total,
} from "../app/state.js";
import { effect, untracked } from "../vendor/view.js";
import { queryText } from "./filter_words.js";
import { percent, t } from "./text.js";

/** Who types hears their letters first. */
const TYPED_MS = 1_200;
/** A row of keys is one change, and its figures come a little later. */
const PRESSED_MS = 300;

export function mountAnnouncements() {
    onChange(() => query.value, foundLater);
    onChange(() => ({ ids: selection.value, n: total.value }), selectedLater);
    onChange(() => settings.value.threshold, thresholdLater);
    onChange(() => reviewed.value, sayNext);
    onChange(() => (isLarge.value ? opened.value : null), sayLarge);
}

/** @template T @param {() => T} read @param {(now: T, before: T) => void} act when something else is read than before */
function onChange(read, act) {
    /** @type {{value: T} | null} */
    let last = null;
    effect(() => {
        const value = read();
        const before = last;
        last = { value };
        if (before !== null && before.value !== value) untracked(() => act(value, before.value));
    });
}

/** What waits to be said, of each kind the newest. @type {Map<() => string | null, ReturnType<typeof setTimeout>>} */
const waiting = new Map();

/** @param {() => string | null} words what is said by then, if anything @param {number} ms @param {() => unknown} [whenKnown] */
function sayLater(words, ms, whenKnown = actions.whenFound) {
    clearTimeout(waiting.get(words));
    const timer = setTimeout(async () => {
        // Figures that are on their way still would be those of before.
        await whenKnown();
        const text = waiting.get(words) === timer ? words() : null;
        if (text !== null) actions.say(text);
    }, ms);
    waiting.set(words, timer);
}

/** @typedef {import("../core/engine_api.d.ts").Query} Query */

/** @param {Query} now @param {Query} before */
function foundLater(now, before) {
    const isSorted = now.sort !== before.sort;
    sayLater(isSorted ? sortedWords : foundWords, now.words === before.words ? PRESSED_MS : TYPED_MS);
}

function foundWords() {
    const n = gridIds.value.length;
    if (!isFiltered.value) return t("n_pictures", { n });
    return n === 0
        ? t("filter_empty", { name: queryText() })
        : t("said_found", { n, total: total.value, what: queryText() });
}

const sortedWords = () => t("said_sorted", { sort: t(`sort_${query.value.sort}`) });

/** How many were selected when that was said the last time. */
let nSaid = 0;

/** @param {{n: number}} now @param {{n: number}} before */
function selectedLater(now, before) {
    // What was selected and has been removed is told as removed.
    if (now.n !== before.n) nSaid = selection.value.size;
    else sayLater(selectedWords, PRESSED_MS, () => {}); // nothing of it is counted elsewhere
}

function selectedWords() {
    const n = selection.value.size;
    if (n === nSaid) return null;
    nSaid = n;
    if (n === 0) return t("said_none_selected");
    const shown = nSelectedShown.value;
    return shown < n ? t("n_selected_shown", { n, shown }) : t("n_selected", { n });
}

/** The slider says itself where it is. */
function thresholdLater() {
    if (!document.activeElement?.matches('[data-do="threshold"]')) sayLater(thresholdWords, PRESSED_MS);
}

function thresholdWords() {
    if (total.value === 0) return null;
    const { tags = 0, with_tags: withTags = 0, pictures = 0 } = summary.value ?? {};
    return t("said_threshold", {
        percent: percent(threshold.value),
        tags: t("tags_shown", { n: tags }),
        pictures: t("on_pictures", { n: pictures, with_tags: withTags }),
    });
}

/** Where a review leads to is known only when it is over. @param {ReadonlySet<number>} now @param {ReadonlySet<number>} before */
function sayNext(now, before) {
    if (now.size <= before.size) return;
    const from = currentId();
    queueMicrotask(() => {
        const to = currentId();
        if (gridIds.value.every((id) => reviewed.value.has(id))) actions.say(t("said_all_reviewed"));
        else if (to !== from) actions.say(t("said_next", { name: pictureOf(to ?? 0)?.name ?? "" }));
    });
}

const currentId = () => gridIds.value[current.value];

/** The large view keeps the keyboard while its picture changes. @param {number | null} now @param {number | null} before */
function sayLarge(now, before) {
    if (now === null || before === null) return;
    const position = gridIds.value.indexOf(now) + 1;
    actions.say(t("said_large", { name: pictureOf(now)?.name ?? "", position, total: gridIds.value.length }));
}
