import assert from "node:assert/strict";
import { test } from "node:test";
import { byServiceClock, clocksApart } from "./clocks.js";

/** @import { ProviderFailure } from "../../wasm/src/types.d.ts" */

const NOON = Date.UTC(2026, 10, 29, 12);
const HOUR = 3_600_000;

/** @param {string} code @returns {ProviderFailure} */
const failure = (code) => ({ code, detail: "It is over.", retry: "never", billed: "no" });

test("clocks differ from an hour on, in either direction, and only where somebody says the time", () => {
    assert.equal(clocksApart(NOON, NOON + HOUR - 1, "the host’s"), null);
    assert.equal(
        clocksApart(NOON, NOON + HOUR, "the host’s"),
        "The clock of this device is 60 minutes ahead of the host’s.",
    );
    assert.equal(
        clocksApart(NOON, NOON - 2 * HOUR, "the host’s"),
        "The clock of this device is 120 minutes behind the host’s.",
    );
    assert.equal(clocksApart(null, NOON, "the host’s"), null);
    assert.equal(clocksApart(Number.NaN, NOON, "the host’s"), null);
});

test("a credential that is over by another clock is told from one that is", () => {
    const date = new Date(NOON).toUTCString();
    /** @param {string} code @param {[string, string][]} headers @param {number} now */
    const codeOf = (code, headers, now) => byServiceClock(failure(code), headers, now).code;
    assert.equal(codeOf("provider_key_expired", [["date", date]], NOON + HOUR), "provider_clock_wrong");
    assert.equal(codeOf("provider_key_expired", [["Date", date]], NOON + HOUR - 1), "provider_key_expired");
    assert.equal(codeOf("provider_key_expired", [], NOON + HOUR), "provider_key_expired");
    assert.equal(codeOf("provider_key_expired", [["date", "soon"]], NOON), "provider_key_expired");
    assert.equal(codeOf("provider_key_wrong", [["date", date]], NOON + HOUR), "provider_key_wrong");
    assert.match(byServiceClock(failure("provider_key_expired"), [["date", date]], 0).detail, /It is over\.$/);
});
