/**
 * Every way out, tried everywhere: in the page, its workers, its service worker and a provider worker, on a host that sends our headers, on one
 * that sends none, and in a page without a policy. Every host that is tried is one that is enabled for a provider: only the provider worker that
 * was started for it may reach it.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { HEADERS } from "../../../www/tools/csp.mjs";
import { serve } from "../../../www/tools/serve.mjs";
import { waitUntilReady } from "../harness.mjs";
import { enableFor } from "./provider.mjs";
import { EVERYWHERE, IN_PAGES, IN_SERVICE_WORKERS, IN_WORKERS } from "./ways.mjs";

/** @typedef {import("playwright-core").BrowserContext} Context */
/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("./ways.mjs").Ways} Ways */
/** @typedef {import("./ways.mjs").BrowserName} BrowserName */
/** @typedef {import("./witnesses.mjs").Witness} Witness */
/** @typedef {import("./witnesses.mjs").Target} Target */
/** `reach` null: whatever comes of it. @typedef {{what: string, reach: import("./witnesses.mjs").Reach | null, witness: Witness}} Attempt */
/** Has a function run with a target, and does not say what came of it. @typedef {(name: string, run: Function, to: Target) => Promise<unknown>} Run */

/**
 * How a script in each place is run: in the page's workers, in its service worker, and in a provider worker that is started for an origin; `askOwn`
 * has that one ask its origin.
 * @typedef {{
 *   inWorkers: (page: Page) => Promise<Run[]>, inServiceWorker: (page: Page, url: string) => Run,
 *   startProvider: (host: number, origin: string, page: Page) => Promise<{run: Run, askOwn: () => Promise<unknown>, enabler: Page | null}>}} Places
 */

const WITHOUT = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, ""]));
const HOSTS = /** @type {const} */ (["with headers", "without headers", "without a policy"]);
/** For ways that must be seen; on a busy machine they take their time. */
const PATIENCE_MS = 45_000;

/** One for each of HOSTS. @param {string} dir of a built page @param {string} [more] for the service worker that forbids nothing */
export const startHosts = (dir, more = "") =>
    Promise.all([serve({ dir, port: 0 }), serve({ dir, port: 0, headers: WITHOUT }), serveWithoutPolicy(more)]);

