/**
 * The worker that asks other taggers: who hands it out, for whom, and where there is none; in Chromium and Firefox, on a host that sends our
 * headers and on one that sends none.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { HEADERS } from "../../www/tools/csp.mjs";
import { serve } from "../../www/tools/serve.mjs";
import { findFirefox } from "./browsers/playwright.mjs";
import { FLAGS, findChromium, fromWww } from "./harness.mjs";
import { startHost } from "./host.mjs";
import { makeProviderPage } from "./leaving/provider_page.mjs";

const WITHOUT = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, ""]));
const BROWSERS = {
    chromium: (/** @type {string[]} */ flags = []) =>
        fromWww("playwright-core").chromium.launch({ executablePath: findChromium(), args: [...FLAGS, ...flags] }),
    firefox: () => fromWww("playwright-bidi").firefox.launch({ channel: "moz-firefox", executablePath: findFirefox() }),
};
const ENABLED = "https://one.example";
const OTHER = "https://other.example";

/** @type {Awaited<ReturnType<typeof makeProviderPage>>} */
let built;
before(async () => {
    built = await makeProviderPage();
});
after(() => built.remove());

/** A service that lets pages read its answers. @param {import("node:test").TestContext} context */
async function startService(context) {
    /** @type {string[]} */
    const asked = [];
    const server = createServer((request, response) => {
        asked.push(`${request.method} ${request.url} ${request.headers["x-key"] ?? ""}`.trim());
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Access-Control-Allow-Headers", "X-Key, Content-Type");
        response.setHeader("Access-Control-Max-Age", "60");
        response.setHeader("Content-Type", "application/json");
        response.statusCode = request.method === "GET" ? 405 : 200;
        response.end('{"tags":[{"name":"cat","sure":0.75}]}');
    });
    await new Promise((opened) => server.listen(0, "127.0.0.1", () => opened(null)));
    context.after(() => {
        server.closeAllConnections();
        server.close();
    });
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    return { origin: `http://127.0.0.1:${port}`, asked };
}

/** @type {import("playwright-core").Browser} */
let chromium;
before(async () => {
    chromium = await BROWSERS.chromium();
});
after(() => chromium?.close());

/**
 * @param {import("node:test").TestContext} context
 * @param {{url?: string, headers?: Record<string, string>, hasServiceWorkers?: boolean}} [how] `url`: of a host that is there already
 */
async function openInChromium(context, { url = "", headers = {}, hasServiceWorkers = true } = {}) {
    const site = url ? { url } : await serve({ dir: built.folder, port: 0, headers });
    if ("close" in site) context.after(/** @type {() => Promise<void>} */ (site.close));
    const opened = await chromium.newContext();
    if (!hasServiceWorkers)
        await opened.addInitScript(() => void Reflect.deleteProperty(Navigator.prototype, "serviceWorker"));
    context.after(() => opened.close());
    const page = await opened.newPage();
    await page.goto(site.url);
    return { page, site };
}

/** @param {import("playwright-core").Page} page */
const waitUntilControlled = (page) =>
    page.evaluate(async () => {
        const { serviceWorker } = navigator;
        if (!serviceWorker.controller)
            await new Promise((controlled) => serviceWorker.addEventListener("controllerchange", controlled));
    });

/** What becomes of a worker that is started from an address. In the page. @param {string} address */
const start = (address) =>
    new Promise((done) => {
        const page = /** @type {any} */ (globalThis);
        page.ways ??= page.trustedTypes?.createPolicy("lit-html", {
            createScriptURL: (/** @type {string} */ url) => url,
        });
        const worker = new Worker(page.ways ? page.ways.createScriptURL(address) : address);
        worker.onmessage = ({ data }) => done(data.ready);
        worker.onerror = () => done("error");
    });

/** What becomes of an origin that is not enabled, is, and is not any more. In the page. @param {string} origin */
async function enableOnce(origin) {
    const { providers } = /** @type {any} */ (globalThis).tagsmith;
    const attempt = () =>
        providers.startWorker([origin]).then(
            (/** @type {Worker} */ worker) => {
                worker.terminate();
                return "started";
            },
            (/** @type {{code: string}} */ { code }) => code,
        );
    const outcomes = [await providers.whyNot(), await attempt()];
    await providers.enable([origin]);
    outcomes.push(await providers.enabled(), await attempt());
    await providers.disable([origin]);
    return [...outcomes, await attempt(), await caches.keys()];
}

/**
 * A provider is asked through its worker, and through nothing else. In the page.
 * @param {{mine: string, other: string, closed: string}} origins all enabled; one worker is for `mine` alone
 */
