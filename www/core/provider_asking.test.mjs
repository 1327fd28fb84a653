/** With the module as it was built: skipped where there is none. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { ProviderAsking } from "./provider_asking.js";
import { Line } from "./provider_line.js";

const FOLDER = new URL("../../target/engine/providers/", import.meta.url);
const isBuilt = existsSync(new URL("providers_bg.wasm", FOLDER));
const skip = isBuilt ? false : "The providers module is not built: cargo x build";
/** @type {typeof import("./providers_api.d.ts")} */
const module = isBuilt ? await import(new URL("providers.js", FOLDER).href) : /** @type {any} */ ({});
if (isBuilt) /** @type {any} */ (module).initSync({ module: readFileSync(new URL("providers_bg.wasm", FOLDER)) });

const NEVER = new AbortController().signal;
const PICTURE = { blob: new Blob([Uint8Array.of(0xff, 0xd8, 0xff)], { type: "image/jpeg" }), width: 640, height: 480 };
const GOOGLE = { kind: "google" };
const HTTP = { kind: "http", url: "https://one.example/tag", body: "bytes", names: "/tags/*" };
const ADOBE = {
    kind: "adobe",
    client_id: "client",
    technical_account_id: "account",
    organization_id: "org",
    scopes: "openid,AdobeID",
    sign_in: "credentials",
    engine: "engine",
    names: "/tags/*",
};

/** @param {unknown} body @param {number} [status] */
const json = (body, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/**
 * Asked over a line whose server answers with `answers`, one after the other. Looks are answered, and not counted.
 * @param {object} setup @param {object} secrets @param {(Response | Error)[]} answers @param {() => number} [now]
 */
function ask(setup, secrets, answers, now) {
    /** @type {{url: string, headers: Headers}[]} */
    const asked = [];
    const fetch = async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
        if (init.mode === "no-cors") return new Response();
        asked.push({ url, headers: new Headers(init.headers) });
        const answer = answers.shift() ?? assert.fail(`nobody expected ${url}`);
        if (answer instanceof Error) throw answer;
        return answer;
    };
    const line = new Line({ fetch, timeoutMs: 1000, canLook: true, isOnline: () => true, pageProtocol: "https:" });
    const provider = new module.Provider(JSON.stringify(setup));
    return { asking: new ProviderAsking(provider, line, secrets, now), asked };
}

test("pictures are answered one by one, and counted as they are billed", { skip }, async () => {
    const responses = [
        { labelAnnotations: [{ description: "Cat", score: 0.9 }] },
        { error: { code: 3, message: "Bad image data." } },
    ];
    const { asking, asked } = ask(GOOGLE, { key: "a-secret-key" }, [json({ responses })]);
    const reply = await asking.send([PICTURE, PICTURE], "en", NEVER);
    const [first, second] = reply.results ?? [];
    assert.ok(first && "found" in first && first.found.tags[0]?.name === "Cat");
    assert.ok(second && "failure" in second && second.failure.code === "provider_picture_refused");
    assert.equal(reply.outcome, "answered");
    assert.ok(reply.n_billed + reply.n_maybe <= 2 && reply.n_billed >= 1, JSON.stringify(reply));
    assert.ok(!asked[0]?.url.includes("a-secret-key"));
});

test("a lost answer is perhaps all units, and none at one's own machine", { skip }, async () => {
    const lost = new TypeError("Failed to fetch");
    const cloud = await ask(GOOGLE, { key: "a-secret-key" }, [lost]).asking.send([PICTURE, PICTURE], "en", NEVER);
    assert.deepEqual([cloud.outcome, cloud.n_billed, cloud.n_maybe, cloud.results], ["lost", 0, 2, null]);
    const own = { ...HTTP, url: "http://localhost:11434/tag", is_own_machine: true };
    const mine = await ask(own, {}, [lost]).asking.send([PICTURE], "en", NEVER);
    assert.deepEqual([mine.outcome, mine.n_maybe], ["lost", 0]);
});

test("what is missing is told before anything is sent", { skip }, async () => {
    const { asking, asked } = ask(GOOGLE, {}, []);
    const reply = await asking.send([PICTURE], "en", NEVER);
    assert.deepEqual([reply.outcome, reply.failure?.code, reply.n_maybe], ["unreached", "provider_key_missing", 0]);
    assert.equal(asked.length, 0);
});

test("what a server says of a request is shown without the secrets in it", { skip }, async () => {
    const said = json(
        { error: { code: 400, message: "API key not valid: a-secret-key", status: "INVALID_ARGUMENT" } },
        400,
    );
    const reply = await ask(GOOGLE, { key: "a-secret-key" }, [said]).asking.send([PICTURE], "en", NEVER);
    assert.ok(reply.failure);
    assert.doesNotMatch(JSON.stringify(reply), /a-secret-key/);
});

