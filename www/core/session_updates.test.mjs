import assert from "node:assert/strict";
import test from "node:test";
import { updateSession } from "./session_updates.js";

test("of a list of words that cannot be nothing is in force, and the one before stays", () => {
    /** @type {(string | null)[]} */
    const inForce = [];
    const session = {
        setStrictWords(/** @type {string | null} */ words) {
            if (words === "bad") throw Object.assign(new Error("bad"), { code: "words_invalid", detail: "It is bad." });
            inForce.push(words);
        },
        tags: () => [],
    };
    const none = {
        adds: [],
        removes: [],
        puts: [],
        fails: [],
        provider_puts: [],
        head_puts: [],
        texts: [],
        corrections: [],
        ids: [],
        opened: null,
    };
    const said = ["good", "bad"].map((words) =>
        updateSession(/** @type {any} */ (session), /** @type {any} */ ({ ...none, words })),
    );
    assert.deepEqual(inForce, ["good"]);
    assert.deepEqual(
        said.map(({ wordsFailure }) => wordsFailure?.code),
        [undefined, "words_invalid"],
    );
});
