/**
 * Takes everything that asks for an address off a worker's global, before anything else runs, and leaves the caller the one function to ask
 * with. A worker has no frames to find the same again.
 */
import { removePeerConnections } from "./peer_connections.js";

/** Functions and classes of a worker, dedicated or service worker, that ask for an address or start what could. */
const ASKING = [
    "EventSource",
    "FontFace",
    "SharedWorker",
    "WebSocket",
    "WebSocketStream",
    "WebTransport",
    "Worker",
    "XMLHttpRequest",
    "fetch",
    "importScripts",
];
/** Methods that do, by the class they belong to; an icon is fetched like anything else. */
const ASKING_METHODS = {
    BackgroundFetchManager: ["fetch"],
    Cache: ["add", "addAll"],
    Clients: ["openWindow"],
    ContentIndex: ["add"],
    PushManager: ["subscribe"],
    ServiceWorkerContainer: ["register"],
    ServiceWorkerRegistration: ["showNotification"],
    WindowClient: ["navigate"],
};

/**
 * @param {WorkerGlobalScope} worker
 * @returns {(asked: Request | string, init?: RequestInit) => Promise<Response>} what its `fetch` was
 */
export function takeFetch(worker) {
    const fetch = worker.fetch.bind(worker);
    removePeerConnections(worker);
    for (const [name, methods] of Object.entries(ASKING_METHODS))
        for (const method of methods) Reflect.deleteProperty(Reflect.get(worker, name)?.prototype ?? {}, method);
    for (let holder = /** @type {object | null} */ (worker); holder; holder = Reflect.getPrototypeOf(holder))
        for (const name of ASKING) Reflect.deleteProperty(holder, name);
    return fetch;
}
