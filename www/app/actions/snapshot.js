/**
 * What the session answers: the tags on screen, what is counted over all pictures, and what a moved threshold changes.
 * @import { Policy } from "../../core/engine_api.d.ts"
 * @import { SessionReady, Snapshot, Update } from "../../core/protocol.js"
 * @import { Context } from "../context.js"
 */
import { batch } from "../../vendor/signals.js";
import { policyNow, wordsInForce } from "../policy.js";
import * as state from "../state.js";

/** More tags than this are never kept beside what is on screen. */
const MAX_KEPT_TAGS = 600;
/** What a moved threshold has changed stays in sight as long as that after the last move. */
const CHANGE_SHOWN_MS = 8_000;
/** What is moved is kept when it rests. */
const RESTED_MS = 300;

/** @typedef {ReturnType<typeof createSnapshot>} SnapshotActions */

/** @param {Context} context */
export function createSnapshot(context) {
    /** The policy that the one under the hand is compared with. @type {Policy | null} */
    let policyBefore = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let changeTimer;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let keepTimer;
    let keptPolicy = "";
    /** @type {readonly import("../../core/engine_api.d.ts").Rule[]} */
    let appliedRules = [];
    /** @type {import("./strict_words.js").KeptWords | null} */
    let appliedWords = null;
    /** What was looked for when the last pictures were found. @type {import("../../core/engine_api.d.ts").Query | null} */
    let foundQuery = null;

    const policy = () => policyNow(context.library);

    /** Puts everything under what is set now. */
    function applyPolicy() {
        const { rules, strictWords } = state;
        if (appliedRules !== rules.value || appliedWords !== strictWords.value)
            context.session.rule(rules.value, wordsInForce());
        appliedRules = rules.value;
        appliedWords = strictWords.value;
        context.session.apply(policy(), policyBefore);
        clearTimeout(keepTimer);
        keepTimer = setTimeout(keepPolicy, RESTED_MS);
    }

    /** What tags are shown under goes into the library, so that whoever reads that shows the same. */
    function keepPolicy() {
        if (!context.library.isOpen || !state.engine.value.facts) return;
        const settings = { policy: policy(), rules: state.rules.value };
        const now = JSON.stringify(settings);
        if (now !== keptPolicy) context.library.write("save_settings", { settings });
        keptPolicy = now;
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
    function applySnapshot(
        { tags, details, counted, wordsFailure },
        { ids, opened, query, list, rules, policy: applied },
    ) {
        // Under a new policy only what was asked for is fresh; the rest is asked for when it comes on screen.
        const isFresh = applied !== null || rules !== null || state.tags.value.size > MAX_KEPT_TAGS;
        const next = new Map(isFresh ? [] : state.tags.value);
        ids.forEach((id, idx) => next.set(id, tags[idx] ?? []));
        batch(() => {
            state.tags.value = next;
            if (wordsFailure) state.problem.value = { ...wordsFailure, code: "library_damaged" };
            state.details.value = opened !== null && details ? { id: opened, ...details } : null;
            if (!counted) return;
            const { summary, found, listed, change } = counted;
            if (state.nTaggedOf(state.summary.value) === 0 && state.nTaggedOf(summary) > 0)
                performance.measure("tagsmith:first-tags", { start: 0 });
            state.summary.value = summary;
            if (policyBefore !== null) state.change.value = change;
            // What was asked for before the last letter was typed is better than nothing.
            if (query !== null && state.isFound.value) showFound(found);
            if (list !== null && state.tagList.value !== null) state.listed.value = listed ?? [];
        });
    }

    /** As long as nothing else is looked for, the keyboard stays with its picture, wherever that is now. @param {Uint32Array | null} found */
    function showFound(found) {
        const { current, gridIds, query } = state;
        const id = gridIds.value[current.value] ?? 0;
        const isKept = foundQuery === query.value;
        foundQuery = query.value;
        if (isSame(found, state.foundIds.value)) return;
        state.foundIds.value = found && Array.from(found);
        const idx = isKept ? gridIds.value.indexOf(id) : -1;
        current.value = Math.max(0, idx >= 0 ? idx : Math.min(current.value, gridIds.value.length - 1));
    }

    return { applyPolicy, beginChange, keepPolicy, endChange, sessionReady, applySnapshot };
}

/** As long as nothing else is found, nothing is drawn anew for every picture that is tagged. @param {Uint32Array | null} found @param {readonly number[] | null} before */
const isSame = (found, before) =>
    found?.length === before?.length && (found === null || found.every((id, idx) => id === before?.[idx]));