test("a token is fetched once, renewed before its end, and once more where it is refused", { skip }, async () => {
    let time = 0;
    const token = (/** @type {string} */ value) =>
        json({ access_token: value, token_type: "bearer", expires_in: 3600 });
    const good = () => json({ tags: ["cat"] });
    const secrets = { secret: "a-client-secret" };
    const { asking, asked } = ask(ADOBE, secrets, [token("one-token"), good(), good()], () => time);
    const send = () => asking.send([PICTURE], "en", NEVER);
    const wanted = asking.tokenWanted();
    assert.ok(wanted && wanted.host === "ims-na1.adobelogin.com" && wanted.n_bytes > 0);
    assert.equal(asked.length, 0, "it is told before it is sent");
    const signedIn = await asking.signIn();
    assert.deepEqual([signedIn.status, signedIn.n_bytes], [200, wanted.n_bytes]);
    assert.equal(asking.tokenWanted(), null);
    await Promise.all([send(), send()]);
    assert.deepEqual(
        asked.map(({ url }) => new URL(url).host),
        ["ims-na1.adobelogin.com", "smartcontent.adobe.io", "smartcontent.adobe.io"],
    );
    const refused = () => json({}, 401);
    const late = ask(
        ADOBE,
        secrets,
        [token("one-token"), good(), token("two-token"), refused(), refused(), token("three-token"), good()],
        () => time,
    );
    await late.asking.signIn();
    await late.asking.send([PICTURE], "en", NEVER);
    time = 3_299_000;
    assert.equal(late.asking.tokenWanted(), null);
    time = 3_301_000;
    assert.ok(late.asking.tokenWanted(), "a little before its end");
    const unsent = await late.asking.send([PICTURE], "en", NEVER);
    assert.deepEqual([unsent.outcome, unsent.failure?.retry], ["unreached", { after_ms: 0 }]);
    await late.asking.signIn();
    const both = await Promise.all([1, 2].map(() => late.asking.send([PICTURE], "en", NEVER)));
    for (const { status, outcome, n_maybe, failure } of both) {
        assert.deepEqual([status, outcome, n_maybe, failure?.billed], [401, "refused", 0, "no"]);
        assert.deepEqual([failure?.code, failure?.retry], ["provider_key_expired", { after_ms: 0 }]);
    }
    assert.ok(late.asking.tokenWanted(), "one that was refused is not used again");
    await late.asking.signIn();
    const renewed = await late.asking.send([PICTURE], "en", NEVER);
    assert.equal(renewed.outcome, "answered");
    assert.equal(late.asked.at(-1)?.headers.get("authorization"), "Bearer three-token");
    assert.doesNotMatch(JSON.stringify([both, renewed]), /token"?:"(one|two|three)|a-client-secret/);
});

test("a check of who signs in looks at the form first, and then wants a token", { skip }, async () => {
    const token = json({ access_token: "a-new-token", token_type: "bearer", expires_in: 3600 });
    const { asking } = ask(ADOBE, { secret: "a-client-secret" }, [token, json({ tags: ["cat"] })]);
    assert.ok(asking.tokenWanted("en"));
    await asking.signIn();
    const { steps } = await asking.check("en", NEVER, () => {});
    assert.deepEqual(
        steps.map(({ ok, failure }) => failure?.code ?? ok),
        Array(5).fill(true),
    );
    const { names: _, ...unfinished } = ADOBE;
    const bad = ask({ ...unfinished, engine: "" }, { secret: "a-client-secret" }, []);
    assert.equal(bad.asking.tokenWanted("en"), null, "nobody signs in for a form that is not filled in");
    const said = await bad.asking.check("en", NEVER, () => {});
    assert.deepEqual([said.steps[0]?.ok, said.sent, bad.asked.length], [false, null, 0]);
});

test("a second token that is refused is no accident, and the service says why", { skip }, async () => {
    const token = () => json({ access_token: "a-new-token", token_type: "bearer", expires_in: 3600 });
    const answers = [token(), json({}, 401), token(), json({}, 401), token(), json({}, 401)];
    const { asking } = ask(ADOBE, { secret: "a-client-secret" }, answers);
    const retries = [];
    for (let n = 0; n < 3; n++) {
        await asking.signIn();
        retries.push((await asking.send([PICTURE], "en", NEVER)).failure?.retry);
    }
    assert.deepEqual(retries, [{ after_ms: 0 }, "never", "never"]);
});

test("a check says which step fails, and what comes after is not known", { skip }, async () => {
    const steps = async (
        /** @type {object} */ setup,
        /** @type {object} */ secrets,
        /** @type {(Response | Error)[]} */ answers,
    ) => {
        const { asking } = ask(setup, secrets, answers);
        const reply = await asking.check("en", NEVER, () => {});
        return reply.steps.map(({ ok, failure }) => failure?.code ?? ok);
    };
    const key = { key: "a-secret-key" };
    assert.deepEqual(await steps(GOOGLE, {}, []), ["provider_key_missing", null, null, null, null]);
    assert.deepEqual(await steps(GOOGLE, key, [json({ responses: [{}] })]), [true, true, true, true, true]);
    assert.deepEqual(await steps(GOOGLE, key, [new TypeError("x")]), [true, "provider_blocked", null, null, null]);
    const wrong = {
        error: {
            code: 400,
            message: "API key not valid. Please pass a valid API key.",
            status: "INVALID_ARGUMENT",
            details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }],
        },
    };
    assert.deepEqual(await steps(GOOGLE, key, [json(wrong, 400)]), [true, true, "provider_key_wrong", null, null]);
    assert.deepEqual(await steps(GOOGLE, key, [new Response("<html>", { headers: { "content-type": "text/html" } })]), [
        true,
        true,
        true,
        true,
        "provider_answer_unreadable",
    ]);
});

test("a service that repeats the secret with which somebody signs in does not bring it on screen", {
    skip,
}, async () => {
    const secrets = { secret: "a-client-secret" };
    const refusal = { error: "invalid_client", error_description: "No client has the secret a-client-secret." };
    const { asking } = ask(ADOBE, secrets, [json(refusal, 400)]);
    const signedIn = await asking.signIn();
    const reply = await asking.send([PICTURE], "en", NEVER);
    assert.ok(signedIn.detail && reply.failure?.detail === signedIn.detail && reply.outcome === "unreached");
    assert.doesNotMatch(JSON.stringify([signedIn, reply]), /a-client-secret/);
});
