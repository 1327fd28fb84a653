/**
 * The one way that the service worker has to a network. Its policy is the header of its script, and a host may send none: so whatever asks an
 * address is taken off its globals before anything else, and what is left asks below its own scope only. A service worker has no frames to
 * find the same again.
 */
import { removePeerConnections } from "../../core/peer_connections.js";

/** Functions and classes of a service worker that ask an address. */
const ASKING = [
    "EventSource",
    "FontFace",
    "WebSocket",
    "WebSocketStream",
    "WebTransport",
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
    ServiceWorkerRegistration: ["showNotification"],
    WindowClient: ["navigate"],
};

/**
 * @param {ServiceWorkerGlobalScope} worker
 * @returns {(asked: Request | string, init?: RequestInit) => Promise<Response>} `fetch` below the scope; refuses every other address
 */
export function keepToScope(worker) {
    const { scope } = worker.registration;
    const ask = worker.fetch.bind(worker);
    removePeerConnections(worker);
    for (const [name, methods] of Object.entries(ASKING_METHODS))
        for (const method of methods) Reflect.deleteProperty(Reflect.get(worker, name)?.prototype ?? {}, method);
    for (let holder = /** @type {object | null} */ (worker); holder; holder = Reflect.getPrototypeOf(holder))
        for (const name of ASKING) Reflect.deleteProperty(holder, name);
    return async (asked, init) => {
        const url = typeof asked === "string" ? asked : asked.url;
        if (!url.startsWith(scope)) throw new TypeError(`${url} is not below ${scope}`);
        return ask(asked, init);
    };
}
