import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { WORDS_PARTS, loadWords } from "../../i18n/messages.js";
import * as state from "../state.js";
import { createTexts } from "./texts.js";

for (const part of WORDS_PARTS) await loadWords("en", part);

/** What was written, and under which step. @type {{text: string | null, step: string}[]} */
const written = [];
const context = /** @type {any} */ ({
    session: { setTexts() {} },
    library: {
        async call(/** @type {string} */ name, /** @type {any} */ params) {
            if (name === "texts") return [];
            for (const { text } of params.changes) written.push({ text, step: params.step });
            return null;
        },
    },
});
const { setText } = createTexts(
    context,
    /** @type {any} */ ({ handle() {}, rememberStep: (/** @type {string} */ key) => key }),
);

beforeEach(() => void (written.length = 0));

/** @param {{text: string, source: "person" | "provider"}[]} texts titles of picture 1 */
function shown(...texts) {
    state.details.value = /** @type {any} */ ({ id: 1, texts: texts.map((one) => ({ field: "title", ...one })) });
}

test("an empty text where there is none is no text, and no step", () => {
    shown();
    setText(1, "title", "  ");
    assert.deepEqual(written, []);
});

test("a text that is emptied is gone, where nobody else says one", () => {
    shown({ text: "My cat", source: "person" });
    setText(1, "title", "");
    assert.deepEqual(written, [{ text: null, step: "did_text_take" }]);
});

test("a provider's text that is emptied stays refused", () => {
    shown({ text: "A cat", source: "provider" });
    setText(1, "title", " ");
    assert.deepEqual(written, [{ text: "", step: "did_text_take" }]);
    shown({ text: "", source: "person" }, { text: "A cat", source: "provider" });
    setText(1, "title", "");
    assert.equal(written.length, 1, "it is already");
});
