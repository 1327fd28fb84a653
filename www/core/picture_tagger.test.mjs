/** The tagger of other shells, with workers that the test plays. What the real ones say: tests/web/shells. */
import assert from "node:assert/strict";
import test from "node:test";
import { PictureTagger } from "./picture_tagger.js";
import { CodedError } from "./protocol.js";

const EMPTY_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
const FACTS = { policy: { threshold: 0.25, max_tags: 7, parents: 2 }, has_second_look: true };
const TAGGING = { sha256: "abc", tags: [1] };
const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

/** @typedef {{seq: number, name: string, params: any, answer: (said: object) => void}} Call */

/**
 * Workers that answer at once, unless `answers` has something else for a call. `calls`: all that were asked.
 * @param {Record<string, (call: Call) => void>} [answers] @param {Partial<import("./picture_tagger.js").PictureTaggerOptions> & {failing?: string}} [options]
 */
function stage(answers = {}, { failing, ...options } = {}) {
    /** @type {Call[]} */
    const calls = [];
    /** @type {any[]} */
    const workers = [];
    const usual = {
        start_tagger: { ms: 0, facts: FACTS },
        start_objects: null,
        start_session: {},
        tag: { ...TAGGING, thumbnail: new Blob(), embedding: {} },
        look_again: { ...TAGGING, tags: [1, 2] },
    };
    const startWorker = async (/** @type {string} */ role) => {
        const worker = {
            role,
            isEnded: false,
            onmessage: (/** @type {{data: object}} */ _) => {},
            onerror: (/** @type {{message: string}} */ _) => {},
            terminate: () => void (worker.isEnded = true),
            postMessage: async (/** @type {Call} */ { seq, name, params }) => {
                await tick();
                const answer = (/** @type {object} */ said) =>
                    worker.onmessage?.({ data: { seq, ...said, memory: 0 } });
                const call = { seq, name, params, answer, worker };
                calls.push(call);
                if (name === "live") return;
                if (answers[name]) return answers[name](call);
                const { path, policy, tagging } = params;
                const report_of = { path, policy, tags: tagging?.tags };
                answer({ ok: /** @type {any} */ ({ ...usual, report_of })[name] });
            },
        };
        workers.push(worker);
        return /** @type {any} */ (worker);
    };
    const url = (/** @type {string} */ name) => new URL(`http://tagsmith.test/${name}`);
    const get = async (/** @type {URL} */ { pathname }) => {
        if (failing && pathname.endsWith(failing)) throw new CodedError("engine_unreachable", `${failing} is gone.`);
        return new Response(pathname.endsWith(".wasm") ? EMPTY_MODULE : "{}");
    };
    const create = () =>
        PictureTagger.create({
            files: {
                engine: { simd128: url("engine.wasm"), relaxed: url("engine.wasm") },
                ...{ session: url("session.wasm"), exports: url("exports.wasm") },
                ...{ card: url("model.json"), vocabulary: url("vocabulary.json"), model: url("model.onnx") },
                companions: {},
                objects: { "../detector/model.onnx": url("objects.onnx") },
            },
            variant: "simd128",
            startWorker,
            get,
            ...options,
        });
    return { create, calls, workers };
}

/** @param {string} code */
const coded = (code) => (/** @type {unknown} */ error) => error instanceof CodedError && error.code === code;

test("a picture gets both looks, no thumbnail, and the report under the card's policy and what is said besides", async () => {
    const { create, calls } = stage({}, { policy: { language: "sv", max_tags: 3 } });
    const tagger = await create();
    const report = /** @type {any} */ (await tagger.tag(new File(["x"], "dog.jpg"), { policy: { threshold: 0.5 } }));
    assert.equal(report.path, "dog.jpg");
    assert.deepEqual(report.tags, [1, 2]);
    assert.deepEqual(report.policy, { threshold: 0.5, max_tags: 3, allow: [], deny: [], language: "sv" });
    assert.equal(calls.find(({ name }) => name === "tag")?.params.has_thumbnail, false);
    const given = calls.find(({ name }) => name === "look_again")?.params.first;
    assert.deepEqual(given, TAGGING, "the first look alone, without what is of no use");
    tagger.close();
});

test("without objects there is one look, and a picture without a name has that of standard input", async () => {
    for (const [options, choices] of /** @type {const} */ ([
        [{}, { objects: false }],
        [{ hasObjects: false }, {}],
    ])) {
        const { create, calls } = stage({}, options);
        const tagger = await create();
        const report = await tagger.tag(new Blob(["x"]), choices);
        assert.equal(report.path, "-");
        assert.ok(!calls.some(({ name }) => name === "look_again"));
        tagger.close();
    }
});

test("what cannot start rejects with its code, and leaves no worker behind", async () => {
    const refuse = (/** @type {Call} */ { answer }) => answer({ error: { code: "model_invalid", detail: "No." } });
    for (const [staged, code] of /** @type {const} */ ([
        [stage({ start_tagger: refuse }), "model_invalid"],
        [stage({ start_session: refuse }), "model_invalid"],
        [stage({}, { failing: "model.onnx" }), "engine_unreachable"],
    ])) {
        await assert.rejects(staged.create(), coded(code));
        const isOver = () => staged.workers.every(({ isEnded }) => isEnded);
        for (let n = 0; n < 50 && !isOver(); n++) await tick(); // one that starts is ended when it has
        assert.ok(isOver());
    }
});