/** A page, a worker and a service worker that forbid nothing. @param {string} more */
async function serveWithoutPolicy(more) {
    const worker = 'onmessage = () => {}; self.name = "worker"';
    /** @type {Record<string, [string, string]>} */
    const files = {
        "/": ["text/html", '<!doctype html><title>x</title><body><script>self.kept = new Worker("worker.js")</script>'],
        "/worker.js": ["text/javascript", worker],
        "/sw.js": ["text/javascript", `onactivate = (event) => event.waitUntil(clients.claim());${more}`],
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

export class Attempts {
    #browser;
    #context;
    #hosts;
    #witnesses;
    #places;
    /** A page of each of our hosts, from which origins are enabled. @type {Page[]} */
    #enablers = [];

    /**
     * @param {BrowserName} browser @param {Context} context @param {readonly {url: string}[]} hosts
     * @param {Awaited<ReturnType<typeof import("./witnesses.mjs").startWitnesses>>} witnesses
     * @param {Places} places
     */
    constructor(browser, context, hosts, witnesses, places) {
        this.#browser = browser;
        this.#context = context;
        this.#hosts = hosts;
        this.#witnesses = witnesses;
        this.#places = places;
    }

    /** @returns {Promise<{what: string, wanted: string, seen: string}[]>} what came otherwise than its table says */
    async findWrong() {
        // Those without a policy last: when all of theirs have been seen, the others have had longer.
        const ours = (await Promise.all([this.#tryHost(0), this.#tryHost(1)])).flat();
        const attempts = [...ours, ...(await this.#tryHost(2))];
        const all = Promise.all(attempts.map(({ witness, reach }) => witness.waitFor(reach ?? "nothing")));
        await Promise.race([all, new Promise((late) => setTimeout(late, PATIENCE_MS).unref())]);
        return attempts.flatMap(({ what, reach, witness }) =>
            reach === null || reach === witness.reach ? [] : { what, wanted: reach, seen: witness.reach },
        );
    }

    /** A witness, whose host is enabled for a provider. @param {Page | undefined} enabler */
    async #openTarget(enabler) {
        const opened = await this.#witnesses.open();
        const origin = originOf(opened.target);
        await enabler?.evaluate(enableFor, origin);
        return { ...opened, origin };
    }

    /** @param {number} host @param {string} where @param {Run} run @param {Ways} ways @param {Page} [enabler] @returns {Promise<Attempt[]>} */
    #tryAll(host, where, run, ways, enabler = this.#enablers[host]) {
        return Promise.all(
            Object.entries(ways).map(async ([name, way]) => {
                const { witness, target } = await this.#openTarget(enabler);
                // What a way says of itself does not count; one that ends its page says nothing.
                void run(name, way.run, target).catch(() => {});
                const { [host]: reach = null } = way[this.#browser] ?? way.reach;
                return { what: `${name}, in the ${where}, ${HOSTS[host]}`, reach, witness };
            }),
        );
    }

    /** The provider worker: what it was started for, and everything else. @param {number} host @param {Page} page @returns {Promise<Attempt[]>} */
    async #tryProvider(host, page) {
        const { witness, origin } = await this.#openTarget(this.#enablers[host]);
        const { run, askOwn, enabler } = await this.#places.startProvider(host, origin, page);
        const ways = { ...EVERYWHERE, ...IN_WORKERS };
        const others = this.#tryAll(host, "provider worker", run, ways, enabler ?? this.#enablers[host]);
        void askOwn();
        const what = `its provider's own host, by the provider worker, ${HOSTS[host]}`;
        return [{ what, reach: "leaves", witness }, ...(await others)];
    }

    /** A page with its policy and without its scripts, for a way that needs one alone. @param {string} url */
    async #openBare(url) {
        const page = await this.#context.newPage();
        await page.route("**/*.js", (route) => route.abort());
        await page.goto(url);
        return page;
    }

    /** @param {number} host @returns {Promise<Attempt[]>} */
    async #tryHost(host) {
        const { url } = /** @type {{url: string}} */ (this.#hosts[host]);
        const isOurs = host < 2;
        if (isOurs) this.#enablers[host] = await this.#openBare(`${url}?to-enable`);
        const inPages = Object.entries(IN_PAGES);
        const together = Object.fromEntries(inPages.filter(([, { alone }]) => !alone));
        const alone = inPages.filter((way) => way[1].alone);
        const attempts = alone.map(async ([name, way]) =>
            this.#tryAll(host, "page", runIn(await this.#openBare(url)), { [name]: way }),
        );
        const [ledAway] = await Promise.all([this.#openBare(`${url}?to-be-led-away`), ...attempts]);
        const page = await this.#context.newPage();
        await page.goto(url);
        if (isOurs) await waitUntilReady(page);
        else await page.evaluate(() => void navigator.serviceWorker.register("sw.js"));
        // It is active before it has claimed its pages, and finds no other to lead away.
        for (const client of [page, ledAway]) await client.evaluate(untilControlled);
        assert.equal(page.workers().length, isOurs ? 2 : 1, "a tagger and the batch");
        const { inWorkers, inServiceWorker } = this.#places;
        if (isOurs) attempts.push(this.#tryProvider(host, page));
        attempts.push(
            this.#tryAll(host, "page", runIn(page), { ...EVERYWHERE, ...together }),
            ...(await inWorkers(page)).map((run) =>
                this.#tryAll(host, "worker", run, { ...EVERYWHERE, ...IN_WORKERS }),
            ),
            this.#tryAll(host, "service worker", inServiceWorker(page, url), { ...EVERYWHERE, ...IN_SERVICE_WORKERS }),
        );
        return (await Promise.all(attempts)).flat();
    }
}

/** In a page. */
async function untilControlled() {
    const { serviceWorker } = navigator;
    await serviceWorker.ready;
    if (serviceWorker.controller) return;
    await new Promise((controlled) => serviceWorker.addEventListener("controllerchange", controlled, { once: true }));
}

/** @param {{evaluate: (script: string) => Promise<unknown>}} place @returns {Run} */
export const runIn = (place) => (_, run, to) => place.evaluate(`(${run})(${JSON.stringify(to)})`);

/** What a provider is enabled for. @param {Target} target */
export const originOf = ({ host, tcp }) => `https://${host}:${tcp}`;
