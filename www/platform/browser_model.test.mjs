import assert from "node:assert/strict";
import test from "node:test";
import { findBrowserModel } from "./browser_model.js";

/** A stand-in of the documented shape; it proves nothing of a real model. @param {string} state @param {(messages: any, how: any) => Promise<string>} reply */
function standIn(state, reply) {
    /** @type {{wanted: any[], open: number, destroyed: number}} */
    const seen = { wanted: [], open: 0, destroyed: 0 };
    const session = () => {
        seen.open++;
        return {
            clone: async () => session(),
            prompt: reply,
            destroy: () => void seen.destroyed++,
        };
    };
    const LanguageModel = {
        async availability(/** @type {any} */ wanted) {
            seen.wanted.push(wanted);
            return state;
        },
        async create(/** @type {any} */ { monitor, ...wanted }) {
            seen.wanted.push(wanted);
            const target = new EventTarget();
            monitor(target);
            for (const loaded of [0, 0.5, 1])
                target.dispatchEvent(Object.assign(new Event("downloadprogress"), { loaded }));
            return session();
        },
    };
    return { seen, LanguageModel: /** @type {any} */ (LanguageModel) };
}

test("a browser without a model of its own has none", () => {
    assert.equal(findBrowserModel({}), null);
});

test("it is asked about pictures and English questions, and tells whether it has to be downloaded first", async () => {
    for (const [said, meant] of [
        ["available", "available"],
        ["downloadable", "downloadable"],
        ["something new", "unavailable"],
    ]) {
        const { seen, LanguageModel } = standIn(String(said), async () => "");
        assert.equal(await findBrowserModel({ LanguageModel })?.availability("ja"), meant);
        assert.deepEqual(seen.wanted[0].expectedInputs, [{ type: "image" }, { type: "text", languages: ["en"] }]);
        assert.deepEqual(seen.wanted[0].expectedOutputs, [{ type: "text", languages: ["ja"] }]);
    }
});

test("each picture is asked about in a session of its own, which is closed also where the reply fails", async () => {
    const asked = /** @type {any[]} */ ([]);
    const { seen, LanguageModel } = standIn("available", async (messages, how) => {
        asked.push([messages, how.responseConstraint]);
        if (asked.length > 1) throw new Error("filtered");
        return '{"tags":["cat"]}';
    });
    const shares = /** @type {number[]} */ ([]);
    const model = await findBrowserModel({ LanguageModel })?.open({
        language: "en",
        onProgress: (share) => void shares.push(share),
    });
    const picture = new Blob(["jpeg"]);
    assert.equal(await model?.ask(picture, "What is it?", { type: "object" }), '{"tags":["cat"]}');
    await assert.rejects(async () => model?.ask(picture, "And now?", {}), /filtered/);
    assert.deepEqual(shares, [0, 0.5, 1]);
    assert.deepEqual(asked[0], [
        [
            {
                role: "user",
                content: [
                    { type: "text", value: "What is it?" },
                    { type: "image", value: picture },
                ],
            },
        ],
        { type: "object" },
    ]);
    assert.deepEqual([seen.open, seen.destroyed], [3, 2]);
    model?.close();
    assert.equal(seen.destroyed, 3);
});