async function askThrough({ mine, other, closed }) {
    const { providers, ProviderClient } = /** @type {any} */ (globalThis).tagsmith;
    await providers.enable([mine, other, closed]);
    const client = await ProviderClient.open(providers, [mine]);
    const setup = (/** @type {string} */ origin) => ({
        kind: "http",
        url: `${origin}/tag`,
        headers: [["X-Key", "{key}"]],
        body: "bytes",
        names: "/tags/*/name",
        confidences: "/tags/*/sure",
        is_own_machine: true,
    });
    const secrets = { key: "a-secret-key" };
    const start = (/** @type {string} */ origin) =>
        client.start({ setup: setup(origin), secrets, timeoutMs: 10_000 }).then(
            () => "started",
            (/** @type {{code: string}} */ { code }) => code,
        );
    const pictures = [{ blob: new Blob(["\xff\xd8"], { type: "image/jpeg" }), width: 64, height: 64 }];
    const outcomes = { other: await start(other), mine: await start(mine) };
    const { status, outcome, results, n_bytes: nBytes } = await client.send({ pictures, language: "en" });
    const { steps } = await client.check("en");
    const gone = new AbortController();
    gone.abort();
    const cancelled = await client.send({ pictures, language: "en" }, { signal: gone.signal });
    client.stop();
    const dead = await ProviderClient.open(providers, [closed]);
    await dead.start({ setup: setup(closed), secrets, timeoutMs: 10_000 });
    const unreached = await dead.send({ pictures, language: "en" });
    dead.stop();
    await providers.disable([mine, other, closed]);
    return {
        ...outcomes,
        sent: [status, outcome, results[0].found.tags, nBytes > 0],
        steps: steps.map((/** @type {{ok: boolean}} */ { ok }) => ok),
        cancelled: [cancelled.outcome, cancelled.n_maybe],
        unreached: [unreached.outcome, unreached.failure.code],
        page: await fetch(`${mine}/tag`, { mode: "no-cors" }).catch((error) => error.name),
    };
}

/** What the service worker answers to anybody but a worker. In the page. @param {string} address */
async function fetched(address) {
    const response = await fetch(address);
    return [response.status, response.headers.get("content-security-policy"), await response.text()];
}

/** A provider worker that keeps itself to nothing: what it cannot reach is its policy's doing. */
const UNBOUND = `
postMessage({ ready: TAGSMITH_PROVIDER.origins });
onmessage = async ({ data }) => {
    const reach = (url) => fetch(url, { method: "POST", mode: "no-cors" }).then(() => "reached", () => "refused");
    postMessage(await Promise.all(data.map(reach)));
};`;

/** @param {{mine: string, other: string}} origins both enabled; the worker is for `mine`. In the page. */
async function askUnbound({ mine, other }) {
    const { providers } = /** @type {any} */ (globalThis).tagsmith;
    await providers.enable([mine, other]);
    const worker = await providers.startWorker([mine]);
    worker.postMessage([mine, other]);
    const reached = await new Promise((answered) => {
        worker.onmessage = (/** @type {MessageEvent} */ { data }) => answered(data);
    });
    worker.terminate();
    return reached;
}

for (const [name, open] of Object.entries(BROWSERS))
    test(`in ${name} the policy alone keeps a worker to its origin, also one that does not keep to it itself`, {
        skip: name === "firefox" && !findFirefox() && "Firefox ESR is not installed.",
    }, async (context) => {
        const unbound = await makeProviderPage("unbound", UNBOUND);
        context.after(unbound.remove);
        const browser = await open();
        context.after(() => browser.close());
        for (const headers of [{}, WITHOUT]) {
            const site = await serve({ dir: unbound.folder, port: 0, headers });
            context.after(site.close);
            const [mine, other] = [await startService(context), await startService(context)];
            const page = await browser.newPage();
            await page.goto(site.url);
            await waitUntilControlled(page);
            const reached = await page.evaluate(askUnbound, { mine: mine.origin, other: other.origin });
            assert.deepEqual(reached, ["reached", "refused"]);
            assert.deepEqual([mine.asked.length, other.asked.length], [1, 0]);
        }
    });

for (const [name, open] of Object.entries(BROWSERS))
    test(`in ${name} a worker is handed out for what is enabled, and for nothing else`, {
        skip: name === "firefox" && !findFirefox() && "Firefox ESR is not installed.",
    }, async (context) => {
        const browser = await open();
        context.after(() => browser.close());
        for (const headers of [{}, WITHOUT]) {
            const site = await serve({ dir: built.folder, port: 0, headers });
            context.after(site.close);
            const page = await browser.newPage();
            await page.goto(site.url);
            await waitUntilControlled(page);
            const outcomes = await page.evaluate(enableOnce, ENABLED);
            const isNot = "provider_not_enabled";
            const pages = [`tagsmith-page ${site.url} one`];
            assert.deepEqual(outcomes, [null, isNot, [ENABLED], "started", isNot, pages]);
            // What a script that has broken in asks for by itself.
            await page.evaluate(`tagsmith.providers.enable(["${ENABLED}"])`);
            const ask = (/** @type {string} */ search) =>
                page.evaluate(`(${start})(${JSON.stringify(built.script + search)})`);
            assert.deepEqual(await ask(`?to=${ENABLED}`), [ENABLED]);
            for (const search of [
                `?to=${ENABLED}&to=${OTHER}`,
                `?to=${OTHER}`,
                `?to=${ENABLED}%20*`,
                `?to=${ENABLED}/`,
                `?to=*`,
                `?to=${ENABLED}&x=1`,
            ])
                assert.equal(await ask(search), "error", search);
            const [mine, other] = await Promise.all([startService(context), startService(context)]);
            const asked = await page.evaluate(askThrough, {
                mine: mine.origin,
                other: other.origin,
                closed: "http://127.0.0.1:9",
            });
            assert.deepEqual(asked, {
                other: "provider_not_enabled",
                mine: "started",
                sent: [200, "answered", [{ name: "cat", confidence: 0.75 }], true],
                steps: [true, true, true, true, true],
                cancelled: ["unreached", 0],
                unreached: ["unreached", "provider_unreachable"],
                page: "TypeError",
            });
            assert.deepEqual(other.asked, []);
            assert.deepEqual([...new Set(mine.asked)], ["GET /tag", "OPTIONS /tag", "POST /tag a-secret-key"]);
            const answered = await page.evaluate(`(${fetched})(${JSON.stringify(`${built.script}?to=${ENABLED}`)})`);
            assert.deepEqual(answered, [403, "default-src 'none'", "It is for a worker of the page only.\n"]);
        }
    });

