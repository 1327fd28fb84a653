/**
 * Pixel values that are a guess: what a model says of one picture with each plausible preparation, so that people see which is right.
 * @import { Context } from "../context.js"
 * @import { ImportChoices } from "../../core/engine_api.d.ts"
 * @import { WorkerClient } from "../../core/client.js"
 * @import { CustomModel, FormSection } from "../state.js"
 */
import { failureOf } from "../../core/protocol.js";
import * as state from "../state.js";

/** One grey pixel: a build without samples can try a model out all the same. */
const BLANK_BMP = Uint8Array.from(
    [...atob("Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgA"), ...Array(24).fill("\0"), "\x80", "\x80", "\x80", "\0"],
    (c) => c.charCodeAt(0),
);

/**
 * @param {Context} context
 * @param {{openImporter: () => Promise<{client: WorkerClient}>, change: (news: Partial<CustomModel>) => void,
 *   setChoices: (news: Partial<ImportChoices>) => void, fail: (section: FormSection, error: unknown) => void}} form
 */
export function createPreparation(context, { openImporter, change, setChoices, fail }) {
    /** Which comparison is under way; an older one gives up. */
    let turn = 0;

    /** Runs the network with each candidate, one after the other. @param {File} [chosen] the picture */
    async function compare(chosen) {
        const mine = ++turn;
        const isOver = () => mine !== turn || !state.customModel.value;
        const { draft, labels, choices } = state.customModel.value ?? {};
        if (!draft || !labels || !choices || draft.candidates.length === 0) return forget();
        const before = state.customModel.value?.comparison;
        const picture = chosen ?? before?.picture ?? (await somePicture(context));
        if (isOver()) return;
        if (before?.picture !== picture) forget(mine);
        const url = before?.picture === picture ? before.url : URL.createObjectURL(picture);
        /** @type {(readonly string[] | null)[]} */
        const lists = draft.candidates.map(() => null);
        change({ comparison: { picture, url, lists } });
        const { client } = await openImporter();
        for (const [idx, candidate] of draft.candidates.entries()) {
            if (isOver()) return;
            /** @type {readonly string[]} */
            let names = [];
            try {
                const best = await client.call("try_choices", {
                    picture: idx === 0 ? picture : null,
                    choices: { ...choices, ...candidate },
                    n_labels: labels.list.length,
                });
                names = best.map((one) => labels.list[one.class] ?? "");
            } catch (error) {
                if (Object(error).name === "AbortError" || isOver()) return;
                const { code } = failureOf(error, "");
                if (code.startsWith("picture_")) {
                    forget(mine);
                    return fail("all", error);
                }
                // A preparation with which the network gives no numbers is not the right one.
            }
            if (isOver()) return;
            lists[idx] = names;
            change({ comparison: { picture, url, lists: [...lists] } });
        }
    }

    /** The one that is right, says a person who has seen its tags. @param {number} idx */
    function choosePreparation(idx) {
        const candidate = state.customModel.value?.draft?.candidates[idx];
        if (!candidate) return;
        change({ preset: "" }); // whatever it was: the candidate's own takes its place
        setChoices({ ...candidate, preparation: "confirmed" });
    }

    /** @param {File} picture */
    const compareOn = (picture) => void compare(picture);

    /** Gives up what is under way, and the picture. @param {number} [mine] */
    function forget(mine) {
        if (mine === undefined) turn += 1;
        const comparison = state.customModel.value?.comparison;
        if (!comparison) return;
        URL.revokeObjectURL(comparison.url);
        change({ comparison: null });
    }

    return { compare, forget, actions: { choosePreparation, compareOn } };
}

/** The picture that people look at, the first that could be tagged, or a sample. @param {Context} context @returns {Promise<File>} */
export async function somePicture(context) {
    const { opened, gridIds, current } = state;
    const ids = [opened.value, gridIds.value[current.value], ...gridIds.value];
    const done = ids.flatMap((id) => (typeof id === "number" && state.pictureOf(id)) || []);
    const file = done.find((picture) => picture.state === "done" && picture.file)?.file;
    if (file) return file;
    const [sample] = context.platform.samples();
    if (!sample) return new File([BLANK_BMP], "blank.bmp");
    return new File([await (await fetch(sample.url)).blob()], sample.url.pathname.split("/").pop() ?? "sample");
}
