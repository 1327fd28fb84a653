/**
 * Examples that come as files: the pictures join the collection in the grid and carry the tag as a person's. Of a folder, its name is the tag.
 * @import { Context } from "../context.js"
 * @import { FoundFile } from "../../platform/platform.d.ts"
 * @import { Actions } from "../actions.js"
 * @import { OwnSettings } from "../own_state.js"
 * @import { WorkActions } from "../work_actions.js"
 *
 * @typedef {{
 *   changeOwnTagger: (id: string, change: {settings: Partial<OwnSettings>}) => Promise<unknown>,
 *   openTrainingSet: (id: string) => Promise<unknown> }} OwnTaggerActions
 */
import { asName } from "../collection_names.js";
import { ownSettingsOf } from "../own/settings.js";
import { ownTaggers } from "../own_state.js";
import { examplesAdded } from "../own_view_state.js";
import * as state from "../state.js";

/** @param {Pick<Context, "platform">} context @param {Pick<Actions, "addFiles" | "whenAdded"> & Pick<WorkActions, "addTags"> & OwnTaggerActions} actions */
export function createOwnExamples({ platform }, actions) {
    /** @param {string} tagger @param {string} typed the tag; of none, each picture's is its folder's name @param {HTMLInputElement} input */
    async function chooseExamples(tagger, typed, input) {
        const found = platform.chosenFiles(input);
        input.value = ""; // the same files may be chosen again
        await addExamples(tagger, typed, found);
    }

    /** @param {string} tagger @param {string} typed @param {DataTransfer} drop */
    async function dropExamples(tagger, typed, drop) {
        state.isDragging.value = false;
        /** @type {FoundFile[]} */
        const all = [];
        for await (const some of platform.droppedFiles(drop)) all.push(...some.filter((one) => "file" in one));
        await addExamples(tagger, typed, all);
    }

    /** @param {string} tagger @param {string} typed @param {readonly FoundFile[]} found */
    async function addExamples(tagger, typed, found) {
        examplesAdded.value = null;
        const before = new Set(state.orderedIds.value);
        await actions.addFiles(found);
        await actions.whenAdded();
        const added = state.orderedIds.value.filter((id) => !before.has(id));
        const byFile = new Map(added.map((id) => [state.pictureOf(id)?.file, id]));
        let n = 0;
        for (const [word, files] of byTag(typed, found)) {
            const ids = files.flatMap(({ file }) => byFile.get(file) ?? []);
            if (ids.length === 0) continue;
            const failed = await actions.addTags([word], ids);
            if (failed) {
                examplesAdded.value = { tagger, n, nLeft: found.length - n, failure: failed.failure };
                return;
            }
            n += ids.length;
        }
        await learnHere(tagger);
        examplesAdded.value = { tagger, n, nLeft: found.length - n, failure: null };
    }

    /** What is in the grid is learnt from. @param {string} id */
    async function learnHere(id) {
        const kept = ownTaggers.value?.find((one) => one.id === id)?.settings;
        const here = state.collection.value?.id;
        if (!kept || here === undefined) return;
        const { collections, files } = ownSettingsOf(kept);
        if (files.length === 0 && !collections.includes(here))
            await actions.changeOwnTagger(id, { settings: { collections: [...collections, here] } });
        await actions.openTrainingSet(id);
    }

    return { chooseExamples, dropExamples };
}

/** Files by the tag that they are examples of; without any, a file of no folder is none. @param {string} typed @param {readonly FoundFile[]} found */
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
