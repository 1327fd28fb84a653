/**
 * A library that is damaged: what can be saved of it is said first, its file can be kept, and only then takes something else its place.
 * @import { Context } from "../context.js"
 * @import { LibraryActions } from "./library.js"
 */
import { asFailure, change } from "./asking.js";
import { timestampName } from "./intake.js";
import { notify } from "./notices.js";
import * as state from "../state.js";

const FILE_TYPE = "application/octet-stream";

/** @param {Context} context @param {Pick<LibraryActions, "showCollection">} actions */
export function createRescue(context, { showCollection }) {
    async function lookForRescue() {
        state.rescue.value = { status: "looking" };
        try {
            const facts = await (await context.openStore()).call("inspect_rescue", {});
            state.rescue.value = { status: "asking", facts };
        } catch (error) {
            const failure = asFailure(error);
            const isHopeless = failure.code.startsWith("library_");
            state.rescue.value = isHopeless ? { status: "hopeless" } : null;
            if (!isHopeless) state.libraryFailure.value = failure;
        }
    }

    /** Right after a press: where it goes is asked first. */
    async function saveDamaged() {
        state.libraryFailure.value = null;
        const read = async () => (await context.openStore()).call("damaged_file", {});
        try {
            const name = await context.platform.saveFile(timestampName("damaged", "tagsmith"), FILE_TYPE, read);
            if (name !== null) notify("said_saved", { name });
        } catch (error) {
            state.libraryFailure.value = asFailure(error);
        }
    }

    async function rescueLibrary() {
        const { value: asked } = state.rescue;
        if (asked?.status !== "asking") return;
        state.rescue.value = { ...asked, status: "rescuing" };
        const isDone = await change(context, async (store) => {
            await store.call("rescue", {});
            state.isLibraryDamaged.value = false;
            await showCollection();
            const n = asked.facts?.tables.find(({ name }) => name === "file")?.n_kept ?? 0;
            notify("said_rescued", { n });
        });
        state.rescue.value = isDone ? null : asked;
    }

    async function startAnew() {
        const isDone = await change(context, async (store) => {
            await store.call("start_anew", {});
            state.isLibraryDamaged.value = false;
            context.library.handles.clear().catch(() => {}); // the ids will be of other files
            await showCollection();
            notify("said_started_anew");
        });
        if (isDone) state.rescue.value = null;
    }

    return { lookForRescue, rescueLibrary, saveDamaged, startAnew };
}
