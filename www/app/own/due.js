/**
 * When own taggers are trained by themselves: what the trainer (src/train/due.rs) is asked, and when to ask again.
 * @import { OwnTagger, Training } from "../../db/own_protocol.js"
 */
import { ownSettingsOf } from "./settings.js";

/** A clock may be moved, and a timer sleeps with the machine: it is looked at again at least so often. */
export const LOOK_AGAIN_MS = 3_600_000;

/**
 * @param {OwnTagger} tagger @param {readonly Training[]} trainings all of it, failed ones too
 * @param {number} nNew pictures newly tagged since the newest
 */
export function historyOf({ settings, made_ms: madeMs }, trainings, nNew) {
    const setMs = settings["weekly_set_ms"];
    return {
        trained_ms: trainings.map(({ begun_ms: begunMs }) => begunMs),
        set_ms: typeof setMs === "number" && Number.isFinite(setMs) ? setMs : madeMs,
        n_new: nNew,
    };
}

/** Whether it is ever trained by itself: one of its collections must have smart tags on. @param {OwnTagger} tagger @param {ReadonlySet<number>} smart those that have */
export function isScheduled({ is_used: isUsed, settings }, smart) {
    const { weekly, after_n: afterN, collections } = ownSettingsOf(settings);
    return isUsed && (weekly !== null || afterN !== null) && collections.some((one) => smart.has(one));
}

/** How long to wait before the next look. @param {readonly (number | null)[]} times in ms since 1970 @param {number} nowMs */
export function waitUntil(times, nowMs) {
    const next = Math.min(...times.flatMap((time) => (time === null ? [] : [time - nowMs])), LOOK_AGAIN_MS);
    return Math.max(1_000, next);
}
