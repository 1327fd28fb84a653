/**
 * When something is asked again that went wrong: as the service says, or else later each time, and never at the same moment as all others.
 *
 * What the core says of a failure. `after_ms`: not sooner. @typedef {"never" | "backoff" | {after_ms: number}} Retry
 * `firstMs`: about the first wait, doubled with each try; `mostMs`: the longest that is waited by itself; `tries`: of one picture in all.
 * @typedef {{firstMs: number, mostMs: number, tries: number}} RetryLimits
 */

/** @type {RetryLimits} */
export const RETRY_LIMITS = Object.freeze({ firstMs: 1_000, mostMs: 120_000, tries: 6 });

/**
 * How long to wait before the next try; null where there is none: the failure is final, there were enough, or nobody waits that long.
 * @param {Retry} retry @param {number} nTries how often it was tried @param {() => number} random in [0, 1) @param {RetryLimits} [limits]
 * @returns {number | null} milliseconds
 */
export function waitBefore(retry, nTries, random, { firstMs, mostMs, tries } = RETRY_LIMITS) {
    if (retry === "never" || nTries >= tries) return null;
    const doubled = Math.min(firstMs * 2 ** (nTries - 1), mostMs);
    if (retry === "backoff") return Math.round(doubled * (0.5 + random() / 2));
    if (!Number.isFinite(retry.after_ms) || retry.after_ms > mostMs) return null;
    // What the service says is the least: who comes exactly then comes with all others, and a second refusal means more time.
    const grown = nTries > 1 ? doubled / 2 : 0;
    return Math.round(Math.max(0, retry.after_ms) + (grown + firstMs) * random());
}
