import assert from "node:assert/strict";
import test from "node:test";
import * as state from "../state.js";
import { wordsFailure, wordsHealth, wordsImport, wordsReport } from "../words_state.js";
import { createSnapshot } from "./snapshot.js";
import { standInContext, until } from "./stand_in.mjs";
import { createStrictWords } from "./strict_words.js";
import { createUndo } from "./undo.js";
import { createWords } from "./words.js";

const WORDS = { schema: 1, title: "Zoo", words: [{ id: "own:katt", name: "Katt" }] };
const SOFA = { id: "own:sofa", name: "Sofa" };

/** The list, which a test changes behind what the types know. */
const kept = () => /** @type {import("./strict_words.js").KeptWords | null} */ (state.strictWords.value);

async function make() {
    /** What a file or a person's text is read as: its lines. @param {any} asked @returns {Promise<any>} */
    const read = async ({ file, name }) => {
        const names = (await file.text()).split("\n");
        if (names[0] === "bad") throw Object.assign(new Error("bad"), { code: "words_invalid", detail: "It is bad." });
        const words = names.map((/** @type {string} */ one) => ({ id: `own:${one.toLowerCase()}`, name: one }));
        return { format: "text", words: { schema: 1, title: name, words }, n_left_out: 0, left_out: [] };
    };
    const { context, sent, storeCalls } = await standInContext({
        read_words: read,
        near_words({ words, names }) {
            if (words.includes("own:twice"))
                throw Object.assign(new Error("twice"), { code: "words_invalid", detail: "It is there twice." });
            return { near: [], nearest: names.map(() => null) };
        },
        strict_report: () => ({
            mapped: [],
            suggestions: [{ tag: SOFA, pictures: 2 }],
            pictures: [1],
        }),
    });
    const history = createUndo(context.library);
    const strict = createStrictWords(context, createSnapshot(context), history);
    const saved = () => storeCalls.filter(({ params }) => params.settings && "strict_words" in params.settings);
    const words = createWords(context, strict);
    return {
        ...words,
        ...strict,
        ...history,
        context,
        saved,
        sent,
        inForce: () => sent.findLast((one) => "words" in one)?.words,
    };
}

test("a list that was read is used once somebody has seen it, kept with its step, and taken back with that", async () => {
    const { readWordsFile, useImport, undo, redo, saved, inForce } = await make();
    state.strictWords.value = null;
    await readWordsFile(new File(["Katt"], "Zoo"));
    assert.equal(wordsImport.value?.status, "asking");
    assert.equal(state.strictWords.value, null, "not before");
    await useImport();
    assert.deepEqual(state.strictWords.value, { is_on: true, words: WORDS });
    await until(() => inForce() === JSON.stringify(WORDS));
    undo();
    await until(() => inForce() === null);
    assert.equal(state.strictWords.value, null);
    redo();
    await until(() => inForce() === JSON.stringify(WORDS) && saved().length === 3);
    assert.deepEqual(
        saved().map(({ params }) => [
            params.settings.strict_words?.is_on ?? null,
            Boolean(params.step),
            Boolean(params.move),
        ]),
        [
            [true, true, false],
            [null, false, true],
            [true, false, true],
        ],
    );
});

test("what the library has is in force, and what is off or makes no sense is not", async () => {
    const { takeWords, restrictTags, inForce } = await make();
    state.strictWords.value = null;
    takeWords({ strict_words: { is_on: true, words: WORDS } });
    await until(() => inForce() === JSON.stringify(WORDS));
    restrictTags(false);
    await until(() => inForce() === null);
    for (const odd of [undefined, null, 7, { words: 7 }, { is_on: true }]) {
        takeWords({ strict_words: odd });
        assert.equal(state.strictWords.value, null);
    }
});

test("a suggestion becomes a word, shows as one, or is sent away; what cannot be read is said", async () => {
    const { openWords, leaveWords, takeWordIn, showAs, dropWordRule, typeWords, removeWords, takeWords } = await make();
    state.strictWords.value = null;
    takeWords({ strict_words: { is_on: true, words: WORDS } });
    openWords();
    await until(() => wordsReport.value !== null && wordsHealth.value !== null);
    showAs(SOFA, "own:katt");
    assert.deepEqual(kept()?.words.rules, [{ tag: SOFA, into: "own:katt" }]);
    showAs(SOFA, null);
    assert.deepEqual(kept()?.words.rules, [{ tag: SOFA, into: null }]);
    dropWordRule(SOFA);
    assert.equal(kept()?.words.rules, undefined);
    await takeWordIn(SOFA);
    assert.deepEqual(kept()?.words.words[1], { id: "own:sofa", name: "Sofa" });
    await takeWordIn({ id: "canape", name: "Sofa" });
    assert.deepEqual(kept()?.words.rules?.[0]?.into, "own:sofa", "a word that is there already");
    await typeWords("Hund\nKatt");
    assert.deepEqual(
        kept()?.words.words.map(({ name }) => name),
        ["Katt", "Sofa", "Hund"],
    );
    removeWords(["own:sofa"]);
    await until(() => kept()?.words.words.length === 2);
    await typeWords("bad");
    assert.equal(wordsFailure.value?.code, "words_invalid");
    leaveWords();
});

test("a list that cannot be is not used, whichever way it comes, and the one before stays", async () => {
    const { readWordsFile, useImport, takeWordIn, typeWords, takeWords, saved } = await make();
    const before = { is_on: true, words: WORDS };
    state.strictWords.value = null;
    takeWords({ strict_words: before });
    const ways = [
        () => typeWords("Twice"),
        () => takeWordIn({ id: "own:twice", name: "Twice" }),
        async () => {
            await readWordsFile(new File(["Twice"], "Zoo"));
            await useImport();
        },
    ];
    for (const way of ways) {
        wordsFailure.value = null;
        await way();
        assert.deepEqual([wordsFailure.peek()?.code, kept(), saved().length], ["words_invalid", before, 0]);
    }
});

test("a word that is typed for a suggestion is one of the list, or it is said that it is none", async () => {
    const { showAsTyped, takeWords } = await make();
    const [katt] = WORDS.words;
    const words = {
        ...WORDS,
        words: [
            { ...katt, aliases: ["Cat"] },
            { id: "own:djur", name: "Djur", heading: true },
        ],
    };
    state.strictWords.value = wordsFailure.value = null;
    takeWords({ strict_words: { is_on: true, words } });
    for (const none of ["Mouse", "djur"]) {
        showAsTyped(SOFA, none);
        assert.deepEqual(
            [wordsFailure.peek(), kept()?.words.rules],
            [{ code: "tag_outside", detail: none }, undefined],
        );
    }
    showAsTyped(SOFA, " cat ");
    assert.deepEqual([wordsFailure.peek(), kept()?.words.rules], [null, [{ tag: SOFA, into: "own:katt" }]]);
});
