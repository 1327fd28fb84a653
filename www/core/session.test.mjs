import assert from "node:assert/strict";
import test from "node:test";
import { SessionClient } from "./session.js";
import { CodedError } from "./protocol.js";
import { RelaunchLimit } from "./relaunch.js";

const CSV = {
    name: /** @type {const} */ ("csv"),
    extension: "csv",
    media_type: "text/csv",
    ending: null,
    replaces_extension: false,
    always_stem: [],
};
/** The smallest module there is. */
const MODULE = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
const tick = () => new Promise((resolve) => setTimeout(resolve, 0));
/** @param {number} threshold */
const policy = (threshold) => ({ threshold, max_tags: 8, allow: [], deny: [], language: "en" });
/** @param {number} id */
const added = (id) => ({ id, path: `${id}.jpg`, modified_ms: 0 });
const HIDDEN = { tag: { id: "cat", name: "cat" }, action: { kind: /** @type {const} */ ("hide") } };
/** @param {number} id */
const put = (id) => ({ id, tagging: /** @type {any} */ ({}) });

/**
 * A link whose worker is played by the test. `kept`: the ids of what is kept, in the parts that it is filled in with; `tagged`: of those
 * with tags. `fillings` are what the worker was sent.
 * @param {{max?: number, loadExports?: () => Promise<WebAssembly.Module>}} [options]
 */
async function makeLink({ max = 5, loadExports = async () => MODULE } = {}) {
    /** @type {{update: any, answer: () => void, crash: () => void}[]} */
    const updates = [];
    /** @type {string[]} */
    const events = [];
    /** @type {{ids: number[], answer: () => void, crash: () => void}[]} */
    const fillings = [];
    const kept = {
        parts: /** @type {number[][]} */ ([]),
        tagged: new Set(/** @type {number[]} */ ([])),
        /** @type {(hasOthers: (id: number) => boolean) => void} */
        ask: () => {},
    };
    const session = new SessionClient({
        kept: {
            ids: () => kept.parts.flat(),
            async *fillings(ids, hasOthers) {
                kept.ask(hasOthers);
                for (const part of kept.parts) {
                    const adds = ids.filter((id) => part.includes(id)).map(added);
                    if (adds.length > 0) yield { tags: null, adds, fails: [], corrections: [], taggings: null };
                }
            },
            isHere: () => true,
            hasTags: (id) => kept.tagged.has(id),
        },
        relaunch: new RelaunchLimit({ max }),
        loadExports,
        start: async (onCrash) => {
            const client = {
                isGone: false,
                stop() {},
                /** @param {string} name @param {any} params */
                call: (name, params) =>
                    new Promise((resolve, reject) => {
                        if (name === "tags")
                            return resolve(params.ids.map((/** @type {number} */ id) => [{ id: `of ${id}` }]));
                        if (name === "report") return resolve(new Blob([params.ids.join()]));
                        const crash = () => {
                            const error = new CodedError("worker_crashed", "boom");
                            client.isGone = true;
                            reject(error);
                            onCrash(error);
                        };
                        if (name === "fill") {
                            const ids = params.adds.map((/** @type {{id: number}} */ { id }) => id);
                            return fillings.push({ ids, answer: () => resolve(null), crash });
                        }
                        updates.push({
                            update: params,
                            answer: () => resolve({ tags: [], details: null, counted: null }),
                            crash,
                        });
                    }),
            };
            return /** @type {any} */ ({ client, ready: {} });
        },
        onSnapshot: () => {},
        onOff: (error) => events.push(error.code),
        onFailed: (error) => events.push(String(error)),
    });
    await session.start();
    const next = async () => {
        while (updates.length === 0) await tick();
        return /** @type {(typeof updates)[0]} */ (updates.shift());
    };
    (await next()).answer();
    await tick();
    const nextFilling = async () => {
        while (fillings.length === 0) await tick();
        return /** @type {(typeof fillings)[0]} */ (fillings.shift());
    };
    return { session, updates, next, nextFilling, fillings, kept, events };
}

