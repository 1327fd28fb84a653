/**
 * What the session answers: the tags on screen, what is counted over all pictures, and what a moved threshold changes.
 * @import { PictureFilter, Policy } from "../../core/engine_api.d.ts"
 * @import { SessionReady, Snapshot, Update } from "../../core/protocol.js"
 * @import { Context } from "../context.js"
 */
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";

/** More tags than this are never kept beside what is on screen. */
const MAX_KEPT_TAGS = 600;
/** What a moved threshold has changed stays in sight as long as that after the last move. */
const CHANGE_SHOWN_MS = 8_000;

/** @typedef {ReturnType<typeof createSnapshot>} SnapshotActions */

/** @param {Context} context */
export function createSnapshot(context) {
    /** The policy that the one under the hand is compared with. @type {Policy | null} */
    let policyBefore = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let changeTimer;

    /** @returns {Policy} */
    function policy() {
        const { allow, deny } = state.settings.value;
        return {
            threshold: state.threshold.value,
            max_tags: state.maxTags.value,
            allow,
            deny,
            language: state.tagLanguage.value,
        };
    }

    /** Puts everything under what is set now. */
    function applyPolicy() {
        context.session.apply(policy(), policyBefore);
    }

    /** What is set from now on is compared with what was set before the first of these calls, for a while. */
    function beginChange() {
        policyBefore ??= policy();
        clearTimeout(changeTimer);
        changeTimer = setTimeout(endChange, CHANGE_SHOWN_MS);
    }

    /** What the threshold has changed is no longer shown; the next move is compared with where it is now. */
    function endChange() {
        clearTimeout(changeTimer);
        policyBefore = null;
        state.change.value = null;
        applyPolicy();
    }

    /** @param {SessionReady} ready */
    function sessionReady(ready) {
        state.exportFormats.value = ready.export_formats;
    }

    /** @param {Snapshot} snapshot @param {Update} update */
    function applySnapshot({ tags, details, counted }, { ids, opened, filter, policy: applied }) {
        // Under a new policy only what was asked for is fresh; the rest is asked for when it comes on screen.
        const isFresh = applied !== null || state.tags.value.size > MAX_KEPT_TAGS;
        const next = new Map(isFresh ? [] : state.tags.value);
        ids.forEach((id, idx) => next.set(id, tags[idx] ?? []));
        batch(() => {
            state.tags.value = next;
            state.details.value = opened !== null && details ? { id: opened, ...details } : null;
            if (!counted) return;
            const { summary, found, change } = counted;
            // `pictures` counts the failed ones too.
            const nBefore = (state.summary.value?.pictures ?? 0) - (state.summary.value?.failed ?? 0);
            if (nBefore === 0 && summary.pictures > summary.failed)
                performance.measure("tagsmith:first-tags", { start: 0 });
            state.summary.value = summary;
            if (policyBefore !== null) state.change.value = change;
            if (isSame(filter, state.filter.value)) state.filteredIds.value = found && new Set(found);
        });
    }

    /** Which pictures are on screen, and which is open: what is said of them is kept up to date. @param {number[]} ids @param {number | null} opened */
    function watchTags(ids, opened) {
        context.session.watch(ids, opened);
    }

    /** Shows only some of the pictures; null shows all. @param {PictureFilter | null} filter */
    function setFilter(filter) {
        batch(() => {
            state.filter.value = filter;
            if (filter === null) state.filteredIds.value = null;
            state.current.value = 0;
            state.selection.value = new Set();
        });
        context.session.filter(filter);
    }

    return { applyPolicy, beginChange, endChange, sessionReady, setFilter, applySnapshot, watchTags };
}

/** @param {PictureFilter | null} one @param {PictureFilter | null} other */
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
