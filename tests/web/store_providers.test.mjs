/** Runs of providers in the store: jobs, requests, what shows of them, and what is left when a tab goes. */
import assert from "node:assert/strict";
import test from "node:test";
import { withProviders } from "./provider_store.mjs";
import { inStore, ready, useStore } from "./store.mjs";

const { openPage, openBeside } = useStore();

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
        const failure = { code: "provider_picture_refused", detail: "Too small.", is_maybe_paid: true };
        const results = [found(first, ["sun", "sea"]), { file: first + 1, failure }];
        const answers = [await end(store, id, results), await end(store, id, results)];
        const second = await ask(store, run, [first + 2, first + 3], { n_units: 5 });
        await end(store, second, [{ file: first + 2, back: true }], {
            status: 503,
            outcome: "refused",
            n_billed: 0,
            n_bytes: 2345,
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
    const failed = {
        is_asked: false,
        failure: { code: "provider_picture_refused", detail: "Too small.", is_maybe_paid: true },
    };
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
        ["tag", 2, 5, 2345, 503, "refused", 0, "Busy."],
        ["tag", 2, 2, 2000, 200, "answered", 2, null],
    ]);
    assert.deepEqual(seen.totals, [
        { provider: "sky", n_requests: 3, n_units: 10, n_billed: 5, n_maybe: 0, n_bytes: 7345 },
    ]);
    assert.deepEqual(seen.shown[first], ["model m: 3", "provider sky: sun,sea"]);
});

test("of files with the same content one is awaited, and all of them have the answer", async () => {
    const seen = await inNewStore(async (store, library) => {
        const { ask, end, found, run: runOf, shown } = library.provider;
        const { collection, first } = await library.fill(store, 2);
        const copies = await store.call("reserve_ids", { n: 1 });
        await store.call("add_files", { collection, files: library.files(copies, 1) });
        await store.call("adopt", { file: copies, sha256: library.hex(first), model: library.model });
        const run = await store.call("begin_job", {
            run: runOf("sky"),
            collection,
            files: [copies, first + 1, first, 999],
        });
        const awaited = await store.call("awaited", { run });
        const [{ n_files: n }] = await store.call("jobs", {});
        const { files } = await end(store, await ask(store, run, [copies]), [found(copies, ["sun"])]);
        return { awaited, n, files, first, copies, shown: await shown(store) };
    });
    const { first, copies } = seen;
    assert.deepEqual(
        seen.awaited.map((/** @type {any} */ { file }) => file),
        [copies, first + 1],
    );
    assert.deepEqual([seen.n, seen.files.sort()], [2, [first, copies].sort()]);
    assert.deepEqual(seen.shown[first], ["model m: 3", "provider sky: sun"]);
    assert.deepEqual(seen.shown[copies], seen.shown[first]);
});

test("of files that were never read, too, one is awaited once it is known what they hold", async () => {
    const seen = await inNewStore(async (store, library) => {
        const { ask, damaged, end, found, refused, run: runOf, shown } = library.provider;
        const { collection } = await store.call("open", {});
        const first = await store.call("reserve_ids", { n: 4 });
        await store.call("add_files", { collection: collection.id, files: library.files(first, 4) });
        const files = [0, 1, 2, 3].map((idx) => first + idx);
        const run = await store.call("begin_job", { run: runOf("sky"), collection: collection.id, files });
        const facts = { width: 4, height: 3, format: "png" };
        const picture = (/** @type {string} */ hex) => ({ sha256: hex.repeat(32), size: 9, facts });
        const know = (/** @type {number} */ idx, /** @type {string} */ hex) =>
            store.call("know_content", { run, file: files[idx], picture: picture(hex) });
        const known = [await know(0, "aa"), await know(0, "aa"), await know(1, "aa"), await know(2, "bb")];
        const left = async () =>
            (await store.call("awaited", { run })).map((/** @type {any} */ { file }) => file - first);
        const awaited = await left();
        const twice = await refused(ask(store, run, [files[1]]));
        const answered = { ...found(files[0], ["sun"]), picture: picture("aa") };
        const { files: told } = await end(store, await ask(store, run, [files[0]]), [answered]);
        known.push(await know(3, "aa"));
        const [{ n_files: nFiles, n_done: nDone }] = await store.call("jobs", {});
        await end(store, await ask(store, run, [files[2]]), [{ ...found(files[2], ["sea"]), picture: picture("bb") }]);
        const { n_jobs: nJobs } = await store.call("open", {});
        const all = await shown(store);
        return {
            ...{ known, awaited, twice, told: told.map((/** @type {number} */ id) => id - first), last: await left() },
            ...{ counts: [nFiles, nDone, nJobs], shown: files.map((id) => all[id]), damaged: await damaged(store) },
        };
    });
    assert.deepEqual(seen.known, [false, false, true, false, true]);
    assert.deepEqual([seen.awaited, seen.twice, seen.told, seen.last], [[0, 2, 3], "request_passed", [0, 1], []]);
    assert.deepEqual(seen.counts, [4, 3, 0]);
    const sun = ["provider sky: sun"];
    assert.deepEqual(seen.shown, [sun, sun, ["provider sky: sea"], sun]);
    assert.deepEqual(seen.damaged, []);
});

