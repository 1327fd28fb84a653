import assert from "node:assert/strict";
import { test } from "node:test";
import { ProviderClient } from "../../core/provider_client.js";
import { failed } from "../../core/provider_protocol.js";
import { createPorts } from "./provider_ports.js";
import { StandInWorker } from "./stand_in.mjs";

/** The ports of a job whose pictures are there, and what of them was sent. */
function portsOf() {
    const rules = { isOn: true, mayLeave: true, signIn: async () => {} };
    /** @type {unknown[]} */
    const sent = [];
    const client = {
        plan: async () => ({ batches: [1], units: 1 }),
        send: async (/** @type {unknown} */ request, /** @type {{whyNot: () => unknown}} */ { whyNot }) => {
            await rules.signIn();
            const failure = whyNot();
            if (failure) return { outcome: "unreached", failure };
            sent.push(request);
            return { outcome: "answered" };
        },
        stop() {},
    };
    let tellGone = () => {};
    const working = {
        ...{ run: 1, mode: "add", origins: [], secrets: {}, host: "tags.test", cap: {}, onChange() {} },
        profile: { id: "google", setup: {}, language: "en" },
        opened: {
            client,
            ready: { need: {}, is_billed: true, has_confidence: true },
            whenGone: (/** @type {() => void} */ tell) => void (tellGone = tell),
        },
        fileOf: async () => new File([], "a.png"),
        isOn: () => rules.isOn,
        mayLeave: () => rules.mayLeave,
        shrinker: { shrink: async () => ({ blob: new Blob(["x"]), width: 1, height: 1 }) },
    };
    const context = {
        library: { call: async () => null },
        session: {},
        platform: {},
        openStore: async () => ({ newId: () => 1 }),
    };
    const ports = createPorts(/** @type {any} */ (context), /** @type {any} */ (working));
    return { ports, rules, sent, crash: () => tellGone() };
}

const HOW = { signal: new AbortController().signal };

test("at the last place before it leaves, a picture that must not by now stays", async () => {
    const codes = { isOn: "provider_not_enabled", mayLeave: "provider_never_leaves" };
    for (const rule of /** @type {const} */ (["isOn", "mayLeave"])) {
        const { ports, rules, sent } = portsOf();
        const outgoing = (await ports.prepare(1)) ?? assert.fail();
        rules[rule] = false;
        const { failure } = await ports.send([outgoing], HOW);
        assert.deepEqual([sent.length, failure?.billed, failure?.code], [0, "no", codes[rule]], rule);
        rules[rule] = true;
        await ports.send([outgoing], HOW);
        assert.equal(sent.length, 1, rule);
    }
});

test("what must not leave stays, also where that was said while somebody signed in", async () => {
    const codes = { isOn: "provider_not_enabled", mayLeave: "provider_never_leaves" };
    for (const rule of /** @type {const} */ (["isOn", "mayLeave"])) {
        const { ports, rules, sent } = portsOf();
        const outgoing = (await ports.prepare(1)) ?? assert.fail();
        rules.signIn = async () => void (rules[rule] = false);
        const { failure } = await ports.send([outgoing], HOW);
        assert.deepEqual([sent.length, failure?.billed, failure?.code], [0, "no", codes[rule]], rule);
    }
});

test("what is cancelled, or must not leave any more, while a token is fetched is not sent", async () => {
    for (const isCancelled of [true, false]) {
        const cancel = new AbortController();
        /** @type {ReturnType<typeof failed> | null} */
        let whyNot = null;
        let nSent = 0;
        const worker = new StandInWorker({
            load: () => null,
            start: () => ({ origins: [], signs_in: true }),
            token_wanted: () => ({ host: "sign.test", n_bytes: 1 }),
            sign_in() {
                if (isCancelled) cancel.abort();
                else whyNot = failed("provider_never_leaves", "");
                return { status: 200, outcome: "answered", n_bytes: 1, ms: 1, detail: null };
            },
            send: () => ({ outcome: "answered", n: nSent++ }),
            abort: () => null,
        });
        const providers = { startWorker: async () => worker, loadModule: async () => ({}) };
        const client = await ProviderClient.open(/** @type {any} */ (providers), []);
        const log = async () => async () => null;
        await client.start({ setup: { kind: "adobe" }, secrets: {}, timeoutMs: 1_000, log });
        const how = { signal: cancel.signal, whyNot: () => whyNot };
        const { outcome, failure, n_maybe: nMaybe } = await client.send({ pictures: [], language: "en" }, how);
        const code = isCancelled ? "provider_answer_lost" : "provider_never_leaves";
        assert.deepEqual([nSent, outcome, nMaybe, failure?.billed, failure?.code], [0, "unreached", 0, "no", code]);
        client.stop();
    }
});

test("nothing is logged as a request once the provider is off", async () => {
    const { ports, rules } = portsOf();
    rules.isOn = false;
    const counts = { files: [1], n_pictures: 1, n_units: 1, n_bytes: 1 };
    await assert.rejects(ports.begin(counts), { code: "provider_not_enabled" });
});

test("where no worker can be had any more, nothing was sent and nothing is billed", async () => {
    const { ports, sent, crash } = portsOf();
    const outgoing = (await ports.prepare(1)) ?? assert.fail();
    crash();
    const { outcome, n_maybe: nMaybe, failure } = await ports.send([outgoing], HOW);
    assert.deepEqual([sent.length, outcome, nMaybe, failure?.billed], [0, "unreached", 0, "no"]);
    assert.equal(failure?.code, "provider_unavailable_here");
});
