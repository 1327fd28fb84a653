/** Jobs from the press of a button to the store. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING_KEPT } from "../provider_profiles.js";
import { jobs, keptProviders } from "../provider_state.js";
import { failure } from "../providers/world.mjs";
import { ANSWERED, LOST, ORIGIN, SENT, begin, found, status, until } from "./provider_jobs_world.mjs";

test("what is found goes to the store with the request's end, as tags of the vocabulary and texts", async () => {
    const { actions, wanted, store, storeCalls, shown } = await begin(() => ({
        ...ANSWERED,
        results: [found("dog")],
    }));
    const plan = await actions.planJob(wanted);
    assert.deepEqual([plan.n_pictures, plan.n_units, plan.host, plan.cap_left], [3, 3, "provider.test", null]);
    await actions.startJob(plan);
    await until(() => store.ended.length === 3 && shown.length === 3);
    const [first] = store.ended;
    assert.deepEqual(first.results[0].found, {
        tags: [{ id: "dog", name: "dog", language: "en", score: 0.9, confidence: 0.9 }],
        texts: [{ field: "title", text: "A dog" }],
        language: "en",
    });
    assert.equal(first.results[0].picture.sha256, "ab");
    const names = storeCalls.map(({ name }) => name);
    assert.ok(names.indexOf("begin_request") < names.indexOf("end_request"), "it is in the log before it is sent");
    const { run, files } = storeCalls.find(({ name }) => name === "begin_job")?.params ?? {};
    assert.deepEqual(
        [run.tagger, run.components, run.settings.mode, files],
        ["one", ["provider:one"], "add", [1, 2, 3]],
    );
    assert.ok(!JSON.stringify(storeCalls).includes("secret-key"), "the library knows no key");
    await until(() => jobs.value.length === 0 || status() === "ended");
});

test("what may be paid is shown as such, and asked for again where a person says so", async () => {
    const answer = (/** @type {number[]} */ _, /** @type {number} */ nth) =>
        nth === 1
            ? { ...LOST, failure: failure("provider_answer_lost", { billed: "maybe" }) }
            : { ...ANSWERED, results: [found("boat")] };
    const { actions, wanted, store } = await begin(answer);
    await actions.startJob(await actions.planJob(wanted));
    await until(() => status() === "ended");
    const [group] = jobs.value[0]?.failures ?? [];
    assert.deepEqual([group?.code, group?.is_maybe_paid, group?.files.length], ["provider_answer_lost", true, 1]);
    await actions.askAgain(7, null);
    await until(() => store.ended.length === 4 && jobs.value.every(({ n_failed: n }) => n === 0));
});

test("a job that is refused waits with its reason, and goes on when that is seen to", async () => {
    let isRefused = true;
    const refused = {
        ...SENT,
        status: 401,
        outcome: "refused",
        results: null,
        n_billed: 0,
        n_maybe: 0,
        failure: failure("provider_key_wrong"),
    };
    const { actions, wanted, asked, secrets } = await begin(() =>
        isRefused ? refused : { ...ANSWERED, results: [found("boat")] },
    );
    await actions.startJob(await actions.planJob(wanted));
    await until(() => status() === "paused");
    assert.deepEqual([jobs.value[0]?.problem?.code, jobs.value[0]?.n_waiting], ["provider_key_wrong", 3]);
    isRefused = false;
    secrets.key = "another-key";
    await actions.resumeJob(7);
    await until(() => status() === "ended");
    assert.equal(asked.at(-1)?.secrets.key, "another-key", "it is asked with the key that was typed since");
    assert.equal(jobs.value[0]?.n_done, 3);
});

test("what never leaves is left out, also where it is said while the job is under way", async () => {
    /** @type {number[]} */
    const sent = [];
    const { actions, wanted } = await begin(
        (pictures) => {
            sent.push(...pictures);
            keptProviders.value = { ...NOTHING_KEPT, never: { collections: ["/1"], folders: [] } };
            return { ...ANSWERED, results: [found("boat")] };
        },
        { n: 40 },
    );
    await actions.startJob(await actions.planJob(wanted));
    await until(() => status() === "paused");
    assert.equal(jobs.value[0]?.problem?.code, "provider_never_leaves");
    assert.ok(sent.length <= 4, `${sent.length} were under way`);
    const { left_out: leftOut } = await actions.planJob(wanted);
    assert.equal(leftOut.never, 40);
});

