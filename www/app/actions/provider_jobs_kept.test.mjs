/** What is kept of jobs when something goes wrong: answers that cannot be written, failures that may have been paid, workers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { jobs } from "../provider_state.js";
import { failure } from "../providers/world.mjs";
import { ANSWERED, SENT, begin, found, status, until } from "./provider_jobs_world.mjs";

test("a job that cannot be gone on with leaves no worker behind", async () => {
    const { actions, wanted, profile, store, workers } = await begin(() => ({ ...ANSWERED, results: [found("boat")] }));
    profile.enabled = false;
    await actions.startJob(await actions.planJob(wanted));
    profile.enabled = true;
    store.hooks["files"] = () => {
        throw Object.assign(new Error("damaged"), { code: "library_damaged" });
    };
    await actions.resumeJob(7);
    assert.equal(jobs.value[0]?.problem?.code, "library_damaged");
    assert.deepEqual(
        workers.map(({ isEnded }) => isEnded),
        workers.map(() => true),
    );
    delete store.hooks["files"];
    await actions.resumeJob(7);
    await until(() => status() === "ended");
});

test("what failed is asked about apart where it may have been paid, though its code is the same", async () => {
    const billed = ["no", "maybe", "yes"];
    const { actions, wanted } = await begin((_, nth) => ({
        ...{ ...SENT, status: 200, outcome: "answered", failure: null, n_billed: 0, n_maybe: 0 },
        results: [{ failure: failure("provider_picture_refused", { billed: /** @type {any} */ (billed[nth]) }) }],
    }));
    await actions.startJob(await actions.planJob(wanted));
    await until(() => status() === "ended");
    assert.deepEqual(
        jobs.value[0]?.failures.map(({ code, is_maybe_paid: isPaid, files: { length } }) => [code, isPaid, length]),
        [
            ["provider_picture_refused", true, 2],
            ["provider_picture_refused", false, 1],
        ],
    );
});

test("a job is not cancelled while an answer that was paid for cannot be written", async () => {
    const { actions, wanted, store, storeCalls } = await begin(() => ({ ...ANSWERED, results: [found("boat")] }), {
        n: 1,
    });
    store.hooks["end_request"] = () => {
        throw Object.assign(new Error("full"), { code: "store_failed" });
    };
    await actions.startJob(await actions.planJob(wanted));
    await until(() => status() === "paused");
    await actions.cancelJob(7);
    assert.deepEqual([status(), jobs.value[0]?.problem?.code], ["paused", "store_failed"]);
    assert.ok(!storeCalls.some(({ name }) => name === "end_job"));
    delete store.hooks["end_request"];
    await actions.cancelJob(7);
    assert.deepEqual([store.ended.length, jobs.value], [1, []]);
});

test("a picture with the content of another one of the job is not sent", async () => {
    /** @type {number[]} */
    const sent = [];
    const { actions, wanted, store, storeCalls } = await begin((pictures) => {
        sent.push(...pictures);
        return { ...ANSWERED, results: [found("boat")] };
    });
    store.hooks["know_content"] = ({ file }) => file === 2 && store.awaited().delete(2);
    await actions.startJob(await actions.planJob(wanted));
    await until(() => status() === "ended");
    assert.deepEqual(sent, [1, 3]);
    const known = storeCalls.filter(({ name }) => name === "know_content").map(({ params }) => params);
    assert.deepEqual(
        known.map(({ run, file, picture }) => [run, file, picture.sha256]),
        [1, 2, 3].map((file) => [7, file, "ab"]),
    );
});

test("an answer that cannot be written outlives a job that is looked up anew", async () => {
    const { actions, wanted, store, storeCalls } = await begin(() => ({ ...ANSWERED, results: [found("boat")] }), {
        n: 2,
    });
    const nBegun = () => storeCalls.filter(({ name }) => name === "begin_request").length;
    store.hooks["end_request"] = () => {
        throw Object.assign(new Error("full"), { code: "store_failed" });
    };
    store.hooks["begin_request"] = () => {
        if (nBegun() === 1) return null;
        throw Object.assign(new Error("another tab"), { code: "request_passed" });
    };
    await actions.startJob(await actions.planJob(wanted));
    await until(() => storeCalls.filter(({ name }) => name === "end_request").length >= 5 && status() === "paused");
    for (let n = 0; n < 50; n++) await until(() => true);
    store.hooks["end_request"] = store.hooks["begin_request"] = undefined;
    await actions.resumeJob(7);
    await until(() => store.ended.length === 2);
    assert.equal(nBegun(), 3, "it was written, and not asked for again");
});

test("a job begins with what was tried for it in one call; where that fails nothing has begun, and nothing is asked for", async () => {
    const { actions, wanted, store, storeCalls, workers } = await begin(() => ({
        ...ANSWERED,
        results: [found("boat")],
    }));
    const plan = await actions.planJob(wanted);
    const results = [1, 2].map((file) => ({ file, found: { tags: [], texts: [] } }));
    store.hooks["begin_tried_job"] = () => {
        throw Object.assign(new Error("full"), { code: "store_failed" });
    };
    await assert.rejects(actions.startJob(plan, { results, requests: [5] }), { code: "store_failed" });
    const writing = () => storeCalls.map(({ name }) => name).filter((name) => /^(begin_|add_step|keep_)/.test(name));
    assert.deepEqual([writing(), jobs.value], [["begin_tried_job"], []]);
    assert.ok(workers.every(({ isEnded }) => isEnded));
    delete store.hooks["begin_tried_job"];
    await actions.startJob(plan, { results, requests: [5] });
    await until(() => store.ended.length === 1 && status() === "ended");
    assert.deepEqual(writing().slice(1), ["begin_tried_job", "add_step", "begin_request"]);
    assert.deepEqual(
        store.ended[0].results.map((/** @type {any} */ { file }) => file),
        [3],
    );
});

test("a job of a library that another one has replaced ends, and one with the same number can be begun", async () => {
    let isReplaced = false;
    const answered = { ...ANSWERED, results: [found("boat")] };
    const { actions, context, wanted, store, workers } = await begin(
        () => (isReplaced ? answered : new Promise(() => {})),
        { n: 2 },
    );
    const isIn = (/** @type {string} */ value) =>
        void Object.defineProperty(context.library, "libraryId", { value, configurable: true });
    isIn("one");
    await actions.startJob(await actions.planJob(wanted));
    await until(() => status() === "running");
    const before = workers.length;
    const plan = await actions.planJob(wanted);
    isIn("another");
    isReplaced = true;
    store.hooks["jobs"] = () => [];
    await actions.refreshJobs();
    assert.deepEqual(jobs.value, [], "nobody says that it was done");
    assert.ok(workers.slice(0, before).every(({ isEnded }) => isEnded));
    delete store.hooks["jobs"];
    await actions.startJob(plan);
    await until(() => store.ended.length >= 2 && status() === "ended");
});
