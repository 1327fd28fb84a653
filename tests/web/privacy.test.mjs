/**
 * What can leave the page, and what cannot: every way out, tried from the page, its workers, its service worker and a provider worker, on a
 * host that sends our headers and on one that sends none. Every host that is tried is one that is enabled for a provider: only the provider
 * worker that was started for it may reach it. What came of it is what was seen outside: at a resolver, and at TCP and UDP sockets. The same ways in a
 * page without a policy show that those see. The table is that of leaving/ways.mjs; README and docs/OFFLINE.md say it in words.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { HEADERS } from "../../www/tools/csp.mjs";
import { serve } from "../../www/tools/serve.mjs";
import { askThrough, enableFor, keepPolicy, startProviderWorker } from "./leaving/provider.mjs";
import { PAGE, findChromium, fromWww, waitUntilReady } from "./harness.mjs";
import { EVERYWHERE, IN_PAGES, IN_SERVICE_WORKERS, IN_WORKERS } from "./leaving/ways.mjs";
import { startWitnesses } from "./leaving/witnesses.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{evaluate: (script: string) => Promise<unknown>}} Place */
/** @typedef {{what: string, reach: import("./leaving/witnesses.mjs").Reach, witness: import("./leaving/witnesses.mjs").Witness}} Attempt */

const FLAGS =
    "--no-sandbox --disable-gpu --no-first-run --ignore-certificate-errors --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage";
/** For ways that must be seen; on a busy machine they take their time. */
const PATIENCE_MS = 45_000;
const WITHOUT = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, ""]));
const HOSTS = /** @type {const} */ (["with headers", "without headers", "without a policy"]);

/** @type {Awaited<ReturnType<typeof startWitnesses>>} */
let witnesses;
/** @type {import("playwright-core").BrowserContext} */
let context;
let profile = "";
/** @type {{url: string, close: () => unknown}[]} one for each of HOSTS */
let hosts = [];
/** A page of each of our hosts, from which origins are enabled. @type {Page[]} */
const enablers = [];

before(async () => {
    witnesses = await startWitnesses();
    profile = await mkdtemp(join(tmpdir(), "tagsmith-ways-out-"));
    await writeFile(join(profile, "Local State"), JSON.stringify(witnesses.settings));
    hosts = [
        await serve({ dir: PAGE, port: 0 }),
        await serve({ dir: PAGE, port: 0, headers: WITHOUT }),
        await serveWithoutPolicy(),
    ];
    // A profile as people have it: what is opened privately looks up fewer names beforehand.
    context = await fromWww("playwright-core").chromium.launchPersistentContext(profile, {
        executablePath: findChromium(),
        args: FLAGS.split(" "),
    });
    await context.addInitScript(keepPolicy);
});
after(async () => {
    await context?.close();
    witnesses?.close();
    await Promise.all(hosts.map((host) => host.close()));
    await rm(profile, { recursive: true, force: true });
});

