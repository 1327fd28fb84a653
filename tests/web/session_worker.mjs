/**
 * The built worker scripts in threads of Node.js, with the interface of a browser's worker: what the page's actions talk to, without a
 * browser. Of the one with the engine only its role *session* is of use here; the store keeps everything in memory.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { ROOT } from "./root.mjs";

const PAGE = resolve(ROOT, process.env["TAGSMITH_PAGE"] ?? "target/test-page");

/** A file of the built page, by its plain name. @param {string} name */
export function builtFile(name) {
    const manifest = join(PAGE, "assets.json");
    if (!existsSync(manifest)) throw new Error(`There is no page in ${PAGE}. Build it first: cargo x dist`);
    return readFileSync(join(PAGE, JSON.parse(readFileSync(manifest, "utf8"))[name]));
}

/** What the script expects of its surroundings. */
const SURROUNDINGS = `
const { parentPort } = require("node:worker_threads");
globalThis.self = globalThis;
globalThis.location = { href: "https://tagsmith.test/" };
globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
parentPort.on("message", (data) => globalThis.onmessage({ data }));
`;

export const startSessionWorker = () => startThread("worker.js");
export const startStoreWorker = () => startThread("store.js");

/** @param {string} script */
function startThread(script) {
    const thread = new Worker(SURROUNDINGS + builtFile(script).toString("utf8"), { eval: true });
    const worker = {
        onmessage: /** @type {((event: {data: unknown}) => void) | null} */ (null),
        onerror: /** @type {((event: {message: string}) => void) | null} */ (null),
        onmessageerror: null,
        postMessage: (/** @type {any} */ message, /** @type {any[]} */ transfer = []) => {
            if (message.name !== "live") thread.postMessage(message, transfer); // it lives as long as the test
        },
        terminate: () => void thread.terminate(),
    };
    thread.on("message", (data) => worker.onmessage?.({ data }));
    thread.on("error", (error) => worker.onerror?.({ message: String(error) }));
    return /** @type {Worker & typeof worker} */ (/** @type {unknown} */ (worker));
}
