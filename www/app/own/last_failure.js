/**
 * The training that failed last, as long as it matters.
 * @import { OwnTagger, Training } from "../../db/own_protocol.js"
 */

/** Null once a version was made since, or another training is under way. @param {Pick<OwnTagger, "heads" | "trainings">} tagger @returns {Training | null} */
export function lastFailed({ heads, trainings }) {
    const [last] = trainings; // the newest first, without those that went well
    if (!last?.failure || heads.some((head) => head.made_ms > last.begun_ms)) return null;
    return last;
}
