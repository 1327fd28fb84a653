import assert from "node:assert/strict";
import test from "node:test";
import { WorkerClient } from "./client.js";
import { DECODED } from "./protocol.js";

/** A worker that answers a call with what `answers` gives for it. @param {(seq: number) => any[]} answers @returns {any} */
const worker = (answers) => ({
    onmessage: null,
    terminate() {},
    postMessage(/** @type {any} */ { seq, name }) {
        if (name === "live") return;
        queueMicrotask(() => {
            for (const data of answers(seq)) this.onmessage?.({ data });
        });
    },
});

/** @param {(seq: number) => any[]} answers @param {number} [timeoutMs] */
async function failure(answers, timeoutMs = 0) {
    const client = new WorkerClient(worker(answers));
    const error = await client.call("tag", { file: new Blob() }, { timeoutMs }).then(
        () => assert.fail("must fail"),
        (error) => error,
    );
    assert.ok(client.isGone);
    return [error.code, error.detail];
}

test("a crash is the picture's until the network runs, and the network's from then on", async () => {
    const crash = "index out of bounds";
    assert.deepEqual(await failure(() => [{ crash, stage: "picture" }]), ["worker_crashed", crash]);
    assert.deepEqual(await failure(() => [{ crash, stage: "network" }]), ["inference_failed", crash]);
});

test("so is an answer that does not come", async () => {
    const late = "No answer in 0 s.";
    assert.deepEqual(await failure((seq) => [{ seq, progress: 0.1 }], 5), ["worker_crashed", late]);
    assert.deepEqual(await failure((seq) => [{ seq, progress: DECODED }], 5), ["inference_failed", late]);
});
