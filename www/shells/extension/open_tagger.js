/** The tagger with the files of this package, and its model or another one. */
import { PictureTagger } from "../../core/picture_tagger.js";
import { poolSize } from "../../core/pool_size.js";
import { browser } from "./browser.js";
import { keptModels } from "./chosen_model.js";
import { packageFiles } from "./package_files.js";

/** @param {string | null} key of a model that is kept; null for that of the package */
export const openTagger = (key) =>
    PictureTagger.create({
        files: packageFiles(),
        model: key === null ? undefined : keptModels().get(key),
        variant: "relaxed", // the one engine of the package: every browser that may install it runs it
        startWorker: async (name) => new Worker(browser.runtime.getURL("worker.js"), { name: `tagsmith ${name}` }),
        size: poolSize({
            cores: navigator.hardwareConcurrency,
            memoryGb: /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory,
        }),
    });
