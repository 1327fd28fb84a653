/**
 * What the providers module builds, sent over real HTTP to the stand-in, which refuses whatever the documents of a service forbid; and what
 * becomes of its answers. The stand-in was written from the same documents by other hands: neither is proof of a live service.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { jpeg } from "../providers/jpeg_files.mjs";
import { ADOBE, CREDENTIALS, startStandIn } from "../providers/stand_in.mjs";
import { tagsOf, textsOf } from "../providers/words.mjs";
import { ROOT } from "../root.mjs";

const MODULE = join(ROOT, "target/engine/providers");
const { Provider, initSync, presets } = await import(pathToFileURL(join(MODULE, "providers.js")).href);
initSync({ module: readFileSync(join(MODULE, "providers_bg.wasm")) });

/** @type {import("../providers/stand_in.mjs").StandIn} */
let services;
before(async () => void (services = await startStandIn()));
after(() => services.close());
afterEach(() => {
    services.behave(null);
    services.forget();
});

/** @param {string} id @returns {any} a ready-made set-up, at the stand-in */
function preset(id) {
    const { setup } = presets().find((/** @type {{id: string}} */ one) => one.id === id);
    const url = services.url + setup.url.replace(/^https?:\/\/[^/]+/, "");
    return { ...setup, url, model: setup.model || "gpt-4o-mini" };
}

const adobe = () => ({
    ...{ kind: "adobe", service_url: services.url, client_id: ADOBE.client_id, organization_id: ADOBE.organization },
    ...{ authorization_server: services.url, scopes: "openid, AdobeID", engine: `Feature:x:Service-${"0".repeat(32)}` },
    ...{
        names: "/result/*/tags/*/tag",
        confidences: "/result/*/tags/*/confidence",
        technical_account_id: "a@techacct.adobe.com",
    },
});

/** By name: the set-up, the credentials, the language asked for, and whether what comes are a language model's words. */
const CASES = /** @type {Record<string, {setup: () => any, secrets: any, language?: string, hasWords?: boolean}>} */ ({
    google: { setup: () => ({ kind: "google", host: services.url }), secrets: CREDENTIALS.google },
    "microsoft 3.2": {
        setup: () => ({ kind: "microsoft", endpoint: services.url, version: "3.2" }),
        secrets: CREDENTIALS.microsoft,
        language: "sv",
    },
    "microsoft 4.0": {
        setup: () => ({ kind: "microsoft", endpoint: services.url, version: "4.0" }),
        secrets: CREDENTIALS.microsoft,
    },
    "microsoft 2.0, at a gateway of one's own": {
        setup: () => ({ kind: "microsoft", endpoint: `${services.url}/vision/v2.0`, version: "2.0" }),
        secrets: CREDENTIALS.microsoft,
    },
    "adobe, with a token": { setup: () => ({ ...adobe(), sign_in: "token" }), secrets: { token: ADOBE.token } },
    imagga: { setup: () => preset("imagga"), secrets: CREDENTIALS.imagga, language: "sv" },
    clarifai: { setup: () => preset("clarifai"), secrets: CREDENTIALS.clarifai },
    photoprism: { setup: () => preset("photoprism"), secrets: CREDENTIALS.photoprism },
    "tagsmith serve": { setup: () => preset("tagsmith_serve"), secrets: {}, language: "sv" },
    "ollama on one's own machine": { setup: () => preset("ollama"), secrets: {}, hasWords: true },
    "ollama's cloud": { setup: () => preset("ollama_cloud"), secrets: CREDENTIALS.ollama, hasWords: true },
    "openai's chat": { setup: () => preset("openai_chat"), secrets: CREDENTIALS.openai, hasWords: true },
    "openai's responses": { setup: () => preset("openai_responses"), secrets: CREDENTIALS.openai, hasWords: true },
});

/** @param {{method: string, url: string, headers: [string, string][], body: Uint8Array<ArrayBuffer>}} request */
async function send({ method, url, headers, body }) {
    const answer = await fetch(url, { method, headers, body });
    return { status: answer.status, headers: [...answer.headers], body: new Uint8Array(await answer.arrayBuffer()) };
}

/** @param {any} provider @param {any} secrets @param {Buffer[]} pictures @param {string} [language] */
async function ask(provider, secrets, pictures, language = "en") {
    const sent = pictures.map((bytes) => ({
        bytes: new Uint8Array(bytes),
        media_type: "image/jpeg",
        width: 64,
        height: 64,
    }));
    const { status, headers, body } = await send(provider.request(JSON.stringify(secrets), sent, language));
    return provider.answer(status, headers, body, pictures.length);
}

