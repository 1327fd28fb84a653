/**
 * The package in a browser: with a bundler, or as it is from any folder.
 * @import { Get } from "../../core/engine.js"
 * @import { Shell } from "./tagger.js"
 */
import { fetchFile } from "../../core/engine.js";
import { poolSize } from "../../core/pool_size.js";
import { TaggerError as Thrown } from "./errors.js";
import { readPicture } from "./pictures.js";
import { taggerFor } from "./tagger.js";
import { scriptOf } from "./worker_script.js";

/** Vite puts small files into the script; a policy that lets a page fetch its files need not let it fetch those. @type {Get} */
async function getFile(url, how) {
    if (url.protocol !== "data:") return fetchFile(url, how);
    const comma = url.href.indexOf(",");
    const content = decodeURIComponent(url.href.slice(comma + 1));
    const isBase64 = url.href.slice(0, comma).endsWith(";base64");
    return new Response(isBase64 ? Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)) : content);
}

/** @type {Shell} */
const browser = {
    get: getFile,
    base: () => document.baseURI,
    startWorker: async (script, name) => new Worker(/** @type {URL} */ (scriptOf(script)), { name }),
    workers() {
        const { hardwareConcurrency: cores, deviceMemory: memoryGb } =
            /** @type {Navigator & {deviceMemory?: number}} */ (navigator);
        return poolSize({ cores, memoryGb });
    },
    read: readPicture,
};

export const Tagger = /** @satisfies {typeof import("./api.d.ts").Tagger} */ (taggerFor(browser));
export const TaggerError =
    /** @satisfies {abstract new (made: never, language: never) => import("./api.d.ts").TaggerError} */ (Thrown);
