/**
 * The package in a browser: with a bundler, or as it is from any folder.
 * @import { Shell } from "./tagger.js"
 */
import { fetchFile } from "../../core/engine.js";
import { poolSize } from "../../core/pool_size.js";
import { TaggerError as Thrown } from "./errors.js";
import { readPicture } from "./pictures.js";
import { taggerFor } from "./tagger.js";
import { scriptOf } from "./worker_script.js";

/** @type {Shell} */
const browser = {
    get: fetchFile,
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
export const TaggerError = /** @satisfies {typeof import("./api.d.ts").TaggerError} */ (Thrown);
