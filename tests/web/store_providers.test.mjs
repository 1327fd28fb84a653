/** Runs of providers in the store: jobs, requests, what shows of them, and what is left when a tab goes. */
import assert from "node:assert/strict";
import test from "node:test";
import { withProviders } from "./provider_store.mjs";
import { inStore, useStore } from "./store.mjs";

const { openPage } = useStore();

/** @param {(store: any, library: any) => Promise<any>} act */
async function inNewStore(act) {
    const page = await openPage();
    await withProviders(page);
    return inStore(page, act);
}

test("a job waits for its files, request by request, and ends with the last; each call twice is as good as once", async () => {
    const seen = await inNewStore(async (store, library) => {
        const { ask, damaged, end, found, refused, run: runOf, shown } = library.provider;
        const { collection, first } = await library.fill(store, 4);
        const files = [0, 1, 2, 3].map((idx) => first + idx);
        const params = { run: runOf("sky"), collection, files, job: store.newId() };
        const run = await store.call("begin_job", params);
        const same = await store.call("begin_job", params);
        const id = await ask(store, run, [first, first + 1]);
        await store.call("begin_request", {
            ...{ id, run, purpose: "tag", provider: "sky", host: "https://sky.example", files: [first, first + 1] },
            ...{ n_pictures: 2, n_units: 2, n_bytes: 2000 },
        });
        const taken = await refused(ask(store, run, [first + 1, first + 2]));
        const [job] = await store.call("jobs", {});
        const during = await store.call("awaited", { run });
        const failure = { code: "provider_picture_refused", detail: "Too small." };
        const results = [found(first, ["sun", "sea"]), { file: first + 1, failure }];
        const answers = [await end(store, id, results), await end(store, id, results)];
        const second = await ask(store, run, [first + 2, first + 3], { n_units: 5 });
        await end(store, second, [{ file: first + 2, back: true }], {
            status: 503,
            outcome: "refused",
            n_billed: 0,
            detail: "Busy.",
        });
        const after = await store.call("awaited", { run });
        await store.call("ask_again", { run, files: null });
        const again = await store.call("awaited", { run });
        const third = await ask(store, run, [first + 1, first + 2, first + 3], { n_units: 3 });
        await end(
            store,
            third,
            [1, 2, 3].map((idx) => found(first + idx, ["sun"])),
        );
        const { n_jobs: nJobs } = await store.call("open", {});
        const [ended] = await store.call("runs", {});
        return {
            ...{ same: same === run, taken, job, during, answers, after, again, nJobs },
            ended: [ended.kind, ended.ended_ms > 0, ended.n_assets, ended.name],
            log: (await store.call("requests", { n: 10 })).map((/** @type {any} */ row) => [
                ...[
                    row.purpose,
                    row.n_pictures,
                    row.n_units,
                    row.n_bytes,
                    row.status,
                    row.outcome,
                    row.n_billed,
                    row.detail,
                ],
            ]),
            older: (await store.call("requests", { n: 10, before: second })).length,
            totals: await store.call("request_totals", { since_ms: 0 }),
            none: await store.call("request_totals", { since_ms: Date.now() + 1000 }),
            ...{ shown: await shown(store), damaged: await damaged(store), first, run },
        };
    });
    const { first, run } = seen;
    assert.deepEqual(
        [seen.same, seen.taken, seen.nJobs, seen.older, seen.none, seen.damaged],
        [true, "request_passed", 0, 1, [], []],
    );
    const { settings, begun_ms: begun, ...job } = seen.job;
    assert.deepEqual(job, {
        ...{
            run,
            provider: "sky",
            name: "Tagger sky",
            collection: 1,
            n_files: 4,
            n_waiting: 4,
            n_failed: 0,
            n_done: 0,
        },
    });
    assert.ok(begun > 0 && settings.mode === "add");
    const waits = { is_asked: false, failure: null };
    const asked = { is_asked: true, failure: null };
    assert.deepEqual(
        seen.during,
        [asked, asked, waits, waits].map((one, idx) => ({ file: first + idx, ...one })),
    );
    assert.deepEqual(seen.answers, [{ files: [first] }, { files: [first] }]);
    const failed = { is_asked: false, failure: { code: "provider_picture_refused", detail: "Too small." } };
    assert.deepEqual(
        seen.after,
        [failed, waits, waits].map((one, idx) => ({ file: first + 1 + idx, ...one })),
    );
    assert.deepEqual(
        seen.again,
        [waits, waits, waits].map((one, idx) => ({ file: first + 1 + idx, ...one })),
    );
    assert.deepEqual(seen.ended, ["provider", true, 4, "Tagger sky"]);
    assert.deepEqual(seen.log, [
        ["tag", 3, 3, 3000, 200, "answered", 3, null],
        ["tag", 2, 5, 2000, 503, "refused", 0, "Busy."],
        ["tag", 2, 2, 2000, 200, "answered", 2, null],
    ]);
    assert.deepEqual(seen.totals, [
        { provider: "sky", n_requests: 3, n_units: 10, n_billed: 5, n_maybe: 0, n_bytes: 7000 },
    ]);
    assert.deepEqual(seen.shown[first], ["model m: 3", "provider sky: sun,sea"]);
});
