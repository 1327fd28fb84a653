/** Switches, checks and endpoints, with a service worker's list, provider workers and a library that are the test's own. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Cap } from "../providers/cap.js";
import { NOTHING_KEPT } from "../provider_profiles.js";
import { checks, keptProviders, providerLevel, providersFailure } from "../provider_state.js";
import { createProviders } from "./providers.js";
import { createRequestLog } from "./request_log.js";
import { StandInWorker, standInContext, until } from "./stand_in.mjs";

const STEPS = ["form", "reach", "sign_in", "rights", "answer"].map((step) => ({ step, ok: true, failure: null }));
const CHECKED = {
    steps: STEPS,
    sent: { status: 200, n_bytes: 321, ms: 1, outcome: "answered", n_billed: 1, n_maybe: 0 },
};

/** @type {(() => void)[]} */
const endings = [];
afterEach(() => {
    for (const end of endings.splice(0)) end();
    keptProviders.value = NOTHING_KEPT;
    checks.value = new Map();
    providersFailure.value = null;
    providerLevel.value = "everywhere";
});

/** @param {{cap?: number | null, used?: number, store?: Record<string, (params: any) => unknown>}} [how] */
async function begin({ cap = null, used = 0, store = {} } = {}) {
    /** @type {Set<string>} */
    const enabled = new Set();
    const rules = {
        describe: (/** @type {any} */ { setup }) => described(setup),
        check: (/** @type {any} */ _) => /** @type {unknown} */ (CHECKED),
        signIn: () => {},
        starting: async (/** @type {string[]} */ _) => {},
        wantsToken: false,
    };
    const described = (/** @type {any} */ { kind }) => ({
        ...{ setup: { kind }, notes: [], origins: [`https://${kind}.test`], need: {}, has_confidence: true },
        ...{ is_billed: true, signs_in: rules.wantsToken },
    });
    const sentToken = { status: 200, n_bytes: 50, ms: 1, outcome: "answered", detail: null };
    const worker = () => ({
        load: () => null,
        presets: () => [],
        describe: (/** @type {any} */ params) => rules.describe(params),
        start: (/** @type {any} */ { setup }) => described(setup),
        plan: () => ({ batches: [1], units: 1 }),
        token_wanted: () => ({ host: "sign-in.test", n_bytes: 50 }),
        sign_in: () => rules.signIn() ?? sentToken,
        check: (/** @type {any} */ params) => rules.check(params),
        abort: () => null,
    });
    const providers = {
        whyNot: async () => null,
        enable: async (/** @type {string[]} */ origins) => void origins.forEach((origin) => enabled.add(origin)),
        disable: async (/** @type {string[]} */ origins) => void origins.forEach((origin) => enabled.delete(origin)),
        enabled: async () => [...enabled],
        async startWorker(/** @type {string[]} */ origins) {
            await rules.starting(origins); // the service worker takes its time
            const missing = origins.find((origin) => !enabled.has(origin));
            if (missing) throw Object.assign(new Error(missing), { code: "provider_not_enabled" });
            return new StandInWorker(worker());
        },
        loadModule: async () => ({}),
        localLeave: async () => "none",
        serverDate: async () => null,
    };
    const { context, storeCalls } = await standInContext({}, /** @type {any} */ ({ providers }), 1, store);
    endings.push(() => {
        context.session.stop();
        context.pool.stop();
    });
    const limit = new Cap(
        () => cap,
        async () => used,
        Date.now,
    );
    const actions = createProviders(context, /** @type {any} */ ({ set: () => {} }), {
        forgetKey: async () => {},
        secretsOf: () => ({}),
        capOf: () => limit,
        logCheck: createRequestLog(context).logCheck,
    });
    return { actions, enabled, rules, storeCalls, described, limit };
}

/** @param {{name: string, params: any}[]} calls @param {string} name */
const paramsOf = (calls, name) => calls.flatMap((call) => (call.name === name ? [call.params] : []));

