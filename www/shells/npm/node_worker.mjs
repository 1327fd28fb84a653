/** What the worker's script expects of its surroundings, in a thread of node. */
import { parentPort, workerData } from "node:worker_threads";

const scope = /** @type {any} */ (globalThis);
scope.self = scope;
scope.location = { href: workerData };
// Newer versions of node have locks, and older ones have none: so that all behave alike, there are none.
Object.defineProperty(scope, "navigator", { value: {}, configurable: true });
scope.postMessage = (/** @type {unknown} */ message) => parentPort?.postMessage(message);
/** What comes before the script has begun. @type {{data: unknown}[]} */
const early = [];
let isReady = false;
parentPort?.on("message", (data) => {
    if (isReady) scope.onmessage({ data });
    else early.push({ data });
});
await import(workerData);
isReady = true;
for (const event of early) scope.onmessage(event);
