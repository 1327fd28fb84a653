/**
 * Every call of protocol.js, with what answers it.
 * @import { StoreCalls } from "../protocol.js"
 * @import { Keeper } from "./keeper.js"
 * @import { Library } from "./library.js"
 */
import { CodedError } from "../../core/protocol.js";
import { WAITING_CALLS } from "../protocol.js";
import { aliveTabs } from "./alive_tabs.js";
import { backupSize } from "./backup.js";
import { collectionCalls, open } from "./collections.js";
import { correctionCalls } from "./corrections.js";
import { embeddingCalls, squareUsage } from "./embeddings.js";
import { exampleCalls } from "./examples.js";
import { fileCalls } from "./files.js";
import { headCalls } from "./heads.js";
import { jobCalls } from "./jobs.js";
import { knownCalls } from "./known.js";
import { libraryReplaced } from "./library.js";
import { closeLost } from "./lost_requests.js";
import { sizeOf } from "./orphans.js";
import { ownTaggerCalls, ownTaggersOf } from "./own_taggers.js";
import { requestCalls } from "./requests.js";
import { runCalls } from "./runs.js";
import { settingCalls } from "./settings.js";
import { stepCalls } from "./steps.js";
import { taggingCalls } from "./taggings.js";
import { textCalls } from "./texts.js";
import { thumbnailBytes } from "./thumbnail_sizes.js";
import { trainingCalls, trainingsOfTabs } from "./trainings.js";
import { verify } from "./verifying.js";

/** What needs no more than the library. @type {Record<string, (library: Library, params: any, by: string) => unknown>} */
const OF_LIBRARY = {
    ...fileCalls,
    ...knownCalls,
    ...runCalls,
    ...taggingCalls,
    ...correctionCalls,
    ...settingCalls,
    ...stepCalls,
    ...textCalls,
    ...jobCalls,
    ...requestCalls,
    ...collectionCalls,
    ...ownTaggerCalls,
    ...trainingCalls,
    ...headCalls,
    ...exampleCalls,
    ...embeddingCalls,
};

/** What needs to know which tabs live. @type {Record<string, (library: Library, params: any, isAlive: (tab: string | null) => boolean, by: string) => unknown>} */
const OF_TABS = { ...ownTaggersOf, ...trainingsOfTabs };

/** What needs more. @type {Record<string, (keeper: Keeper, params: any, by: string) => unknown>} */
const OF_KEEPER = {
    open: (keeper, { collection }) => open(keeper.opened.library, keeper.place.facts, collection),
    open_collection: (keeper, { id }) => {
        keeper.opened.library.db.run("UPDATE collection SET opened_ms = ?2 WHERE id = ?1", [id, Date.now()]);
        return open(keeper.opened.library, keeper.place.facts, id);
    },
    record: (keeper, { results, is_last: isLast }, by) => keeper.opened.recorder.record(results, by, isLast),
    usage: async ({ opened: { library } }) => ({
        database: sizeOf(library.db),
        thumbnails: Math.round(await thumbnailBytes(library)),
        ...squareUsage(library),
    }),
    backup_size: ({ opened: { library } }, { thumbnails }) => backupSize(library, thumbnails),
    backup: (keeper, { thumbnails }) => keeper.backup(thumbnails),
    inspect_backup: (keeper, { file }) => keeper.inspect(file),
    restore: (keeper, { file }, by) => keeper.restore(file, by),
    damaged_file: (keeper) => keeper.copyOfFile(),
    inspect_rescue: (keeper) => keeper.inspectRescue(),
    rescue: (keeper, _, by) => keeper.rescue(by),
    start_anew: (keeper, _, by) => keeper.startAnew(by),
    verify: async (keeper) => ({ damaged: await verify(() => keeper.opened.library.db) }),
};

/** What tells how requests stand: those that nobody waits for any more have ended. */
const TELLING = new Set(["open", "open_collection", "jobs", "awaited", "requests", "request_totals"]);

/** Whether a call means things by their ids. @param {string} name */
const isOfLibrary = (name) => name in OF_LIBRARY || name in OF_TABS || name === "record" || name === "open_collection";

export class Answering {
    #keeper;
    /** Once a write found no room, none that comes after it may overtake it: it is asked again first (`again`). */
    #isFull = false;
    #nOpen = 0;
    #lastAsked = Date.now();

    /** @param {Keeper} keeper */
    constructor(keeper) {
        this.#keeper = keeper;
    }

    /** Whether something is asked, or was a moment ago. @param {number} quietMs */
    isBusy(quietMs) {
        return this.#nOpen > 0 || Date.now() - this.#lastAsked < quietMs;
    }

    /**
     * What has ids in it is of one library; of no other is it an answer, nor written into another.
     * @param {keyof StoreCalls} name @param {{params: any, by: string, library?: string | null, again?: boolean}} request
     */
    async answer(name, { params, by, library = null, again = false }) {
        const isWaiting = WAITING_CALLS.has(name);
        if (again) this.#isFull = false;
        if (isWaiting && this.#isFull) throw new CodedError("storage_full", "There is no room for what is to be kept.");
        this.#nOpen++;
        this.#lastAsked = Date.now();
        try {
            const ofTabs = OF_TABS[name];
            const isAlive = ofTabs && (await aliveTabs(by));
            await this.#keeper.prepare();
            if (library !== null && isOfLibrary(name) && library !== this.#keeper.opened.library.id)
                throw libraryReplaced();
            // What is in memory is of one tab, which waits for all that it has asked.
            if (TELLING.has(name) && !this.#keeper.place.isMemory) await closeLost(() => this.#keeper.opened.library);
            if (ofTabs && isAlive) return ofTabs(this.#keeper.opened.library, params, isAlive, by);
            const ofKeeper = OF_KEEPER[name];
            if (ofKeeper) return await ofKeeper(this.#keeper, params, by);
            const ofLibrary = OF_LIBRARY[name];
            if (!ofLibrary) throw new TypeError(`There is no call "${name}".`);
            return await ofLibrary(this.#keeper.opened.library, params, by);
        } catch (error) {
            // JSON of ours that is none any more.
            if (error instanceof SyntaxError)
                throw new CodedError("library_damaged", `The library is damaged: ${error.message}`);
            this.#isFull ||= isWaiting && /** @type {{code?: string}} */ (error).code === "storage_full";
            throw error;
        } finally {
            this.#nOpen--;
        }
    }
}