test("two checks at once each reach their own service, and afterwards neither is reached", async () => {
    const { actions, enabled, rules } = await begin();
    /** @type {Promise<void> | null} */
    let second = null;
    rules.check = async () => {
        if (second) return CHECKED;
        second = actions.checkProvider("microsoft");
        await until(() => enabled.has("https://microsoft.test"));
        return CHECKED;
    };
    // The first has ended before the worker of the second looks whether it may start.
    rules.starting = async ([origin]) => {
        if (origin !== "https://microsoft.test") return;
        await until(() => checks.value.get("google")?.status === "done");
        for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
    };
    await actions.checkProvider("google");
    await second;
    for (const id of ["google", "microsoft"])
        assert.deepEqual(
            checks.value.get(id)?.steps.map(({ ok, failure }) => failure?.code ?? ok),
            Array(5).fill(true),
            id,
        );
    await actions.setCap("google", 5); // waits until all that was under way is over
    assert.deepEqual([...enabled], []);
});

test("a check is in the log with its units before it is sent, and with its bytes afterwards", async () => {
    const { actions, rules, storeCalls, limit } = await begin({ cap: 3 });
    /** @type {unknown[]} */
    const before = [];
    rules.check = () => {
        before.push(...paramsOf(storeCalls, "begin_request"));
        return CHECKED;
    };
    await actions.checkProvider("google");
    const [row] = /** @type {any[]} */ (before);
    assert.deepEqual([row?.purpose, row?.n_units, row?.host], ["check", 1, "google.test"]);
    const [end] = paramsOf(storeCalls, "end_request");
    assert.deepEqual([end?.id, end?.n_bytes, end?.n_billed], [row.id, 321, 1]);
    assert.equal(await limit.left(), 3, "what was set aside is given back once the log counts it");
});

test("a check does not go beyond what is left of the month", async () => {
    const { actions, rules, storeCalls } = await begin({ cap: 3, used: 3 });
    rules.check = () => assert.fail("it was sent");
    await actions.checkProvider("google");
    const codes = checks.value.get("google")?.steps.map(({ ok, failure }) => failure?.code ?? ok);
    assert.deepEqual(codes, [true, null, null, "provider_cap_reached", null]);
    assert.deepEqual(paramsOf(storeCalls, "begin_request"), []);
});

test("the last that is left of the month may go to another tab meanwhile, and is missed at the same step", async () => {
    const store = {
        begin_request: () => {
            throw Object.assign(new Error("no more"), { code: "provider_cap_reached" });
        },
    };
    const { actions, rules, storeCalls, limit } = await begin({ cap: 3, used: 2, store });
    rules.check = () => assert.fail("it was sent");
    await actions.checkProvider("google");
    const steps = checks.value.get("google")?.steps.map(({ step, ok, failure }) => [step, failure?.code ?? ok]);
    assert.deepEqual(steps, [
        ["form", true],
        ["reach", null],
        ["sign_in", null],
        ["rights", "provider_cap_reached"],
        ["answer", null],
    ]);
    assert.deepEqual([paramsOf(storeCalls, "begin_request").length, await limit.left()], [1, 1]);
});

