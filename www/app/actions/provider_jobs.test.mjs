/** Jobs from the press of a button to the store, with a store, a provider worker and a session that are the test's own. */
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { signal } from "../../vendor/signals.js";
import { NOTHING_KEPT } from "../provider_profiles.js";
import { jobs, keptProviders } from "../provider_state.js";
import { failure } from "../providers/world.mjs";
import * as state from "../state.js";
import { createProviderJobs } from "./provider_jobs.js";
import { StandInWorker, standInContext, until as waitUntil } from "./stand_in.mjs";
import { createUndo } from "./undo.js";

const ORIGIN = "https://provider.test";
const NEED = { max_side: 1024, min_side: 1, max_bytes: 4_000_000, media_type: "image/jpeg" };
const FACTS = { width: 400, height: 300, format: "png", sha256: "", timings_ms: {} };
const SENT = { n_bytes: 10, ms: 1 };

/** @param {string} name */
const found = (name) => ({
    found: { tags: [{ name, confidence: 0.9 }], title: `A ${name}`, description: null, alt_text: "", language: "en" },
});
const ANSWERED = { ...SENT, status: 200, outcome: "answered", failure: null, n_billed: 1, n_maybe: 0 };
const LOST = { ...SENT, status: null, outcome: "lost", results: null, n_billed: 0, n_maybe: 1 };

/** A store that knows of jobs what the real one does, in a few lines. */
function jobStore() {
    /** @type {{run: number, settings: any, awaited: Map<number, {code: string, detail: string} | null>, n: number} | null} */
    let job = null;
    /** @type {any[]} */
    const ended = [];
    const of = (/** @type {boolean} */ isFailed) =>
        [...(job?.awaited.values() ?? [])].filter((failure) => (failure !== null) === isFailed).length;
    /** @type {Record<string, (params: any) => unknown>} */
    const answers = {
        begin_job({ run, files }) {
            job = {
                run: 7,
                settings: run.settings,
                awaited: new Map(files.map((/** @type {number} */ id) => [id, null])),
                n: files.length,
            };
            return 7;
        },
        jobs() {
            if (!job || job.awaited.size === 0) return [];
            const counts = { n_files: job.n, n_waiting: of(false), n_failed: of(true) };
            const n_done = job.n - job.awaited.size;
            return [
                {
                    run: 7,
                    provider: "one",
                    name: "One",
                    collection: 1,
                    settings: job.settings,
                    begun_ms: 0,
                    n_done,
                    ...counts,
                },
            ];
        },
        awaited: () => [...(job?.awaited ?? [])].map(([file, failure]) => ({ file, is_asked: false, failure })),
        ask_again: ({ files }) =>
            [...(job?.awaited.keys() ?? [])].forEach(
                (id) => (files ?? [id]).includes(id) && job?.awaited.set(id, null),
            ),
        end_job: () => void job?.awaited.clear(),
        end_request(end) {
            ended.push(end);
            for (const result of end.results) {
                if ("found" in result) job?.awaited.delete(result.file);
                else job?.awaited.set(result.file, "failure" in result ? result.failure : null);
            }
            return { files: end.results.flatMap((/** @type {any} */ { file, found }) => (found ? [file] : [])) };
        },
        fail_awaited: ({ failures }) =>
            failures.forEach((/** @type {any} */ { file, ...failure }) => job?.awaited.set(file, failure)),
        texts: () => [],
        know_content: () => false,
        begin_request: () => null,
        request_totals: () => [],
        files: ({ ids }) => ({
            ...{ ids: Uint32Array.from(ids), paths: ids.map((/** @type {number} */ id) => `${id}.png`) },
            ...{ sizes: Float64Array.from(ids, () => 1), modified_ms: Float64Array.from(ids, () => 0) },
        }),
    };
    /** What a test answers in its place. @type {Record<string, ((params: any) => unknown) | undefined>} */
    const hooks = {};
    const names = Object.keys(answers);
    const hooked = names.map((name) => [name, (/** @type {any} */ params) => (hooks[name] ?? answers[name])?.(params)]);
    return { answers: Object.fromEntries(hooked), hooks, ended, awaited: () => job?.awaited ?? new Map() };
}

/** @type {(() => void)[]} */
const endings = [];
afterEach(() => {
    for (const end of endings.splice(0)) end();
    jobs.value = [];
    keptProviders.value = NOTHING_KEPT;
});

