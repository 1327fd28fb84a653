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

/** So many examples of one tag are the least that can be learnt from. */
export const N_LEAST = 5;

/**
 * When it is trained by itself; null: never. Again and again only where one of its collections has smart tags on; once, when a person has set it so.
 * @param {Pick<OwnTagger, "is_used" | "settings">} tagger @param {ReadonlySet<number>} smart collections that have them on
 * @returns {{weekly: {day: number, minute: number} | null, after_n: number | null, once_ms: number | null} | null}
 */
export function scheduleOf({ is_used: isUsed, settings }, smart) {
    const { weekly, after_n: afterN, once_ms: onceMs = null, collections } = ownSettingsOf(settings);
    const isSmart = collections.some((one) => smart.has(one));
    const found = { weekly: isSmart ? weekly : null, after_n: isSmart ? afterN : null, once_ms: onceMs };
    return isUsed && Object.values(found).some((one) => one !== null) ? found : null;
}

/** Whether there is something to learn yet. @param {Pick<OwnTagger, "heads">} tagger @param {number} nNew pictures newly tagged */
export const isTaught = ({ heads }, nNew) => heads.length > 0 || nNew >= N_LEAST;

/**
 * Whether the moment that a person has set has come, and nothing was trained since.
 * @param {number | null} onceMs @param {number} lastMs when the last training began @param {number} nowMs
 */
export const isOnceDue = (onceMs, lastMs, nowMs) => onceMs !== null && onceMs <= nowMs && lastMs < onceMs;

/** How long to wait before the next look. @param {readonly (number | null)[]} times in ms since 1970 @param {number} nowMs */
export function waitUntil(times, nowMs) {
    const next = Math.min(...times.flatMap((time) => (time === null ? [] : [time - nowMs])), LOOK_AGAIN_MS);
    return Math.max(1_000, next);
}
