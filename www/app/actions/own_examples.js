/**
 * Examples that come as files: the pictures join the collection in the grid, unless they are there already, and carry the tag as a person's. Of a folder,
 * its name is the tag; archives, tables and lists of other programs say theirs.
 * @import { Context } from "../context.js"
 * @import { Trainer } from "../../core/trainer.js"
 * @import { FoundFile } from "../../platform/platform.d.ts"
 * @import { Actions } from "../actions.js"
 * @import { WorkActions } from "../work_actions.js"
 *
 * @typedef {{
 *   changeTrainingSet: (id: string, change: import("./own_taggers.js").SetChange) => Promise<unknown>,
 *   openTrainingSet: (id: string) => Promise<unknown> }} OwnTaggerActions
 *
 * @typedef {import("../../core/train_api.d.ts").ImportPlan["left_out"][number]} LeftOutOfPlan
 * @typedef {{tagger: string, n: number, nLeft: number, leftOut: LeftOutOfPlan[], ids: Set<number>, tags: Set<string>}} Outcome `ids`, `tags`: what has come
 */
import { isArchive, openForeignSet, saysTags } from "../../core/import_pictures.js";
import { failureOf } from "../../core/protocol.js";
import { asName } from "../collection_names.js";
import { picturesHere } from "../own/here.js";
import { learningFrom } from "../own/settings.js";
import { ownTaggers } from "../own_state.js";
import { addingExamples, examplesAdded } from "../own_view_state.js";
import * as state from "../state.js";
import { notify } from "./notices.js";

/** So many pictures of an archive are unpacked before they join the grid. */
const N_UNPACKED = 50;

/**
 * @param {Pick<Context, "platform" | "session">} context @param {Pick<Actions, "addFiles" | "newAddition" | "whenAdded"> & Pick<WorkActions, "addTags"> & OwnTaggerActions} actions
 * @param {{trainer: Pick<Trainer, "call">}} teaching
 */
