import assert from "node:assert/strict";
import { test } from "node:test";
import { courseOfPicture, courseOfRequest } from "./outcomes.js";

/** @import { ProviderFailure } from "../../core/engine_api.d.ts" */

/** @param {ProviderFailure["billed"]} billed @param {string} [code] @returns {ProviderFailure} */
const failure = (billed, code = "provider_unavailable") => ({ code, detail: "", retry: "backoff", billed });

test("what may have been billed is not asked again by itself, however soon that could help", () => {
    const ways = /** @type {const} */ ([
        ["no", true, "again"],
        ["maybe", true, "fail"],
        ["yes", true, "fail"],
        ["maybe", false, "again"],
    ]);
    for (const [billed, isBilled, wanted] of ways) {
        const how = { isBilled, wait: 1000 };
        assert.equal(courseOfRequest(failure(billed), { ...how, nPictures: 1 }), wanted, billed);
        assert.equal(courseOfPicture(failure(billed), how), wanted, billed);
    }
});

test("what no wait helps ends the picture, or the job where it holds for all", () => {
    const how = { isBilled: true, nPictures: 1, wait: null };
    assert.equal(courseOfRequest(failure("no", "provider_answer_unreadable"), how), "fail");
    assert.equal(courseOfRequest(failure("no"), how), "stop");
    assert.equal(courseOfRequest(failure("no", "provider_key_wrong"), how), "stop");
    assert.equal(courseOfRequest(failure("no", "provider_picture_refused"), { ...how, nPictures: 4 }), "alone");
});