test("a job stops at what is left of the month", async () => {
    const { actions, wanted } = await begin(() => ({ ...ANSWERED, results: [found("boat")] }), { cap: 0 });
    const plan = await actions.planJob(wanted);
    assert.equal(plan.cap_left, 0);
    await actions.startJob(plan);
    await until(() => status() === "paused");
    assert.equal(jobs.value[0]?.problem?.code, "provider_cap_reached");
});

test("a job that is cancelled leaves nothing waiting, and says what may have been billed", async () => {
    /** @type {(reply: unknown) => void} */
    let answer = () => {};
    const { actions, wanted, store, storeCalls } = await begin(
        () => new Promise((resolve) => void (answer = resolve)),
        { n: 1 },
    );
    await actions.startJob(await actions.planJob(wanted));
    await until(() => storeCalls.some(({ name }) => name === "begin_request"));
    const cancelling = actions.cancelJob(7);
    await until(() => true);
    answer({ ...LOST, failure: failure("provider_answer_lost", { billed: "maybe" }) });
    await cancelling;
    assert.deepEqual([store.ended.length, store.ended[0].n_maybe], [1, 1]);
    assert.equal(storeCalls.at(-2)?.name, "end_job");
    assert.deepEqual(jobs.value, []);
});

test("a job that is under way sends nothing more once its provider is turned off", async () => {
    /** @type {number[]} */
    const sent = [];
    const { actions, wanted, profile, store } = await begin(
        (pictures) => {
            sent.push(...pictures);
            profile.enabled = false;
            return { ...ANSWERED, results: [found("boat")] };
        },
        { n: 40 },
    );
    await actions.startJob(await actions.planJob(wanted));
    await until(() => status() === "paused");
    assert.equal(jobs.value[0]?.problem?.code, "provider_not_enabled");
    assert.ok(sent.length <= 4, `${sent.length} were under way`);
    assert.ok(
        store.ended.every(({ outcome, n_billed: n }) => (outcome === "answered") === n > 0),
        "the log has what was sent, and no more",
    );
    const nSent = sent.length;
    await actions.resumeJob(7);
    await until(() => status() === "waiting");
    assert.deepEqual([jobs.value[0]?.problem?.code, sent.length], ["provider_not_enabled", nSent]);
});

test("pictures go to the host that was agreed to, whatever is set by now", async () => {
    let nSent = 0;
    const answer = () => {
        nSent++;
        return { ...ANSWERED, results: [found("boat")] };
    };
    const { actions, wanted, described, storeCalls } = await begin(answer);
    const plan = await actions.planJob(wanted);
    described.origins = ["https://elsewhere.test"];
    await assert.rejects(actions.startJob(plan), { code: "provider_setup_invalid" });
    assert.ok(!storeCalls.some(({ name }) => name === "begin_job"));
    assert.equal(nSent, 0);
});

test("a job that goes on later, too, goes where it was to go", async () => {
    let nSent = 0;
    const { actions, wanted, described, profile, storeCalls } = await begin(() => {
        nSent++;
        return { ...ANSWERED, results: [found("boat")] };
    });
    profile.enabled = false; // so that it is begun and cannot be gone on with
    await actions.startJob(await actions.planJob(wanted));
    assert.deepEqual([status(), jobs.value[0]?.problem?.code], ["waiting", "provider_not_enabled"]);
    profile.enabled = true;
    described.origins = ["https://elsewhere.test"];
    await actions.resumeJob(7);
    assert.deepEqual([status(), jobs.value[0]?.problem?.code], ["waiting", "provider_setup_invalid"]);
    described.origins = [ORIGIN];
    const settings = storeCalls.find(({ name }) => name === "begin_job")?.params.run.settings;
    const { host } = settings;
    delete settings.host;
    await actions.resumeJob(7); // of a backup, for example
    assert.deepEqual([status(), jobs.value[0]?.problem?.code], ["waiting", "provider_job_from_elsewhere"]);
    assert.equal(nSent, 0);
    settings.host = host;
    await actions.resumeJob(7);
    await until(() => nSent === 3 && status() === "ended");
});
