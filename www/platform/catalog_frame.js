/**
 * The page's side of the proxy frame (shells/page/catalog.js): bytes of a model of the catalog that lies on another host.
 * @import { FetchFailure } from "./download_chunks.js"
 *
 * What is asked of it, with a port to answer through, and what comes there.
 * @typedef {{id: string, file: "model" | "vocabulary"}} WantedFile
 * @typedef {{chunk: ArrayBuffer} | {end: true} | {failure: FetchFailure}} FrameMessage
 */

/** Nothing came for that long: nothing more will. */
const STALLED_MS = 45_000;

/**
 * @param {Document} document @param {URL} frameUrl @param {WantedFile} wanted @param {AbortSignal} signal
 * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>>} throws as `downloadChunks` does
 */
export async function* downloadThroughFrame(document, frameUrl, wanted, signal) {
    const frame = document.createElement("iframe");
    // Scripts and nothing else: the frame's origin is nobody's, so neither page nor frame can reach into the other.
    frame.setAttribute("sandbox", "allow-scripts");
    frame.hidden = true;
    frame.src = frameUrl.href;
    /** @type {FrameMessage[]} */
    const messages = [];
    let wake = () => {};
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
        messages.push(data);
        wake();
    };
    signal.addEventListener("abort", () => wake());
    try {
        await opened(document, frame, signal);
        frame.contentWindow?.postMessage(wanted, "*", [port2]); // an origin that is nobody's has no name
        for (;;) {
            const message = messages.shift();
            signal.throwIfAborted();
            if (!message) {
                const hasCome = await new Promise((resolve) => {
                    const timer = setTimeout(() => resolve(false), STALLED_MS);
                    wake = () => {
                        clearTimeout(timer);
                        resolve(true);
                    };
                });
                if (!hasCome)
                    throw { code: "model_transfer_broken", detail: `Nothing came for ${STALLED_MS / 1000} s.` };
            } else if ("chunk" in message) yield new Uint8Array(message.chunk);
            else if ("failure" in message) throw message.failure;
            else return;
        }
    } finally {
        frame.remove(); // and what it still fetches ends with it
        port1.close();
    }
}

/** Until the frame's script runs. @param {Document} document @param {HTMLIFrameElement} frame @param {AbortSignal} signal */
function opened(document, frame, signal) {
    return new Promise((resolve, reject) => {
        const listening = new AbortController();
        const end = (/** @type {() => void} */ how) => {
            listening.abort();
            how();
        };
        const { signal: listen } = listening;
        window.addEventListener(
            "message",
            ({ source, data }) => source === frame.contentWindow && data === "ready" && end(() => resolve(null)),
            { signal: listen },
        );
        // Its script runs before it is loaded: a frame that is loaded and has not spoken is some server's error.
        const fail = () =>
            setTimeout(
                () => end(() => reject({ code: "model_unreachable", detail: `${frame.src} could not be opened.` })),
                1000,
            );
        frame.addEventListener("load", fail, { signal: listen });
        signal.addEventListener("abort", () => end(() => reject(signal.reason)), { signal: listen });
        document.body.append(frame);
    });
}
