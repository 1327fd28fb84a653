/** The tagger with the files of this package. */
import { PictureTagger } from "../../core/picture_tagger.js";
import { poolSize } from "../../core/pool_size.js";
import { browser } from "./browser.js";
import { packageFiles } from "./package_files.js";

export const openTagger = () =>
    PictureTagger.create({
        files: packageFiles(),
        variant: "relaxed", // the one engine of the package: every browser that may install it runs it
        startWorker: async (name) => new Worker(browser.runtime.getURL("worker.js"), { name: `tagsmith ${name}` }),
        size: poolSize({
            cores: navigator.hardwareConcurrency,
            memoryGb: /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory,
        }),
    });
