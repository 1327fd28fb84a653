/**
 * The proxy frame: the one place from which anything is fetched from elsewhere. It runs in a frame of its own, cut off from the page's origin,
 * under a policy that names the hosts of the catalog. It knows no address but the catalog's and sees nothing of the page: a message
 * names a model of the catalog, and bytes go back.
 * @import { FrameMessage, WantedFile } from "../../platform/catalog_frame.js"
 * @import { FetchFailure } from "../../platform/download_chunks.js"
 */
import { downloadChunks } from "../../platform/download_chunks.js";

/** @param {WantedFile} wanted @param {MessagePort} port */
async function answer({ id, file }, port) {
    const post = (/** @type {FrameMessage} */ message, /** @type {Transferable[]} */ transfer = []) =>
        port.postMessage(message, transfer);
    const url = Object.hasOwn(TAGSMITH_CATALOG, id) ? TAGSMITH_CATALOG[id]?.[file] : undefined;
    if (!url) return post({ failure: { code: "model_unreachable", detail: "The catalog has no such model." } });
    try {
        for await (const { buffer } of downloadChunks(new URL(url, document.baseURI).href))
            post({ chunk: buffer }, [buffer]);
        post({ end: true });
    } catch (error) {
        post({ failure: /** @type {FetchFailure} */ (error) });
    }
}

addEventListener("message", ({ data, origin, source, ports }) => {
    // Only the page that this frame is in, and only one of our own: another site's would have another origin.
    if (source !== parent || source === window || origin !== location.origin || !ports[0]) return;
    void answer({ id: String(data?.id), file: data?.file === "vocabulary" ? "vocabulary" : "model" }, ports[0]);
});
parent.postMessage("ready", location.origin);
