/**
 * What can leave the page, and what cannot: every way out, tried from the page, its workers, its service worker and a provider worker, while
 * providers are enabled, in Chromium and Firefox, on a host that sends our headers and on one that sends none (leaving/attempts.mjs). What came of it
 * is what was seen outside: at a resolver (of Chromium's names), and at TCP and UDP sockets. The same ways in a page without a policy show that those
 * see. The table is that of leaving/ways.mjs; README and docs/OFFLINE.md say it in words.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findFirefox } from "./browsers/playwright.mjs";
import { PAGE, findChromium, fromWww } from "./harness.mjs";
import { Attempts, runIn, startHosts } from "./leaving/attempts.mjs";
import { askThrough, keepPolicy, startProviderWorker } from "./leaving/provider.mjs";
import { makeProviderPage } from "./leaving/provider_page.mjs";
import { EVERYWHERE, IN_SERVICE_WORKERS, IN_WORKERS } from "./leaving/ways.mjs";
import { hostOf, startWitnesses } from "./leaving/witnesses.mjs";

/** @typedef {import("node:test").TestContext} TestContext */
/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Worker} Worker */
/** @typedef {import("./leaving/witnesses.mjs").Target} Target */

const FLAGS =
    "--no-sandbox --disable-gpu --no-first-run --ignore-certificate-errors --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage";
/** Long, because the machine may be compiling at the same time. */
const PATIENCE_MS = 90_000;
/** More than there are attempts. */
const MOST_NAMES = 400;
/** A Firefox that is driven has off what people's have on; and where a leak could be seen that people's do not have, it is had too. */
const AS_PEOPLE_HAVE_IT = {
    "remote.prefs.recommended": false,
    "network.prefetch-next": true,
    "network.dns.disablePrefetch": false,
    "network.http.speculative-parallel-limit": 6,
    "browser.send_pings": true,
    "browser.send_pings.require_same_host": false,
    "media.peerconnection.ice.loopback": true,
    "security.warn_submit_secure_to_insecure": false,
};

/** @param {TestContext} context @param {string} dir @param {string} [more] */
async function prepare(context, dir, more) {
    const [witnesses, hosts] = await Promise.all([startWitnesses(), startHosts(dir, more)]);
    context.after(async () => {
        witnesses.close();
        await Promise.all(hosts.map((host) => host.close()));
    });
    return { witnesses, hosts };
}

/** @param {TestContext} context */
async function newFolder(context) {
    const folder = await mkdtemp(join(tmpdir(), "tagsmith-ways-out-"));
    context.after(() => rm(folder, { recursive: true, force: true }));
    return folder;
}

test("in Chromium every way out comes as far as its table says, seen from outside", async (context) => {
    const { witnesses, hosts } = await prepare(context, PAGE);
    const profile = await newFolder(context);
    await writeFile(join(profile, "Local State"), JSON.stringify(witnesses.settings));
    // A profile as people have it: what is opened privately looks up fewer names beforehand.
    const browser = await fromWww("playwright-core").chromium.launchPersistentContext(profile, {
        executablePath: findChromium(),
        args: FLAGS.split(" "),
    });
    context.after(() => browser.close());
    browser.setDefaultTimeout(PATIENCE_MS);
    await browser.addInitScript(keepPolicy);
    const attempts = new Attempts("chromium", browser, hosts, witnesses, {
        inWorkers: async (page) => page.workers().map(runIn),
        inServiceWorker(_, url) {
            const worker = browser.serviceWorkers().find((/** @type {Worker} */ one) => one.url().startsWith(url));
            assert.ok(worker, "the page has a service worker");
            return runIn(worker);
        },
        async startProvider(_, origin, page) {
            const starting = page.waitForEvent("worker", (worker) => worker.url().includes("provider."));
            await page.evaluate(startProviderWorker, origin);
            return { run: runIn(await starting), askOwn: () => page.evaluate(askThrough, origin), enabler: null };
        },
    });
    assert.deepEqual(await attempts.findWrong(), []);
});