test("a job begins with all that was tried for it, or not at all; begun twice, it is there once", async () => {
    const seen = await inNewStore(async (store, library) => {
        const { damaged, found, refused, run: runOf, shown } = library.provider;
        const { collection, first } = await library.fill(store, 3);
        const job = { run: runOf("sky"), collection, files: [first, first + 1, first + 2] };
        const broken = { file: first + 1, found: { tags: null, texts: [] } };
        const isRefused = await refused(
            store.call("begin_tried_job", { ...job, tried: [found(first, ["sun"]), broken] }),
        );
        const none = [await store.call("jobs", {}), (await store.call("runs", {})).length, (await shown(store))[first]];
        const tried = [found(first, ["sun"]), found(first + 1, ["sea"], { title: "Sea" })];
        const params = { ...job, tried, job: store.newId() };
        const answers = [await store.call("begin_tried_job", params), await store.call("begin_tried_job", params)];
        const [{ run }] = await store.call("jobs", {});
        const all = {
            ...{ isRefused: isRefused !== "", none, answers, first, run, shown: await shown(store) },
            ...{ awaited: await store.call("awaited", { run }), damaged: await damaged(store) },
            nLogged: (await store.call("requests", { n: 9 })).length,
        };
        await store.call("end_job", { run });
        const { run: whole } = await store.call("begin_tried_job", { ...job, files: [first, first + 1], tried });
        const ended = (await store.call("runs", {})).find((/** @type {any} */ { id }) => id === whole)?.ended_ms > 0;
        return { ...all, ended, left: await store.call("jobs", {}) };
    });
    const { first, run } = seen;
    assert.deepEqual([seen.isRefused, seen.none], [true, [[], 1, ["model m: 3"]]]);
    assert.deepEqual(seen.answers, Array(2).fill({ run, files: [first, first + 1] }));
    assert.deepEqual(
        seen.awaited.map((/** @type {any} */ { file }) => file),
        [first + 2],
    );
    assert.deepEqual(seen.shown[first + 1], ["model m: 3", "provider sky: sea"]);
    assert.deepEqual([seen.nLogged, seen.damaged, seen.ended, seen.left], [0, [], true, []]);
});

test("the month's limit holds where requests are begun, whichever tab asks and whatever is under way", async () => {
    const seen = await inNewStore(async (store, library) => {
        const { ask, end, found, refused, run: runOf } = library.provider;
        const { collection, first } = await library.fill(store, 3);
        const files = [first, first + 1, first + 2];
        const run = await store.call("begin_job", { run: runOf("sky"), collection, files });
        const cap = { most: 3, since_ms: 0 };
        const id = await ask(store, run, [first], { n_units: 2, cap });
        const asked = async (/** @type {object} */ more) => refused(ask(store, run, [first + 1], { cap, ...more }));
        const codes = [await asked({ n_units: 2 })];
        await end(store, id, [found(first, ["sun"])], { n_billed: 1, n_maybe: 1 });
        codes.push(
            await asked({ n_units: 2 }),
            await asked({ n_units: 2, cap: { most: 3, since_ms: Date.now() + 9 } }),
        );
        const other = await refused(ask(store, null, [], { purpose: "check", provider: "sea", n_units: 3, cap }));
        const free = await refused(
            ask(store, null, [], { purpose: "check", n_units: 0, cap: { most: 0, since_ms: 0 } }),
        );
        const awaited = await store.call("awaited", { run });
        return { codes, other, free, asked: awaited.map((/** @type {any} */ one) => one.is_asked) };
    });
    assert.deepEqual(seen.codes, ["provider_cap_reached", "provider_cap_reached", ""]);
    assert.deepEqual([seen.other, seen.free, seen.asked], ["", "", [true, false]]);
});