export function createOwnExamples({ platform, session }, actions, { trainer }) {
    /** One after the other: the trainer has one archive open. */
    let queue = Promise.resolve();

    /** @param {string} tagger @param {string} typed the tag; of none, each picture's is its folder's name @param {HTMLInputElement} input */
    async function chooseExamples(tagger, typed, input) {
        const found = platform.chosenFiles(input);
        input.value = ""; // the same files may be chosen again
        await addExamples(tagger, typed, found);
    }

    /** @param {string} tagger @param {string} typed @param {DataTransfer} drop */
    async function dropExamples(tagger, typed, drop) {
        state.isDragging.value = false;
        await addExamples(tagger, typed, await filesOf(platform.droppedFiles(drop)));
    }

    /** Of a folder that is asked for; only where there is a chooser for it. @param {string} tagger @param {string} typed */
    async function chooseExampleFolder(tagger, typed) {
        if (!platform.chooseFolder) return;
        try {
            await addExamples(tagger, typed, await filesOf(platform.chooseFolder()));
        } catch (error) {
            // None chosen. Anything else is a folder that the browser keeps closed, and it has said so itself.
            if (Object(error).name !== "AbortError") notify("said_folder_closed");
        }
    }

    /** @param {string} tagger @param {string} typed @param {readonly FoundFile[]} found */
    function addExamples(tagger, typed, found) {
        queue = queue.then(() => addNext(tagger, typed, found));
        return queue;
    }

    /** @param {string} tagger @param {string} typed @param {readonly FoundFile[]} found */
    async function addNext(tagger, typed, found) {
        examplesAdded.value = null;
        addingExamples.value = { tagger, n: 0 };
        const archives = found.filter(({ file }) => isArchive(file));
        const others = found.filter(({ file }) => !isArchive(file));
        /** @type {Outcome} */
        const outcome = { tagger, n: 0, nLeft: 0, leftOut: [], ids: new Set(), tags: new Set() };
        try {
            for (const archive of archives) await addForeign([archive], typed, outcome);
            const isForeign = asName(typed) === "" && saysTags(others);
            if (isForeign) await addForeign(others, typed, outcome);
            else {
                const tagged = byTag(typed, others);
                const some = [...tagged.values()].flat();
                outcome.nLeft += others.length - some.length;
                if (some.length > 0) await addTagged([...tagged], some, { typed: asName(typed), outcome });
            }
            await learnAlso(outcome);
            examplesAdded.value = { ...shown(outcome), failure: null };
        } catch (error) {
            examplesAdded.value = { ...shown(outcome), failure: failureOf(error, "import_invalid") };
        } finally {
            addingExamples.value = null;
        }
    }

    /**
     * What another program keeps, with the tags that it has there, or that was typed.
     * @param {readonly FoundFile[]} found an archive alone, or files @param {string} typed @param {Outcome} outcome
     */
    async function addForeign(found, typed, outcome) {
        const { plan, pictures, close } = await openForeignSet(trainer, found);
        outcome.leftOut.push(...plan.left_out);
        try {
            /** @type {{found: FoundFile, tags: string[]}[]} */
            let some = [];
            const add = async () => {
                const word = asName(typed);
                /** @type {Map<string, FoundFile[]>} */
                const tagged = new Map();
                for (const { found, tags } of some)
                    for (const tag of word ? [word] : tags) tagged.set(tag, [...(tagged.get(tag) ?? []), found]);
                const files = some.map(({ found }) => found);
                some = [];
                await addTagged([...tagged], files, { typed: word, outcome });
            };
            for await (const one of pictures()) {
                if (one.tags.length === 0 && asName(typed) === "") outcome.nLeft++;
                else if (some.push(one) === N_UNPACKED) await add();
            }
            if (some.length > 0) await add();
        } finally {
            await close().catch(() => {}); // a trainer that is gone holds nothing
        }
    }

    /** @param {readonly (readonly [word: string, files: readonly FoundFile[]])[]} tagged @param {readonly FoundFile[]} found all of them @param {{typed: string, outcome: Outcome}} how */
    async function addTagged(tagged, found, { typed, outcome }) {
        // They bring their tags: the wish to tag the next batch regardless of the switch is not for them.
        await actions.addFiles(found, { ...actions.newAddition(), isRegardless: false });
        await actions.whenAdded();
        const here = await picturesHere(found);
        const idsOf = (/** @type {readonly FoundFile[]} */ files) => [
            ...new Set(files.flatMap(({ file }) => here.get(file) ?? [])),
        ];
        const came = new Set();
        for (const [word, files] of tagged) {
            const ids = idsOf(files);
            if (ids.length === 0) continue;
            // What was typed may be another word for a tag that is known; what a folder is called is a word of its own.
            const ref = typed === "" ? await session.tagRef(word, true) : null;
            const failed = ref ? await actions.addTags([], ids, [ref]) : await actions.addTags([word], ids);
            if (failed) throw failed.failure;
            outcome.tags.add((ref ?? (await session.tagRef(word))).id);
            for (const id of ids) came.add(id);
        }
        outcome.n += came.size;
        for (const id of came) outcome.ids.add(id);
        outcome.nLeft += found.filter(({ file }) => !here.has(file)).length;
        addingExamples.value = { tagger: outcome.tagger, n: outcome.n };
    }

    /** What is in the grid is learnt from. @param {Outcome} came */
    async function learnAlso({ tagger: id, ids, tags }) {
        const kept = ownTaggers.value?.find((one) => one.id === id)?.settings;
        const collection = state.collection.value?.id;
        if (!kept || collection === undefined) return;
        const more = { collection, files: [...ids], tags: [...tags] };
        const change = ids.size > 0 ? learningFrom(kept, more) : null;
        if (change) await actions.changeTrainingSet(id, change);
        await actions.openTrainingSet(id);
    }

    return { addExamples, chooseExampleFolder, chooseExamples, dropExamples };
}

/** @param {AsyncIterable<readonly import("../../platform/platform.d.ts").Found[]>} chunks @returns {Promise<FoundFile[]>} what could be read */
async function filesOf(chunks) {
    /** @type {FoundFile[]} */
    const all = [];
    for await (const some of chunks) all.push(...some.filter((one) => "file" in one));
    return all;
}

/** @param {Outcome} outcome */
const shown = ({ tagger, n, nLeft, leftOut }) => ({ tagger, n, nLeft, leftOut });

/** Files by the tag that they are examples of; where none is typed, a file of no folder is none of any, and does not come in. @param {string} typed @param {readonly FoundFile[]} found */
export function byTag(typed, found) {
    const word = asName(typed);
    /** @type {Map<string, FoundFile[]>} */
    const all = new Map();
    for (const one of found) {
        const of = word || asName(one.path.split("/").at(-2) ?? "");
        if (of !== "") all.set(of, [...(all.get(of) ?? []), one]);
    }
    return all;
}