/** A page, a worker and a service worker that forbid nothing. */
async function serveWithoutPolicy() {
    const worker = 'onmessage = () => {}; self.name = "worker"';
    /** @type {Record<string, [string, string]>} */
    const files = {
        "/": ["text/html", '<!doctype html><title>x</title><body><script>new Worker("worker.js")</script>'],
        "/worker.js": ["text/javascript", worker],
        "/sw.js": ["text/javascript", "onactivate = (event) => event.waitUntil(clients.claim())"],
        "/assets.json": ["application/json", "{}"],
    };
    const server = createServer((request, response) => {
        const [type, content] = files[new URL(request.url ?? "/", "http://localhost").pathname] ?? ["text/plain", ""];
        response.setHeader("Content-Type", type);
        response.end(content);
    });
    await new Promise((opened) => server.listen(0, "127.0.0.1", () => opened(null)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const close = () => {
        server.closeAllConnections();
        return new Promise((closed) => server.close(closed));
    };
    return { url: `http://127.0.0.1:${port}/`, close };
}

/** A witness, whose host is enabled for a provider. @param {number} host */
async function openTarget(host) {
    const opened = await witnesses.open();
    const origin = `https://${opened.target.host}:${opened.target.tcp}`;
    await enablers[host]?.evaluate(enableFor, origin);
    return { ...opened, origin };
}

/** @param {number} host @param {string} where @param {Place} place @param {import("./leaving/ways.mjs").Ways} ways @returns {Promise<Attempt[]>} */
const tryAll = (host, where, place, ways) =>
    Promise.all(
        Object.entries(ways).map(async ([name, { run, reach }]) => {
            const { witness, target } = await openTarget(host);
            // What a way says of itself does not count; one that ends its page says nothing.
            void place.evaluate(`(${run})(${JSON.stringify(target)})`).catch(() => {});
            return { what: `${name}, in the ${where}, ${HOSTS[host]}`, reach: reach[host] ?? "nothing", witness };
        }),
    );

/**
 * The provider worker: what it was started for, and everything else.
 * @param {number} host @param {Page} page @returns {Promise<Attempt[]>}
 */
async function tryProvider(host, page) {
    const { witness, origin } = await openTarget(host);
    const starting = page.waitForEvent("worker", (worker) => worker.url().includes("provider."));
    await page.evaluate(startProviderWorker, origin);
    const worker = await starting;
    const others = tryAll(host, "provider worker", worker, { ...EVERYWHERE, ...IN_WORKERS });
    void page.evaluate(askThrough, origin);
    const what = `its provider's own host, by the provider worker, ${HOSTS[host]}`;
    return [{ what, reach: "leaves", witness }, ...(await others)];
}

/** A page with its policy and without its scripts, for a way that needs one alone. @param {string} url */
async function openBare(url) {
    const page = await context.newPage();
    await page.route("**/*.js", (route) => route.abort());
    await page.goto(url);
    return page;
}

/** @param {number} host @returns {Promise<Attempt[]>} */
async function tryHost(host) {
    const { url } = /** @type {{url: string}} */ (hosts[host]);
    const isOurs = host < 2;
    if (isOurs) enablers[host] = await openBare(`${url}?to-enable`);
    const inPages = Object.entries(IN_PAGES);
    const together = Object.fromEntries(inPages.filter(([, { alone }]) => !alone));
    const alone = inPages.filter((way) => way[1].alone);
    const attempts = alone.map(async ([name, way]) => tryAll(host, "page", await openBare(url), { [name]: way }));
    await Promise.all([...attempts, openBare(`${url}?to-be-led-away`)]);
    const page = await context.newPage();
    await page.goto(url);
    if (isOurs) await waitUntilReady(page);
    else await page.evaluate(() => void navigator.serviceWorker.register("sw.js"));
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    const serviceWorker = context.serviceWorkers().find((worker) => worker.url().startsWith(url));
    assert.ok(serviceWorker, "the page has a service worker");
    assert.equal(page.workers().length, isOurs ? 2 : 1, "a tagger and the batch");
    if (isOurs) attempts.push(tryProvider(host, page));
    attempts.push(
        tryAll(host, "page", page, { ...EVERYWHERE, ...together }),
        ...page.workers().map((worker) => tryAll(host, "worker", worker, { ...EVERYWHERE, ...IN_WORKERS })),
        tryAll(host, "service worker", serviceWorker, { ...EVERYWHERE, ...IN_SERVICE_WORKERS }),
    );
    return (await Promise.all(attempts)).flat();
}

test("every way out comes as far as its table says, seen from outside", async () => {
    // Those without a policy last: when all of theirs have been seen, the others have had longer.
    const ours = (await Promise.all([tryHost(0), tryHost(1)])).flat();
    const attempts = [...ours, ...(await tryHost(2))];
    const all = Promise.all(attempts.map(({ witness, reach }) => witness.waitFor(reach)));
    await Promise.race([all, new Promise((late) => setTimeout(late, PATIENCE_MS).unref())]);
    const rows = attempts.map(({ what, reach, witness }) => ({ what, wanted: reach, seen: witness.reach }));
    assert.deepEqual(
        rows.filter(({ wanted, seen }) => wanted !== seen),
        [],
    );
});