test("a request for a token is in the log before it is sent, and nothing goes without its row", async () => {
    let isFull = false;
    const full = () => {
        if (isFull) throw Object.assign(new Error("full"), { code: "store_failed" });
        return null;
    };
    const store = { begin_request: (/** @type {any} */ { purpose }) => (purpose === "token" ? full() : null) };
    const { actions, rules, storeCalls } = await begin({ store });
    rules.wantsToken = true;
    let nSignedIn = 0;
    rules.signIn = () => {
        nSignedIn++;
        const rows = paramsOf(storeCalls, "begin_request").map(({ purpose, host, n_bytes: n }) => [purpose, host, n]);
        assert.deepEqual(rows.at(-1), ["token", "sign-in.test", 50]);
    };
    await actions.checkProvider("adobe");
    assert.equal(
        checks.value.get("adobe")?.steps.every(({ ok }) => ok === true),
        true,
    );
    await until(() => paramsOf(storeCalls, "end_request").length === 2);
    assert.deepEqual(
        paramsOf(storeCalls, "end_request")
            .map(({ n_bytes: n }) => n)
            .sort(),
        [321, 50],
    );
    isFull = true;
    rules.check = () => assert.fail("it was sent without a token");
    await actions.checkProvider("adobe");
    const codes = checks.value.get("adobe")?.steps.map(({ ok, failure }) => failure?.code ?? ok);
    assert.deepEqual([codes, nSignedIn], [[true, null, "library_unwritten", null, null], 1]);
    const last = paramsOf(storeCalls, "end_request").at(-1);
    assert.deepEqual([last?.outcome, last?.n_maybe], ["unreached", 0]);
});

test("a set-up that nobody could read for a moment keeps its addresses, and what is turned off loses them", async () => {
    const { actions, enabled, rules, described } = await begin();
    await actions.enableProvider("google", true);
    await actions.enableProvider("microsoft", true);
    assert.deepEqual([...enabled].sort(), ["https://google.test", "https://microsoft.test"]);
    rules.describe = () => {
        throw Object.assign(new Error("gone"), { code: "worker_crashed" });
    };
    await actions.setCap("google", 5);
    assert.deepEqual([...enabled].sort(), ["https://google.test", "https://microsoft.test"]);
    assert.equal(providersFailure.value?.code, "worker_crashed");
    rules.describe = ({ setup }) => described(setup);
    await actions.enableProvider("microsoft", false);
    assert.deepEqual([...enabled], ["https://google.test"]);
});

test("a set-up that is wrong reaches nobody", async () => {
    const { actions, enabled, rules } = await begin();
    await actions.enableProvider("google", true);
    rules.describe = () => {
        throw Object.assign(new Error("no host"), { code: "provider_setup_invalid" });
    };
    await actions.setCap("google", 5);
    assert.deepEqual([...enabled], []);
});

test("an endpoint never gets the number of one that the library knows, or that was removed", async () => {
    const run = { tagger: "http-4" };
    const store = /** @type {any} */ ({ runs: () => [run], request_totals: () => [{ provider: "http-7" }] });
    const { actions } = await begin({ store });
    await actions.addEndpoint("");
    await actions.removeEndpoint("http-8");
    store.request_totals = () => [];
    await actions.addEndpoint("");
    assert.deepEqual(
        keptProviders.value.others.map(({ id }) => id),
        ["http-9"],
    );
});

test("a price and its currency are kept in whichever order they are typed", async () => {
    const { actions } = await begin();
    const price = () => keptProviders.value.prices["google"];
    await actions.setPrice("google", { currency: " SEK " });
    assert.deepEqual(price(), { amount: null, currency: "SEK" });
    await actions.setPrice("google", { amount: 1.5 });
    assert.deepEqual(price(), { amount: 1.5, currency: "SEK" });
    await actions.setPrice("google", { amount: Number.NaN });
    assert.deepEqual(price(), { amount: null, currency: "SEK" });
    await actions.setPrice("google", { currency: "" });
    assert.equal(price(), undefined);
    await actions.setPrice("google", { amount: 2 });
    assert.deepEqual(price(), { amount: 2, currency: "USD" });
});

test("a field is set at the level at which it was typed, also where another is chosen before it is understood", async () => {
    const { actions } = await begin();
    const setting = actions.setProvider("google", { setup: { host: "https://eu-vision.googleapis.com" } });
    actions.setProviderLevel("collection");
    await setting;
    assert.deepEqual(keptProviders.value.levels, {
        everywhere: { google: { setup: { host: "https://eu-vision.googleapis.com" } } },
    });
});
