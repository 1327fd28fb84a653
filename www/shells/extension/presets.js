/**
 * The three named thresholds of a model, or one of one's own.
 * @import { ModelFacts } from "../../core/engine_api.d.ts"
 * @typedef {(typeof PRESETS)[number]} Preset
 */

export const PRESETS = /** @type {const} */ (["generous", "balanced", "sure", "own"]);

/**
 * A model without named thresholds has its one.
 * @param {{preset: Preset, threshold: number}} settings @param {Pick<ModelFacts, "policy">} facts
 */
export function thresholdOf({ preset, threshold }, { policy }) {
    if (preset === "own") return threshold;
    return policy.settings?.[preset] ?? policy.threshold;
}