/** For workers that no driver reaches: each does what a script in it would, when it is told to. */
const OBEYS = `
const ways = {${Object.entries({ ...EVERYWHERE, ...IN_WORKERS, ...IN_SERVICE_WORKERS })
    .map(([name, { run }]) => `${JSON.stringify(name)}: ${run}`)
    .join()}};
addEventListener("message", ({ data }) => {
    if (data?.way) Promise.resolve(data.to).then(ways[data.way]).catch(() => {});
});`;
/** A provider worker that keeps itself to nothing: what it cannot reach is its policy's doing. */
const OBEYS_AS_PROVIDER = `postMessage({ ready: TAGSMITH_PROVIDER.origins });${OBEYS}
addEventListener("message", ({ data }) => void (data?.own && fetch(data.own, { mode: "no-cors" }).catch(() => {})));`;

/** The built page, whose service worker obeys. @param {TestContext} context */
async function makeObeying(context) {
    const folder = await newFolder(context);
    for (const name of readdirSync(PAGE))
        if (!name.startsWith("sw.js")) await symlink(join(PAGE, name), join(folder, name));
    await writeFile(join(folder, "sw.js"), `${readFileSync(join(PAGE, "sw.js"), "utf8")}\n${OBEYS}`);
    return folder;
}

/** A worker that obeys, as a script that has broken in would start it, under the page's own policy. In the page. @param {string} script */
function startObeying(script) {
    const page = /** @type {any} */ (globalThis);
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    page.obeying = new Worker(page.keptPolicy?.createScriptURL(url) ?? url);
}

/** In the page of makeProviderPage. @param {string} origin */
async function startObeyingProvider(origin) {
    const { tagsmith, navigator } = /** @type {any} */ (globalThis);
    await tagsmith.providers.enable([origin]);
    if (!navigator.serviceWorker.controller)
        await new Promise((controlled) => navigator.serviceWorker.addEventListener("controllerchange", controlled));
    Reflect.set(globalThis, "obeying", await tagsmith.providers.startWorker([origin]));
}

/** @param {Page} page @param {unknown} message */
const tell = (page, message) =>
    page.evaluate((message) => /** @type {any} */ (globalThis).obeying.postMessage(message), message);

test("in Firefox every way out comes as far as its table says, seen from outside", {
    skip: !findFirefox() && "Firefox ESR is not installed.",
}, async (context) => {
    const { witnesses, hosts } = await prepare(context, await makeObeying(context), OBEYS);
    const provider = await makeProviderPage("obeys", OBEYS_AS_PROVIDER);
    context.after(provider.remove);
    const providerHosts = await startHosts(provider.folder);
    context.after(() => Promise.all(providerHosts.map((host) => host.close())));
    const names = Array.from({ length: MOST_NAMES }, (_, nth) => hostOf(nth));
    const browser = await fromWww("playwright-bidi").firefox.launch({
        channel: "moz-firefox",
        executablePath: findFirefox(),
        firefoxUserPrefs: { ...AS_PEOPLE_HAVE_IT, "network.dns.localDomains": names.join() },
    });
    context.after(() => browser.close());
    const opened = await browser.newContext();
    opened.setDefaultTimeout(PATIENCE_MS);
    await opened.addInitScript(keepPolicy);
    const attempts = new Attempts("firefox", opened, hosts, witnesses, {
        async inWorkers(page) {
            await page.evaluate(startObeying, OBEYS);
            return [(way, _, to) => tell(page, { way, to })];
        },
        inServiceWorker: (page) => (way, _, to) =>
            page.evaluate(
                async ([way, to]) => (await navigator.serviceWorker.ready).active?.postMessage({ way, to }),
                /** @type {const} */ ([way, to]),
            ),
        async startProvider(host, origin) {
            const page = await opened.newPage();
            await page.goto(/** @type {{url: string}} */ (providerHosts[host]).url);
            await page.evaluate(startObeyingProvider, origin);
            const run = (/** @type {string} */ way, /** @type {Function} */ _, /** @type {Target} */ to) =>
                tell(page, { way, to });
            return { run, askOwn: () => tell(page, { own: `${origin}/` }), enabler: page };
        },
    });
    assert.deepEqual(await attempts.findWrong(), []);
});