describe("the providers module and the stand-in", () => {
    for (const [name, { setup, secrets, language = "en", hasWords = false }] of Object.entries(CASES))
        test(`agree about ${name}`, async () => {
            const provider = new Provider(JSON.stringify(setup()));
            const picture = jpeg(3);
            const { results, failure } = await ask(provider, secrets, [picture], language);
            assert.deepEqual([failure, services.refusals], [undefined, []]);
            const { found } = results[0];
            const wanted = hasWords ? textsOf(picture).tags : tagsOf(picture, language).map((tag) => tag.name);
            assert.deepEqual(
                found.tags.map((/** @type {{name: string}} */ tag) => tag.name),
                wanted,
            );
            if (hasWords) assert.equal(found.alt_text, textsOf(picture).alt_text);
            else
                assert.ok(
                    found.tags.every((/** @type {{confidence: number}} */ { confidence: c }) => c > 0.3 && c <= 1),
                );
            assert.equal(services.nBilled, provider.isBilled() ? provider.units(1) : 0, "both count the same units");
            await send(provider.probe(JSON.stringify(secrets), language));
            assert.deepEqual(services.refusals, [], "the smallest request is a whole one");
        });

    test("agree about Adobe's tokens, and tell a wrong secret from a wrong scope", async () => {
        const provider = new Provider(JSON.stringify({ ...adobe(), sign_in: "credentials" }));
        const secrets = { secret: ADOBE.client_secret };
        assert.ok(provider.needsToken());
        const answer = await send(provider.tokenRequest(JSON.stringify(secrets)));
        const { token } = provider.token(answer.status, answer.headers, answer.body);
        assert.equal(token, ADOBE.token);
        const { results } = await ask(provider, { ...secrets, token }, [jpeg(3)]);
        assert.equal(results[0].found.tags.length, 5);
        assert.deepEqual(services.refusals, []);
        const wrong = await send(provider.tokenRequest(JSON.stringify({ secret: "another" })));
        const { failure } = provider.token(wrong.status, wrong.headers, wrong.body);
        assert.equal(failure.code, "provider_key_wrong");
        assert.ok(!JSON.stringify(failure).includes("another"));
    });

    test("fill a request of Google's with sixteen pictures, and keep what is good of an answer", async () => {
        const provider = new Provider(JSON.stringify({ kind: "google", host: services.url }));
        assert.deepEqual([...provider.batches(Uint32Array.from(Array(20).fill(1_000)))], [16, 4]);
        const pictures = Array.from({ length: 16 }, (_, idx) => jpeg(idx));
        services.behave("partial");
        const { results } = await ask(provider, CREDENTIALS.google, pictures);
        assert.equal(results[0].failure.code, "provider_unavailable");
        assert.ok(results.slice(1).every((/** @type {any} */ { found }) => found.tags.length === 5));
        const large = provider.batches(Uint32Array.from(Array(4).fill(3_000_000)));
        assert.deepEqual([...large], [2, 2], "ten megabytes are less than three of these");
    });

    const FAULTS = /** @type {const} */ ([
        ["wrong_key", "provider_key_wrong"],
        ["no_rights", "provider_not_permitted"],
        ["throttled", "provider_throttled"],
        ["unavailable", "provider_unavailable"],
        ["html", "provider_answer_unreadable"],
        ["truncated", "provider_answer_unreadable"],
    ]);
    for (const name of ["google", "microsoft 3.2", "microsoft 4.0", "adobe, with a token", "clarifai"])
        test(`agree about what is wrong with ${name}`, async () => {
            const { setup, secrets } = CASES[name] ?? assert.fail(name);
            const provider = new Provider(JSON.stringify(setup()));
            for (const [fault, code] of FAULTS) {
                services.behave(fault, { where: "text", retryAfterS: 7 });
                const { failure } = await ask(provider, secrets, [jpeg(3)]);
                assert.equal(failure?.code, code, `${fault}: ${JSON.stringify(failure)}`);
            }
            services.behave("throttled", { where: "header", retryAfterS: 7 });
            const { failure } = await ask(provider, secrets, [jpeg(3)]);
            assert.deepEqual([failure.retry, failure.billed], [{ after_ms: 7_000 }, "no"]);
        });
});