test("only looking elsewhere counts nothing anew, and what is new is counted once", async () => {
    const { session, next } = await makeLink();
    /** @param {() => void} act */
    const isChanged = async (act) => {
        act();
        const { update, answer } = await next();
        answer();
        await tick();
        return update.isChanged;
    };
    assert.equal(await isChanged(() => session.watch([1, 2], null)), false);
    assert.equal(
        await isChanged(() => {
            session.find({ words: "", filters: [{ kind: "untagged" }], without: [], sort: "added" });
            session.watch([1], null);
        }),
        true,
    );
    assert.equal(await isChanged(() => session.watch([2], 2)), false);
    assert.equal(await isChanged(() => session.apply(policy(0.5))), true);
    assert.equal(await isChanged(() => session.correct(1, { own: [], rejected: [] })), true);
});

test("at most one update is under way and the newest policy wins", async () => {
    const { session, updates, next } = await makeLink();
    for (const threshold of [0.1, 0.2, 0.3]) session.apply(policy(threshold));
    const first = await next();
    assert.equal(first.update.policy.threshold, 0.3);
    for (const threshold of [0.4, 0.5]) session.apply(policy(threshold));
    await tick();
    assert.equal(updates.length, 0);
    first.answer();
    assert.equal((await next()).update.policy.threshold, 0.5);
});

test("a policy is sent once, and what is recorded goes with the next update", async () => {
    const { session, next } = await makeLink();
    session.apply(policy(0.4));
    (await next()).answer();
    await tick();
    session.record(put(1));
    session.record({ id: 2, code: "picture_empty", detail: "" });
    const { update } = await next();
    assert.equal(update.policy, null);
    assert.deepEqual([update.puts.length, update.fails.length], [1, 1]);
});

test("tags are asked for only where there may be some: of a result, or a person's", async () => {
    const { session, next, kept } = await makeLink();
    session.add([added(1), added(2), added(3)]);
    session.correct(3, { own: [{ id: "own:sea", name: "sea" }], rejected: [] });
    session.record(put(2));
    kept.tagged = new Set([2, 3]);
    session.watch([1, 2, 3, 4], null);
    assert.deepEqual((await next()).update.ids, [2, 3]);
});

test("tags are asked for also where only a provider has found some, before and after a crash", async () => {
    const { session, next, kept } = await makeLink();
    session.putProvider(2, { provider: "google", has_confidence: true, run: 7, tags: [] });
    session.watch([1, 2], null);
    const { update, crash } = await next();
    assert.deepEqual(update.ids, [2]);
    const asked = /** @type {boolean[]} */ ([]);
    kept.ask = (hasOthers) => asked.push(hasOthers(1), hasOthers(2));
    kept.parts = [[1, 2]];
    crash();
    await tick();
    await tick();
    assert.deepEqual(asked, [false, true]);
});

test("a crashed session gets everything that is kept, with policy and rules, and not twice what was not sent", async () => {
    const { session, next, nextFilling, kept } = await makeLink();
    session.apply(policy(0.7));
    session.rule([HIDDEN]);
    session.add([added(1), added(2), added(3)]);
    session.record(put(1));
    (await next()).answer();
    await tick();
    session.remove(2);
    const last = await next();
    kept.parts = [[1, 3]];
    session.record(put(3));
    last.crash();
    assert.deepEqual((await nextFilling()).ids, [1, 3]);
    const { update } = await next();
    assert.deepEqual([update.adds, update.puts, update.removes], [[], [], []]);
    assert.deepEqual(update.rules, [HIDDEN]);
    assert.equal(update.policy.threshold, 0.7);
});

test("what is on screen is filled in first, and nothing is asked or said of a picture before its turn", async () => {
    const { session, next, nextFilling, kept } = await makeLink();
    kept.parts = [
        [3, 4],
        [1, 2],
    ];
    kept.tagged = new Set([1, 2, 3, 4]);
    session.watch([3, 1], 1);
    (await next()).answer();
    await tick();
    const refilled = session.refill([1, 2, 3, 4]);
    const first = await nextFilling();
    assert.deepEqual(first.ids, [3, 4]);
    session.record(put(1));
    const before = await next();
    assert.deepEqual([before.update.ids, before.update.opened, before.update.puts], [[], null, []]);
    before.answer();
    first.answer();
    const between = await next();
    assert.deepEqual([between.update.ids, between.update.opened, between.update.puts], [[3], null, []]);
    between.answer();
    (await nextFilling()).answer();
    const after = await next();
    assert.deepEqual([after.update.ids, after.update.opened], [[3, 1], 1]);
    assert.deepEqual(
        after.update.puts.map((/** @type {{id: number}} */ { id }) => id),
        [1],
        "the newer result comes after what is kept",
    );
    after.answer();
    await refilled;
});