test("a browser that was told to let no page ask this machine is told from a service that is not there", async (context) => {
    const site = await serve({ dir: built.folder, port: 0 });
    context.after(site.close);
    const service = await startService(context);
    // The page as one from the internet; without a window there is nobody to ask for leave, and the answer is no.
    const browser = await BROWSERS.chromium([`--ip-address-space-overrides=127.0.0.1:${site.port}=public`]);
    context.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(site.url);
    await waitUntilControlled(page);
    const refused = await page.evaluate(async (/** @type {string} */ origin) => {
        const { providers, ProviderClient } = /** @type {any} */ (globalThis).tagsmith;
        await providers.enable([origin]);
        const client = await ProviderClient.open(providers, [origin]);
        const setup = { kind: "http", url: `${origin}/tag`, body: "bytes", names: "/tags/*", is_own_machine: true };
        await client.start({ setup, secrets: {}, timeoutMs: 10_000 });
        const picture = { blob: new Blob(["x"], { type: "image/jpeg" }), width: 64, height: 64 };
        const { outcome, failure } = await client.send({ pictures: [picture], language: "en" });
        const { steps } = await client.check("en");
        return [outcome, failure.code, failure.billed, steps[1].failure.code];
    }, service.origin);
    assert.deepEqual(refused, ["unreached", "provider_local_refused", "no", "provider_local_refused"]);
    assert.deepEqual(service.asked, []);
});

test("a script that is not the build's is not handed out, whoever put it into the cache", async (context) => {
    const { page, site } = await openInChromium(context);
    await waitUntilControlled(page);
    const address = site.url + built.script;
    await page.evaluate(
        `caches.open("tagsmith-page ${site.url} one").then((kept) => kept.put("${address}", new Response("postMessage({ready: 1})")))`,
    );
    assert.equal(await page.evaluate(`(${start})("${address}")`), "error");
});

test("loaded past the service worker the script knows no origin, and the page says why there are no providers", async (context) => {
    const { page, site } = await openInChromium(context, { headers: WITHOUT, hasServiceWorkers: false });
    assert.equal(await page.evaluate("tagsmith.providers.whyNot()"), "no_service_worker");
    const direct = await page.evaluate(`(${start})("${site.url}${built.script}?to=${ENABLED}")`);
    assert.equal(direct, null);
});

test("a host whose headers forbid the worker is told from a browser that has none", async (context) => {
    const { page } = await openInChromium(context, { headers: { "Content-Security-Policy": "worker-src blob:" } });
    assert.equal(await page.evaluate("tagsmith.providers.whyNot()"), "forbidden");
});

test("the worker is fetched when it is first asked for, and kept from then on", async (context) => {
    const host = await startHost(built.folder);
    context.after(() => host.close());
    const { page } = await openInChromium(context, { url: host.url });
    await waitUntilControlled(page);
    assert.deepEqual(
        host.takeAsked().filter((name) => name.startsWith("provider")),
        [],
    );
    await page.evaluate("tagsmith.providers.whyNot()");
    assert.ok(host.takeAsked().includes(built.script));
    await host.goDown();
    await page.reload();
    assert.equal(await page.evaluate("tagsmith.providers.whyNot()"), null);
});

test("a newer version keeps the worker and its module at once where a provider is enabled", async (context) => {
    const [host, newer] = await Promise.all([startHost(built.folder), makeProviderPage("two")]);
    context.after(() => Promise.all([host.close(), newer.remove()]));
    const { page } = await openInChromium(context, { url: host.url });
    await waitUntilControlled(page);
    await page.evaluate((/** @type {string} */ origin) => {
        return /** @type {any} */ (globalThis).tagsmith.providers.enable([origin]);
    }, ENABLED);
    await host.deploy(newer.folder);
    host.takeAsked();
    await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update();
        while (!registration.waiting) await new Promise((wait) => setTimeout(wait, 20));
    });
    const asked = host.takeAsked().filter((name) => name.startsWith("provider"));
    assert.deepEqual(asked.map((name) => name.split(".")[0]).sort(), ["provider", "providers"]);
});
