/**
 * What the views of own tags are looking at. Views read; app/actions/own_places.js writes.
 * @import { Failure } from "../core/protocol.js"
 * @import { ImportPlan, TrainingReport } from "../core/train_api.d.ts"
 *
 * `teach`: pictures that are to be examples of a tag.
 * @typedef {{name: "list"} | {name: "teach", ids: readonly number[]} | {name: "tagger", id: string} | {name: "report", tagger: string, head: number}
 *   | {name: "compare", tagger: string, a: number, b: number}} OwnPage
 *
 * A picture that is spoken of, whatever collection it is in.
 * @typedef {{name: string, url: string | null}} OwnPicture
 * What two versions find in a picture.
 * @typedef {{id: string, name: string, confidence: number}} OwnFound
 * @typedef {{id: number, a: readonly OwnFound[], b: readonly OwnFound[]}} ComparedPicture
 */
import { signal } from "../vendor/signals.js";

export const ownPage = signal(/** @type {OwnPage} */ ({ name: "list" }));
/** By file. */
export const ownPictures = signal(/** @type {ReadonlyMap<number, OwnPicture>} */ (new Map()));
/** The report that is open; null until it is there. */
export const shownReport = signal(
    /** @type {{head: number, report: TrainingReport | null, failure: Failure | null} | null} */ (null),
);
/** Two versions on the same pictures: those that differ. */
export const headComparison = signal(
    /** @type {{a: number, b: number, n: number | null, differing: readonly ComparedPicture[],
     *   reports: {a: TrainingReport, b: TrainingReport} | null, failure: Failure | null} | null} */ (null),
);
/** What shows more and less of a tagger since it was pressed to tag again; `ids`: of the pictures that changed. */
export const ownChange = signal(
    /** @type {{tagger: string, nGained: number, nLost: number, ids: readonly number[]} | null} */ (null),
);
/** What came of files that were to be examples; `nLeft`: those without a tag, or that are no pictures; `leftOut`: of what another program keeps. */
export const examplesAdded = signal(
    /** @type {{tagger: string, n: number, nLeft: number, leftOut: ImportPlan["left_out"], failure: Failure | null} | null} */ (
        null
    ),
);
/** Pictures that somebody does not want to tag now: how many, by version and collection. */
export const leftUntagged = signal(/** @type {ReadonlyMap<string, number>} */ (new Map()));
/** A file for another network: its tagger can be trained again. `nHere`: of its pictures; `nOfFile`: of how many the file says what they are. */
export const trainingOffer = signal(
    /** @type {{tagger: string, name: string, nHere: number, nOfFile: number} | null} */ (null),
);
/** Files that are becoming examples: so many are by now. */
export const addingExamples = signal(/** @type {{tagger: string, n: number} | null} */ (null));
/** The tag of the training set whose guidelines are open, by its id. */
export const openTag = signal(/** @type {string | null} */ (null));
/** The camera that a tagger's examples are taken with. `word`: the tag that the last were taken for; `n`: how many of it, `shown`: the addresses of the last. */
export const exampleCamera = signal(
    /** @type {{tagger: string, word: string, n: number, shown: readonly string[]} | null} */ (null),
);
