/**
 * Clocks that differ: what this device takes for the time, and what a server says that it is. A certificate or a credential that holds seems to be
 * over by then, and a browser tells nobody why. Whose clock is wrong, two clocks do not say.
 * @import { ProviderFailure } from "../../wasm/src/types.d.ts"
 */

/** By so much a clock may be wrong without a certificate being refused for it, or nearly. */
const MOST_MS = 3_600_000;

/**
 * How far a server's clock is from this one, in words; null where it is not far, or nobody says.
 * @param {number | null} thereMs by the server @param {number} nowMs by this device @param {string} whose
 * @returns {string | null}
 */
export function clocksApart(thereMs, nowMs, whose) {
    if (thereMs === null || Number.isNaN(thereMs) || Math.abs(nowMs - thereMs) < MOST_MS) return null;
    const minutes = Math.round((nowMs - thereMs) / 60_000);
    return `The clock of this device is ${Math.abs(minutes)} minutes ${minutes > 0 ? "ahead of" : "behind"} ${whose}.`;
}

/**
 * What a credential is that is said to be over, if the service's clock is another one. Most services let no page read theirs.
 * @param {ProviderFailure} failure @param {readonly [string, string][]} headers of the answer @param {number} nowMs @returns {ProviderFailure}
 */
export function byServiceClock(failure, headers, nowMs) {
    if (failure.code !== "provider_key_expired") return failure;
    const date = headers.find(([name]) => name.toLowerCase() === "date")?.[1];
    const apart = clocksApart(date === undefined ? null : Date.parse(date), nowMs, "the service’s");
    return apart ? { ...failure, code: "provider_clock_wrong", detail: `${apart} ${failure.detail}` } : failure;
}
