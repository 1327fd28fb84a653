/**
 * A provider worker in the page as it is shipped, started as a script would that has broken in: what is here runs in the page, each function by
 * itself. `askThrough` asks as the page does, by the worker's own calls.
 */

/** Before anything else of the page: only it may name scripts, so its policy is kept to name one more. */
export function keepPolicy() {
    const { TrustedTypePolicyFactory: Factory } = /** @type {any} */ (globalThis);
    const create = Factory?.prototype.createPolicy;
    if (!create) return;
    Factory.prototype.createPolicy = function (/** @type {string} */ name, /** @type {unknown} */ rules) {
        const made = create.call(this, name, rules);
        if (name === "tagsmith") /** @type {any} */ (globalThis).keptPolicy = made;
        return made;
    };
}

/** As platform/provider_origins.js does. @param {string} origin */
export async function enableFor(origin) {
    const scope = new URL(".", location.href).href;
    const list = await caches.open(`tagsmith-providers ${scope}`);
    await list.put(`${scope}enabled-provider/${encodeURIComponent(origin)}`, new Response(""));
}

/** @param {string} origin */
export async function startProviderWorker(origin) {
    const page = /** @type {any} */ (globalThis);
    const meta = document.querySelector('meta[name="tagsmith-assets"]')?.getAttribute("content") ?? "{}";
    page.assets = JSON.parse(meta);
    while (!navigator.serviceWorker.controller) await new Promise((wait) => setTimeout(wait, 20));
    const url = new URL(`${page.assets.provider}?to=${encodeURIComponent(origin)}`, location.href).href;
    page.providerWorker = new Worker(page.keptPolicy.createScriptURL(url));
    await new Promise((ready, failed) => {
        page.providerWorker.onmessage = ready;
        page.providerWorker.onerror = () => failed(new Error("The provider worker does not start."));
    });
}

/** @param {string} origin */
export async function askThrough(origin) {
    const { assets, providerWorker } = /** @type {any} */ (globalThis);
    const call = (/** @type {string} */ name, /** @type {unknown} */ params) =>
        new Promise((answered) => {
            providerWorker.onmessage = (/** @type {MessageEvent} */ { data }) => answered(data);
            providerWorker.postMessage({ seq: 1, name, params });
        });
    await call("load", { module: await WebAssembly.compileStreaming(fetch(assets.providers)) });
    const setup = { kind: "http", url: `${origin}/tag`, body: "bytes", names: "/tags/*" };
    await call("start", { setup, secrets: { key: "secret" }, timeout_ms: 10_000 });
    await call("check", { id: 1, language: "en" });
}