test("what is wrong with a picture, or with the policy, is an error with its code", async () => {
    for (const name of ["tag", "look_again", "report_of"]) {
        const refuse = (/** @type {Call} */ { answer }) =>
            answer({ error: { code: "picture_damaged", detail: "No." } });
        const tagger = await stage({ [name]: refuse }).create();
        await assert.rejects(tagger.tag(new Blob(["x"])), coded("picture_damaged"));
        tagger.close();
    }
});

test("an aborted signal rejects with its reason at once, and what waits is never started", async () => {
    /** @type {Call[]} */
    const held = [];
    const { create, calls } = stage({ tag: (call) => void held.push(call) });
    const tagger = await create();
    const first = tagger.tag(new File(["1"], "1"), { objects: false });
    const controller = new AbortController();
    const second = tagger.tag(new File(["2"], "2"), { signal: controller.signal });
    const third = tagger.tag(new File(["3"], "3"), { objects: false });
    controller.abort();
    await assert.rejects(second, { name: "AbortError" });
    await assert.rejects(tagger.tag(new Blob(), { signal: controller.signal }), { name: "AbortError" });
    for (let n = 0; n < 2; n++) {
        while (!held[n]) await tick();
        held[n]?.answer({ ok: { ...TAGGING, thumbnail: new Blob() } });
    }
    await Promise.all([first, third]);
    const asked = calls.filter(({ name }) => name === "tag").map(({ params }) => params.file.name);
    assert.deepEqual(asked, ["1", "3"]);
    tagger.close();
});

test("of many pictures one that fails is told of in its place, and an abort ends them all", async () => {
    const { create } = stage({
        tag: ({ params, answer }) =>
            answer(
                params.file.name === "bad"
                    ? { error: { code: "picture_damaged", detail: "No." } }
                    : { ok: { ...TAGGING, thumbnail: new Blob() } },
            ),
    });
    const tagger = await create();
    const files = ["a", "bad", "b", "c"].map((name) => new File([name], name));
    const said = [];
    for await (const found of tagger.tagAll(files))
        said.push("error" in found ? found.error.code : `${found.input.name} ${found.report.path}`);
    assert.deepEqual(said, ["a a", "picture_damaged", "b b", "c c"]);
    const controller = new AbortController();
    await assert.rejects(
        async () => {
            for await (const _ of tagger.tagAll(files, { signal: controller.signal })) controller.abort();
        },
        { name: "AbortError" },
    );
    tagger.close();
});

test("a detector that cannot be had fails those who want objects, and is tried again by the next", async () => {
    const options = { failing: "objects.onnx" };
    const { create } = stage({}, options);
    const tagger = await create();
    const both = [tagger.tag(new Blob(["1"])), tagger.tag(new Blob(["2"]))];
    for (const one of both) await assert.rejects(one, coded("objects_unreachable"));
    assert.deepEqual((await tagger.tag(new Blob(["3"]), { objects: false })).tags, [1]);
    await assert.rejects(tagger.tag(new Blob(["4"])), coded("objects_unreachable"));
    tagger.close();
});

test("a session that ends is started anew and asked again", async () => {
    let nDeaths = 0;
    const { create, workers, calls } = stage({
        report_of: ({ answer, params }) => {
            if (nDeaths++ === 0)
                workers.find(({ role, isEnded }) => role === "session" && !isEnded).onerror({ message: "" });
            else answer({ ok: params });
        },
    });
    const tagger = await create();
    assert.equal((await tagger.tag(new File(["x"], "x"))).path, "x");
    assert.equal(calls.filter(({ name }) => name === "start_session").length, 2);
    tagger.close();
});

test("workers that all end are no wait without end: whoever waits hears it", async () => {
    const { create, workers } = stage({
        tag: () => workers.find(({ role, isEnded }) => role === "tagger" && !isEnded).onerror({ message: "boom" }),
    });
    const tagger = await create();
    const all = Array.from({ length: 12 }, (_, idx) => tagger.tag(new File(["x"], String(idx))));
    const codes = (await Promise.allSettled(all)).map((one) => "reason" in one && one.reason.code);
    assert.ok(
        codes.every((code) => code === "worker_crashed" || code === "local_model_off"),
        codes.join(),
    );
    assert.ok(codes.includes("local_model_off"));
    await assert.rejects(tagger.tag(new Blob()), coded("local_model_off"));
    tagger.close();
});

test("a closed tagger ends its workers, aborts what waits and takes nothing more", async () => {
    const { create, workers } = stage({ tag: () => {} });
    const tagger = await create();
    const waiting = [tagger.tag(new Blob(["1"])), tagger.tag(new Blob(["2"]))];
    await tick();
    tagger.close();
    for (const one of waiting) await assert.rejects(one, { name: "AbortError" });
    await assert.rejects(tagger.tag(new Blob()), coded("local_model_off"));
    assert.ok(workers.every(({ isEnded }) => isEnded));
});