test("what providers found and texts go along in one update, after what is kept of their pictures", async () => {
    const { session, next, nextFilling, kept } = await makeLink();
    const found = { provider: "google", has_confidence: true, run: 7, tags: [] };
    const text = { field: /** @type {const} */ ("title"), text: "A cat", source: /** @type {const} */ ("person") };
    kept.parts = [[1]];
    void session.refill([1]);
    const filling = await nextFilling();
    session.putProvider(1, found);
    session.putProvider(2, found);
    session.putProvider(2, { ...found, run: 8 });
    session.setTexts(1, [text]);
    session.setTexts(2, []);
    session.setTexts(2, [text]);
    const before = await next();
    const sent = (/** @type {any} */ update) => [
        update.provider_puts.map((/** @type {any} */ one) => [one.id, one.found.run]),
        update.texts.map((/** @type {any} */ one) => [one.id, one.texts.length]),
    ];
    assert.deepEqual(sent(before.update), [
        [
            [2, 7],
            [2, 8],
        ],
        [[2, 1]],
    ]);
    before.answer();
    filling.answer();
    const after = await next();
    assert.deepEqual(sent(after.update), [[[1, 7]], [[1, 1]]]);
    after.answer();
    session.putProvider(3, found);
    session.remove(3);
    const last = await next();
    assert.deepEqual([sent(last.update), last.update.removes], [[[], []], [3]]);
    last.answer();
});

test("an export waits until everything that is kept is filled in", async () => {
    const { session, next, nextFilling, kept } = await makeLink();
    kept.parts = [[1]];
    void session.refill([1]);
    const filling = await nextFilling();
    let isThere = false;
    const report = session.report(CSV, [1]).then(() => void (isThere = true));
    await tick();
    assert.equal(isThere, false);
    filling.answer();
    while (!isThere) {
        (await next()).answer();
        await tick();
    }
    await report;
});

test("an export waits for everything recorded before it", async () => {
    const { session, next } = await makeLink();
    session.record(put(1));
    let isThere = false;
    const report = session.report(CSV, [1]).then((blob) => {
        isThere = true;
        return blob.text();
    });
    const update = await next();
    await tick();
    assert.equal(isThere, false);
    update.answer();
    assert.equal(await report, "1");
});

test("the module that writes files is fetched with the first export, and again only where that failed", async () => {
    let nFetched = 0;
    const { session } = await makeLink({
        loadExports: async () => {
            nFetched++;
            if (nFetched === 1) throw new CodedError("engine_unreachable", "exports.wasm could not be fetched.");
            return MODULE;
        },
    });
    assert.equal(nFetched, 0);
    await assert.rejects(session.report(CSV, [1]), { code: "engine_unreachable" });
    await session.report(CSV, [1]);
    await session.report(CSV, [1, 2]);
    assert.equal(nFetched, 2);
});

test("past the relaunch limit an export says that the model is off", async () => {
    const { session, next, events } = await makeLink({ max: 0 });
    session.record(put(1));
    (await next()).crash();
    await tick();
    assert.deepEqual(events, ["local_model_off"]);
    await assert.rejects(session.report(CSV, [1]), { code: "local_model_off" });
});

test("the tags of any pictures come in chunks, under everything that was said before", async () => {
    const { session, updates, next } = await makeLink();
    session.correct(1, { own: [], rejected: [] });
    const underWay = await next();
    session.correct(2, { own: [], rejected: [] });
    const ids = Array.from({ length: 600 }, (_, id) => id);
    /** @type {string[]} */
    const found = [];
    const asking = (async () => {
        for await (const { id, tags } of session.tagsOf(ids)) found.push(`${id} ${tags.map((tag) => tag.id)}`);
    })();
    await tick();
    assert.deepEqual(found, [], "the second is not with the worker yet");
    underWay.answer();
    await asking;
    assert.deepEqual(
        updates[0]?.update.corrections.map((/** @type {any} */ { id }) => id),
        [2],
    );
    assert.deepEqual(
        found,
        ids.map((id) => `${id} of ${id}`),
    );
});