/**
 * @param {(pictures: number[], nth: number) => unknown} answer what the provider says of these files
 * @param {{n?: number, cap?: number | null}} [how]
 */
async function begin(answer, { n = 3, cap = null } = {}) {
    const store = jobStore();
    let nSent = 0;
    /** @type {any[]} */
    const asked = [];
    const secrets = { key: "secret-key" };
    const described = {
        setup: { kind: "http" },
        notes: [],
        origins: [ORIGIN],
        need: NEED,
        has_confidence: true,
        is_billed: true,
    };
    /** @type {StandInWorker[]} */
    const workers = [];
    const worker = () => {
        const started = new StandInWorker({
            load: () => null,
            describe: () => described,
            start: (/** @type {any} */ params) => {
                asked.push(params);
                return described;
            },
            plan: (/** @type {{sizes: number[]}} */ { sizes }) => ({
                batches: sizes.map(() => 1),
                units: sizes.length,
            }),
            send: (/** @type {{pictures: {width: number}[]}} */ { pictures }) =>
                answer(
                    pictures.map(({ width }) => width),
                    nSent++,
                ),
            abort: () => null,
        });
        workers.push(started);
        return started;
    };
    const providers = {
        startWorker: async () => worker(),
        loadModule: async () => ({}),
        localLeave: async () => "none",
        serverDate: async () => null,
    };
    /** @type {any} */
    const answers = {
        start_shrinker: () => null,
        shrink: (/** @type {{file: File}} */ { file }) => ({
            blob: new Blob(["jpeg"]),
            width: Number.parseInt(file.name, 10),
            height: 1,
            sha256: "ab",
            size: 1,
            facts: FACTS,
        }),
        tags: (/** @type {{ids: number[]}} */ { ids }) => ids.map(() => []),
    };
    const { context, storeCalls } = await standInContext(
        answers,
        /** @type {any} */ ({ providers }),
        1,
        /** @type {any} */ (store.answers),
    );
    const ids = Array.from({ length: n }, (_, idx) => idx + 1);
    for (const id of ids) {
        const file = new File(["x"], `${id}.png`, { lastModified: 0 });
        const picture = {
            id,
            path: `${id}.png`,
            name: `${id}.png`,
            size: 1,
            modified_ms: 0,
            file,
            state: /** @type {const} */ ("done"),
            facts: FACTS,
        };
        state.pictures.set(id, signal(/** @type {any} */ (picture)));
    }
    const shown = /** @type {{id: number, tags: any[]}[]} */ ([]);
    Object.assign(context.session, {
        tagRefs: async (/** @type {string[]} */ texts) =>
            texts.map((text) => ({ id: text === "dog" ? "dog" : `own:${text}`, name: text })),
        putProvider: (/** @type {number} */ id, /** @type {any} */ { tags }) => void shown.push({ id, tags }),
        setTexts: () => {},
    });
    const history = createUndo(context.library);
    const files = {
        openFiles: async (/** @type {number[]} */ ids) => ({ open: ids, locked: [], missing: [] }),
        unlockFiles: async () => {},
    };
    const profile = /** @type {any} */ ({
        id: "one",
        kind: "http",
        name: "One",
        setup: { kind: "http" },
        threshold: 0.5,
        max_tags: 20,
        language: "en",
        mode: "add",
        enabled: true,
    });
    const actions = createProviderJobs(/** @type {any} */ ({ context, history, actions: files }), {
        profileOf: (id) => (id === "one" ? profile : null),
        secretsOf: () => ({ ...secrets }),
        limitOf: () => ({ cap }),
        reach: async () => () => {},
    });
    endings.push(() => {
        context.session.stop();
        context.pool.stop();
    });
    const wanted = {
        provider: "one",
        ids,
        mode: /** @type {const} */ ("add"),
        only_doubted: false,
        never: { collections: [], folders: [] },
    };
    return { actions, wanted, ids, store, storeCalls, shown, asked, history, profile, described, secrets, workers };
}

/** Time goes on meanwhile. @param {() => boolean} isSo */
const until = (isSo) =>
    waitUntil(() => {
        mock.timers.tick(50);
        return isSo();
    });

const status = () => jobs.value[0]?.status;

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
    const { actions, wanted, described, profile } = await begin(() => {
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
    assert.equal(nSent, 0);
    described.origins = [ORIGIN];
    await actions.resumeJob(7);
    await until(() => nSent === 3 && status() === "ended");
});

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
