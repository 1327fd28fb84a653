/**
 * The worker that asks other taggers: who hands it out, for whom, and where there is none; in Chromium and Firefox, on a host that sends our
 * headers and on one that sends none.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HEADERS } from "../../www/tools/csp.mjs";
import { serve } from "../../www/tools/serve.mjs";
import { findFirefox } from "./browsers/playwright.mjs";
import { FLAGS, findChromium, fromWww } from "./harness.mjs";
import { startHost } from "./host.mjs";
import { makeProviderPage } from "./leaving/provider_page.mjs";

const WITHOUT = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, ""]));
const BROWSERS = {
    chromium: () => fromWww("playwright-core").chromium.launch({ executablePath: findChromium(), args: FLAGS }),
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

/** What the service worker answers to anybody but a worker. In the page. @param {string} address */
async function fetched(address) {
    const response = await fetch(address);
    return [response.status, response.headers.get("content-security-policy"), await response.text()];
}

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
            const answered = await page.evaluate(`(${fetched})(${JSON.stringify(`${built.script}?to=${ENABLED}`)})`);
            assert.deepEqual(answered, [403, "default-src 'none'", "It is for a worker of the page only.\n"]);
        }
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
