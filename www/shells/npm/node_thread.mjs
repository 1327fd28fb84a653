/** A thread of node that is spoken to as a browser's worker is. */
import { Worker as Thread } from "node:worker_threads";

/** @param {URL} script what the worker runs @param {string} name @returns {Worker} */
export function startThread(script, name) {
    // What node itself was told is for the program: `--eval`, `--input-type` and the like let no file run.
    const options = { name, workerData: script.href, execArgv: [] };
    const thread = new Thread(new URL("./node_worker.js", import.meta.url), options);
    let nOpen = 0;
    let isEnding = false;
    const worker = {
        onmessage: /** @type {((event: {data: unknown}) => void) | null} */ (null),
        onerror: /** @type {((event: {message: string}) => void) | null} */ (null),
        onmessageerror: /** @type {(() => void) | null} */ (null),
        /** @param {unknown} message @param {import("node:worker_threads").TransferListItem[]} [transfer] */
        postMessage(message, transfer = []) {
            nOpen++;
            thread.ref();
            thread.postMessage(message, transfer);
        },
        terminate() {
            isEnding = true;
            void thread.terminate();
        },
    };
    thread.on("message", (data) => {
        // A program ends when nothing is under way, whether or not it has closed its tagger.
        if (("ok" in data || "error" in data) && --nOpen === 0) thread.unref();
        worker.onmessage?.({ data });
    });
    thread.on("error", (error) => worker.onerror?.({ message: error.message }));
    thread.on("messageerror", () => worker.onmessageerror?.());
    thread.on("exit", () => isEnding || worker.onerror?.({ message: "The thread ended by itself." }));
    thread.unref();
    return /** @type {Worker} */ (/** @type {unknown} */ (worker));
}
