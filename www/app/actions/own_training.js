/**
 * Training an own tagger: what its examples lack is embedded, the trainer learns, and what it made is kept as the version in use, in one step. Cancelling
 * ends the trainer; what was embedded stays. A training that was interrupted is still there after a reload, and goes on from there by itself.
 * @import { Failure } from "../../core/protocol.js"
 * @import { NewHead, OwnTagger, Training, TrainingReason } from "../../db/own_protocol.js"
 * @import { Context } from "../context.js"
 * @import { ReadSet, Teaching } from "./own_teaching.js"
 * @import { TrainingStage } from "../own_state.js"
 *
 * @typedef {{title?: string, comment?: string, by?: TrainingReason}} Wish
 * @typedef {Pick<Training, "id" | "number" | "title" | "comment">} Begun
 */
import { CodedError, failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import { ownSettingsOf } from "../own/settings.js";
import { ownTaggers, training, trainingOver, waitingTrainings } from "../own_state.js";
import { createEmbedding } from "./own_embedding.js";
import { reportUnread } from "./store_problems.js";

/** Where each stage begins, of the whole; embedding takes as good as all of it where there is much to embed. @type {Record<TrainingStage, number>} */
const BEGINS = { reading: 0, embedding: 0.02, fitting: 0.8, keeping: 0.98 };
/** How often each training has gone on by itself, by its id. */
const KEPT_AS = "own_gone_on";
/** One that never comes to its end may be what ends the page: after so many times it waits for a person. */
const MOST_BY_ITSELF = 3;
/** The method draws nothing by chance where it need not; what it does draw is the same each time. */
const SEED = 1;

/**
 * @param {Context} context @param {Teaching} teaching
 * @param {() => unknown} settle told when one is over, whatever became of it: other pictures are untagged then, and other corrections are a draft
 */
export function createOwnTraining(context, teaching, settle) {
    const { library, platform, pool } = context;
    const { embed } = createEmbedding(context);
    const { alone, hold, neededTagger, readSet, trainer } = teaching;
    /** The one under way; nobody waits for one that was cancelled. @type {symbol | null} */
    let current = null;
    /** The one that was gone on with last. @type {number | null} */
    let resumed = null;

    /** Every tagger, and the trainings that were left under way. */
    async function refreshOwnTaggers() {
        try {
            const all = await library.call("own_taggers", {});
            const isOpen = (/** @type {Training} */ one) => one.ended_ms === null && !one.is_running;
            batch(() => {
                ownTaggers.value = all;
                waitingTrainings.value = all
                    .flatMap(({ trainings }) => trainings)
                    .filter((one) => isOpen(one) && one.id !== training.value?.training);
            });
        } catch (error) {
            reportUnread(error);
        }
    }

    /**
     * Trains a tagger. One is trained at a time.
     * @param {string} id @param {Wish} [wish] @returns {Promise<number | null>} its new version; null where there is none, as `trainingOver` says
     */
    async function train(id, { title = "", comment = "", by = "person" } = {}) {
        if (current) return null;
        const mine = (current = Symbol(id));
        const { libraryId } = library;
        trainingOver.value = null;
        show(id, { id: 0, number: 0, title, comment }, "reading");
        try {
            const begun = await library.call("begin_training", { own_tagger: id, by, title, comment });
            if (library.libraryId !== libraryId) return leave(mine);
            if (!begun) throw new CodedError("own_tagger_gone", `There is no tagger ${id} in this library.`);
            if (current !== mine) return await endCancelled(begun.id);
            return await run(id, { ...begun, title, comment }, mine, libraryId);
        } catch (error) {
            return over(id, mine, { head: null, failure: failureOf(error, "training_failed") });
        }
    }

    /** What was interrupted goes on, one after the other; what was cancelled or has failed is over. */
    async function goOnByItself() {
        for (const waiting of waitingTrainings.value) {
            if (current) return;
            const kept = Object(platform.loadSetting(KEPT_AS));
            const nTimes = Number(kept[waiting.id] ?? 0);
            if (!(nTimes < MOST_BY_ITSELF)) continue;
            // Of those that wait no more nothing is kept.
            const stillWaiting = waitingTrainings.value.flatMap(({ id }) => (id in kept ? [[id, kept[id]]] : []));
            platform.saveSetting(KEPT_AS, { ...Object.fromEntries(stillWaiting), [waiting.id]: nTimes + 1 });
            await resumeTraining(waiting);
        }
    }

    /** Goes on with one that was interrupted. @param {Training} waiting */
    async function resumeTraining(waiting) {
        if (current) return null;
        const mine = (current = Symbol(waiting.own_tagger));
        const { libraryId } = library;
        trainingOver.value = null;
        resumed = waiting.id;
        batch(() => {
            waitingTrainings.value = waitingTrainings.value.filter(({ id }) => id !== waiting.id); // nobody is asked about it now
            show(waiting.own_tagger, waiting, "reading");
        });
        try {
            if (await library.call("take_training", { id: waiting.id }))
                return await run(waiting.own_tagger, waiting, mine, libraryId);
            leave(mine); // another tab is at it, or it is over
            await refreshOwnTaggers();
            return null;
        } catch (error) {
            return over(waiting.own_tagger, mine, { head: null, failure: failureOf(error, "training_failed") });
        }
    }

    /** Nobody wants it to go on. @param {Training} waiting */
    async function giveUpTraining(waiting) {
        await library.call("end_training", { id: waiting.id }).catch(reportUnread);
        await refreshOwnTaggers();
    }

    /** Its examples stay embedded; there is no new version. */
    async function cancelTraining() {
        const { value: view } = training;
        if (!view || view.stage === "keeping") return; // it is made, and as good as kept
        pool.cancelEmbeds(current);
        current = null;
        if (view.stage === "fitting") trainer.stop();
        batch(() => {
            training.value = null;
            trainingOver.value = null;
        });
        if (view.training > 0) await library.call("end_training", { id: view.training }).catch(reportUnread);
        await refreshOwnTaggers();
        void settle();
    }

    /** It was cancelled before its id was known. @param {number} id */
    async function endCancelled(id) {
        await library.call("end_training", { id }).catch(reportUnread);
        await refreshOwnTaggers();
        return null;
    }

    /** Nothing is to be told of it: its library is not open any more, or it is not this tab's. @param {symbol} mine */
    function leave(mine) {
        if (current === mine) {
            current = training.value = null;
            void settle();
        }
        return null;
    }

    /** @param {string} id @param {Begun} begun @param {symbol} mine @param {string | null} libraryId @returns {Promise<number | null>} */
    async function run(id, begun, mine, libraryId) {
        const isOver = () => current !== mine || library.libraryId !== libraryId;
        if (isOver()) return leave(mine);
        show(id, begun, "reading"); // whoever cancels it knows what to end
        let nLeftOut = 0;
        try {
            const tagger = await neededTagger(id);
            const made = await make(tagger, begun, { owner: mine, isOver, leaveOut: (n) => (nLeftOut = n) });
            if (isOver()) return leave(mine);
            show(id, begun, "keeping");
            const { head } = await library.call("end_training", { id: begun.id, head: made });
            return await over(id, mine, { head, nLeftOut, failure: null });
        } catch (error) {
            if (isOver()) return leave(mine); // it was ended elsewhere
            // What was stopped by itself, as the workers were, is nobody's failure.
            const failure = Object(error).name === "AbortError" ? null : failureOf(error, "training_failed");
            await library.call("end_training", { id: begun.id, failure }).catch(reportUnread);
            return over(id, mine, { head: null, nLeftOut, failure });
        }
    }

    /**
     * @param {OwnTagger} tagger @param {Begun} begun @param {{owner: symbol, isOver: () => boolean, leaveOut: (n: number) => void}} how
     * @returns {Promise<NewHead>}
     */
    async function make(tagger, begun, { owner, isOver, leaveOut }) {
        const id = tagger.id;
        stopIf(isOver);
        let read = await readSet(tagger);
        stopIf(isOver);
        const { toEmbed } = read.set;
        if (toEmbed.length > 0) {
            let nDone = 0;
            show(id, begun, "embedding", { n: toEmbed.length });
            const onDone = () => isOver() || show(id, begun, "embedding", { n: toEmbed.length, nDone: ++nDone });
            const keepsSquares = ownSettingsOf(tagger.settings).keeps_squares;
            await embed(toEmbed, read.backbone, { keepsSquares, onDone, isOver, owner });
            read = await readSet(tagger);
        }
        stopIf(isOver);
        const made = await alone(() => learn(tagger, begun, read, isOver));
        leaveOut(read.set.examples.length - made.n_examples); // what lacks no more than a view is learnt from
        return made;
    }

    /**
     * Alone with the trainer: until its turn comes, cancelling ends nobody else's work.
     * @param {OwnTagger} tagger @param {Begun} begun @param {ReadSet} read @param {() => boolean} isOver @returns {Promise<NewHead>}
     */
    async function learn({ id, name }, begun, read, isOver) {
        stopIf(isOver);
        show(id, begun, "fitting");
        const nExamples = await hold(read);
        stopIf(isOver);
        const options = {
            seed: SEED,
            title: begun.title,
            comment: begun.comment,
            name,
            id,
            version: begun.number,
            made_ms: Date.now(),
        };
        const onProgress = (/** @type {number} */ share) => isOver() || show(id, begun, "fitting", { share });
        const { head, report } = await trainer.call("train", { options }, { onProgress });
        const { tags } = await trainer.call("facts", { head });
        return {
            ...{ seed: SEED, backbone: read.backbone.name, n_examples: nExamples, read_ms: read.readMs },
            tags: tags.map(({ tag, threshold }) => ({ ...tag, threshold })),
            ...{ file: head, report: JSON.parse(report) },
        };
    }

    /**
     * @param {string} tagger @param {Begun} begun @param {TrainingStage} stage
     * @param {{share?: number, nDone?: number, n?: number}} [how] `share` of the stage
     */
    function show(tagger, { id, title }, stage, { nDone = 0, n = 0, share = n > 0 ? nDone / n : 0 } = {}) {
        const stages = /** @type {TrainingStage[]} */ (Object.keys(BEGINS));
        const next = stages[stages.indexOf(stage) + 1];
        const [begin, end] = [BEGINS[stage], next ? BEGINS[next] : 1];
        const isResumed = id === resumed;
        training.value = {
            tagger,
            training: id,
            title,
            isResumed,
            stage,
            share: begin + (end - begin) * share,
            nDone,
            n,
        };
    }

    /** @param {string} tagger @param {symbol} mine @param {{head: number | null, nLeftOut?: number, failure: Failure | null}} how */
    async function over(tagger, mine, { head, nLeftOut = 0, failure }) {
        if (current !== mine) return null;
        current = null;
        batch(() => {
            training.value = null;
            trainingOver.value = { tagger, head, nLeftOut, failure };
        });
        await refreshOwnTaggers();
        void settle();
        return head;
    }

    return {
        cancelTraining,
        giveUpTraining,
        goOnByItself,
        isTraining: () => current !== null,
        refreshOwnTaggers,
        resumeTraining,
        train,
    };
}

/** @param {() => boolean} isOver */
function stopIf(isOver) {
    if (isOver()) throw new DOMException("Cancelled.", "AbortError");
}