test("a job ends when it is told to, undone, or left without files, and what was paid by then is kept", async () => {
    const seen = await inNewStore(async (store, library) => {
        const { ask, damaged, end, found, refused, run: runOf, shown } = library.provider;
        const { collection, first } = await library.fill(store, 6);
        const begin = (/** @type {number[]} */ files) =>
            store.call("begin_job", { run: runOf("sky"), collection, files });
        const jobs = async () => (await store.call("jobs", {})).length;
        const [ended, undone, emptied] = [await begin([first]), await begin([first + 1]), await begin([first + 2])];
        const counts = [await jobs()];
        const late = await ask(store, ended, [first]);
        await store.call("end_job", { run: ended });
        counts.push(await jobs());
        await end(store, late, [found(first, ["late"])]);
        const tooLate = await refused(ask(store, ended, [first]));
        const under = await ask(store, undone, [first + 1]);
        const step = { id: store.newId(), key: "step_run", params: {}, kind: "run", data: { run: undone } };
        await store.call("add_step", { step });
        await store.call("undo_run", { run: undone, undone: true, move: { id: step.id, is_undone: true } });
        counts.push(await jobs());
        await end(store, under, [found(first + 1, ["paid"])]);
        const hidden = (await shown(store))[first + 1];
        await store.call("undo_run", { run: undone, undone: false, move: { id: step.id, is_undone: false } });
        const again = (await shown(store))[first + 1];
        counts.push(await jobs());
        await store.call("fail_awaited", {
            run: emptied,
            failures: [{ file: first + 2, code: "file_unreadable", detail: "" }],
        });
        const [{ n_failed: nFailed }] = await store.call("jobs", {});
        const whole = await damaged(store);
        const open = await ask(store, null, [], { purpose: "try", n_pictures: 2, n_units: 2 });
        await store.call("empty_collection", { id: collection });
        counts.push(await jobs());
        await end(store, open, [], { status: null, outcome: "lost", n_billed: 0, n_maybe: 2, detail: "Cut." });
        const log = await store.call("requests", { n: 9 });
        return {
            counts,
            tooLate,
            hidden,
            again,
            nFailed,
            whole,
            n: log.length,
            last: log[0],
            still: await damaged(store),
        };
    });
    assert.deepEqual(seen.counts, [3, 2, 1, 1, 0]);
    assert.deepEqual([seen.tooLate, seen.nFailed, seen.n, seen.whole, seen.still], ["request_passed", 1, 3, [], []]);
    assert.deepEqual([seen.hidden, seen.again], [["model m: 3"], ["model m: 3", "provider sky: paid"]]);
    const { purpose, run, outcome, n_maybe: nMaybe } = seen.last;
    assert.deepEqual([purpose, run, outcome, nMaybe], ["try", null, "lost", 2]);
});

test("what was taken off is asked about no more, what is under way counts, and what was undone meanwhile shows nowhere", async () => {
    const seen = await inNewStore(async (store, library) => {
        const { ask, damaged, end, found, refused, run: runOf, shown } = library.provider;
        const { collection, first } = await library.fill(store, 3);
        const files = [first, first + 1, first + 2];
        const run = await store.call("begin_job", { run: runOf("sky"), collection, files });
        const request = await ask(store, run, [first], { n_units: 5 });
        const [open] = await store.call("request_totals", { since_ms: 0 });
        await store.call("remove_files", { ids: [first, first + 1], removed: true });
        const left = (await store.call("awaited", { run })).map((/** @type {any} */ one) => one.file - first);
        const off = await refused(ask(store, run, [first + 1]));
        await store.call("remove_files", { ids: [first, first + 1], removed: false });
        await store.call("undo_run", { run, undone: true });
        const { files: told } = await end(store, request, [found(first, ["late"])]);
        const [closed] = await store.call("request_totals", { since_ms: 0 });
        const late = (await shown(store))[first];
        return {
            open: open.n_maybe,
            left,
            off,
            told,
            closed: [closed.n_billed, closed.n_maybe],
            late,
            damaged: await damaged(store),
        };
    });
    assert.deepEqual([seen.open, seen.left, seen.off], [5, [0, 2], "request_passed"]);
    assert.deepEqual([seen.told, seen.closed, seen.late], [[], [1, 0], ["model m: 3"]]);
    assert.deepEqual(seen.damaged, []);
});

