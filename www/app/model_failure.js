/** @import { Failure } from "../core/protocol.js" */
import { failureOf } from "../core/protocol.js";

/**
 * Why a model cannot be used, where it is tried out or put in place: whatever stops the engine there is the model's, and no picture's.
 * @param {unknown} error @param {string} code of what carries none @param {string} name the model's @returns {Failure}
 */
export function modelFailure(error, code, name) {
    const failure = failureOf(error, code);
    const isCrash = failure.code === "worker_crashed" || failure.code === "inference_failed";
    return isCrash ? { code: "own_model_failed", detail: failure.detail, subject: name } : failure;
}