test("a tab that is gone while it waits: its requests are lost, perhaps billed, and nobody pays again unasked", async () => {
    const page = await openPage();
    await withProviders(page);
    const { first, runs } = await inStore(page, async (store, library) => {
        const { collection, first } = await library.fill(store, 4);
        const { run } = library.provider;
        const begin = (/** @type {any} */ settings, /** @type {number} */ idx) =>
            store.call("begin_job", { run: run("sky", settings), collection, files: [first + idx, first + idx + 1] });
        return { first, runs: [await begin({}, 0), await begin({ is_billed: false }, 2)] };
    });
    const other = await openBeside(page);
    await withProviders(other);
    const askAll = async (/** @type {any} */ store, /** @type {any} */ library) => {
        const { first, runs } = /** @type {any} */ (globalThis).asked;
        const { ask } = library.provider;
        const ids = [];
        for (const [idx, run] of runs.entries())
            ids.push(await ask(store, run, [first + 2 * idx, first + 2 * idx + 1], { n_units: 3 }));
        ids.push(await ask(store, null, [], { purpose: "check", n_pictures: 0, n_units: 1 }));
        return ids;
    };
    const stateOf = async (/** @type {any} */ store) => {
        const { runs } = /** @type {any} */ (globalThis).asked;
        const awaited = [];
        for (const run of runs)
            for (const { is_asked: isAsked, failure } of await store.call("awaited", { run }))
                awaited.push(failure?.code ?? isAsked);
        const rows = await store.call("requests", { n: 3 });
        const ends = rows.map((/** @type {any} */ row) => `${row.outcome} ${row.n_maybe}`).reverse();
        return { awaited, ends, damaged: (await store.call("verify", {})).damaged };
    };
    for (const tab of [page, other])
        await tab.evaluate((asked) => void Object.assign(globalThis, { asked }), { first, runs });
    const ids = await inStore(other, askAll);
    const alive = await inStore(page, stateOf);
    assert.deepEqual(alive, { awaited: Array(4).fill(true), ends: Array(3).fill("null 0"), damaged: [] });
    await other.close();
    const lost = ["provider_answer_lost", "provider_answer_lost"];
    const closed = { awaited: [...lost, false, false], ends: ["lost 3", "lost 0", "lost 1"], damaged: [] };
    // A tab that dies lets go of its lock a moment after it.
    let state = alive;
    for (let n = 0; n < 200 && state.awaited.includes(true); n++) {
        await page.waitForTimeout(50);
        state = await inStore(page, stateOf);
    }
    assert.deepEqual(state, closed);
    // The answer came after all, from a tab that was only thought to be gone.
    await page.evaluate((ids) => void Object.assign(globalThis, { ids }), ids);
    const late = await inStore(page, async (store, library) => {
        const { end, found } = library.provider;
        const { asked, ids } = /** @type {any} */ (globalThis);
        await end(store, ids[0], [found(asked.first, ["late"]), found(asked.first + 1, ["late"])]);
        await store.call("ask_again", { run: asked.runs[1], files: null });
        return (await store.call("requests", { n: 3 })).map((/** @type {any} */ row) => row.outcome).reverse();
    });
    assert.deepEqual(late, ["answered", "lost", "lost"]);
    // The tab that owns the database is loaded again.
    await inStore(page, (store, library) =>
        library.provider.ask(store, /** @type {any} */ (globalThis).asked.runs[1], [
            /** @type {any} */ (globalThis).asked.first + 2,
        ]),
    );
    await page.reload();
    await ready(page);
    const after = await inStore(page, async (store) => {
        const { n_jobs: nJobs } = await store.call("open", {});
        let [row] = await store.call("requests", { n: 1 });
        for (let n = 0; n < 200 && row.outcome === null; n++) {
            await new Promise((later) => setTimeout(later, 50));
            [row] = await store.call("requests", { n: 1 });
        }
        return [nJobs, row.outcome, row.n_maybe, (await store.call("verify", {})).damaged];
    });
    assert.deepEqual(after, [1, "lost", 0, []]);
});

test("other tabs hear of jobs, requests, texts and results", async () => {
    const page = await openPage();
    await withProviders(page);
    const other = await openBeside(page);
    await inStore(other, (store) => store.call("open", {}));
    const first = await inStore(page, async (store, library) => {
        const { first } = await library.fill(store, 1);
        await library.provider.job(store, "sky", {}, [library.provider.found(first, ["sun"], { title: "Sun" })]);
        await store.call("set_texts", { changes: [{ file: first, field: "title", text: "Mine" }] });
        return first;
    });
    const heard = await other.waitForFunction((first) => {
        const { changes } = /** @type {any} */ (globalThis);
        const told = changes.filter((/** @type {any} */ one) => one.texts?.includes(first));
        return told.length === 2 && changes;
    }, first);
    const changes = /** @type {any[]} */ (await heard.jsonValue());
    assert.ok(changes.some(({ jobs, runs }) => jobs && runs));
    const [end, given] = changes.filter(({ texts }) => texts?.length);
    assert.deepEqual([end.files, end.requests, end.jobs, given.steps], [[first], true, true, true]);
});

test("a backup has jobs, requests and texts; where it is restored nobody waits for anything", async () => {
    const seen = await inNewStore(async (store, library) => {
        const { ask, damaged, found, job, run: runOf, shown, texts } = library.provider;
        const { collection, first } = await library.fill(store, 3);
        await job(store, "sky", {}, [found(first, ["sun"], { title: "Sun" })]);
        await store.call("set_texts", { changes: [{ file: first + 1, field: "title", text: "Mine" }] });
        const own = { setup: { endpoint: "https://elsewhere.example" }, enabled: true, threshold: 0.25 };
        const wanted = runOf("sky", { host: "elsewhere.example", own });
        const run = await store.call("begin_job", { run: wanted, collection, files: [first + 1, first + 2] });
        await ask(store, run, [first + 1]);
        const file = await store.call("backup", { thumbnails: false });
        const settings = async () => (await store.call("jobs", {}))[0].settings;
        const before = await settings();
        await store.call("start_anew", {});
        await store.call("restore", { file });
        const { n_jobs: nJobs } = await store.call("open", {});
        return {
            ...{ before, settings: await settings() },
            ...{ nJobs, awaited: await store.call("awaited", { run }), shown: (await shown(store))[first] },
            texts: [await texts(store, first), await texts(store, first + 1)],
            ends: (await store.call("requests", { n: 9 })).map((/** @type {any} */ { outcome }) => outcome),
            damaged: await damaged(store),
        };
    });
    assert.deepEqual([seen.nJobs, seen.damaged, seen.ends], [1, [], ["lost", "answered"]]);
    const { host, own, ...others } = seen.before;
    assert.deepEqual([host, own.enabled], ["elsewhere.example", true]);
    assert.deepEqual(
        seen.settings,
        { ...others, own: { threshold: 0.25 } },
        "nor has anyone here agreed to where it goes",
    );
    assert.deepEqual(seen.shown, ["model m: 3", "provider sky: sun"]);
    assert.deepEqual(seen.texts, [{ title: "sky: Sun" }, { title: "person: Mine" }]);
    assert.deepEqual(
        seen.awaited.map((/** @type {any} */ { failure }) => failure?.code),
        ["provider_answer_lost", undefined],
    );
});

test("the ledger agrees after every call", async () => {
    const seen = await inNewStore(async (store, library) => {
        const { damaged, end, found, run: runOf } = library.provider;
        const { collection, first } = await library.fill(store, 4);
        const files = [first, first + 1, first + 2];
        const run = await store.call("begin_job", { run: runOf("sky"), collection, files });
        const second = await store.call("make_collection", { name: "Second" });
        const counts = { n_pictures: 1, n_units: 1, n_bytes: 10 };
        const request = { run, purpose: "tag", provider: "sky", host: "https://sky.example", ...counts };
        const ids = [store.newId(), store.newId()];
        const failure = { code: "provider_throttled", detail: "Later." };
        const calls = [
            () => store.call("begin_request", { ...request, id: ids[0], files: [first] }),
            () => end(store, ids[0], [found(first, ["sun", "sea"], { title: "Sun", alt_text: "Sea" })]),
            () => store.call("begin_request", { ...request, id: ids[1], files: files.slice(1) }),
            () =>
                end(store, ids[1], [
                    { file: first + 1, failure },
                    { file: first + 2, back: true },
                ]),
            () => store.call("ask_again", { run, files: [first + 1] }),
            () => store.call("fail_awaited", { run, failures: [{ file: first + 1, ...failure }] }),
            () => store.call("set_texts", { changes: [{ file: first, field: "title", text: "Mine" }] }),
            () => store.call("set_texts", { changes: [{ file: first, field: "title", text: "Mine, again" }] }),
            () => store.call("copy_files", { ids: [first], collection: second }),
            () => store.call("set_texts", { changes: [{ file: first, field: "title", text: null }] }),
            () => store.call("undo_run", { run, undone: true }),
            () => store.call("undo_run", { run, undone: false }),
            () => store.call("end_job", { run }),
            () => store.call("empty_collection", { id: collection }),
            () => store.call("delete_collection", { id: second }),
        ];
        const all = [];
        for (const call of calls) {
            await call();
            all.push(await damaged(store));
        }
        return all;
    });
    assert.deepEqual(seen, Array(15).fill([]));
});
