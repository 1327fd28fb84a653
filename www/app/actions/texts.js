/**
 * Title, description and alternative text of a picture: what people write stays whatever a provider says; empty, it says that none is
 * wanted; taken away, what a provider found shows again.
 * @import { TextField } from "../../core/engine_api.d.ts"
 * @import { StoreCalls, WithStep } from "../../db/protocol.js"
 * @import { Context } from "../context.js"
 * @import { Undo } from "./undo.js"
 *
 * `before`, `after`: what a person says; null for nothing.
 * @typedef {{file: number, field: TextField, before: string | null, after: string | null}} TextChange
 */
import { message } from "../../i18n/messages.js";
import * as state from "../state.js";
import { reportUnwritten } from "./store_problems.js";

/** No format has a place for more. */
const MAX_TEXT = 10_000;

/** @param {Context} context @param {Pick<Undo, "handle" | "rememberStep">} undo */
export function createTexts({ library, session }, { handle, rememberStep }) {
    /** @param {StoreCalls["set_texts"][0]["changes"]} changes @param {WithStep} how */
    async function write(changes, how) {
        try {
            await library.call("set_texts", { changes, ...how });
            await refreshTexts([...new Set(changes.map(({ file }) => file))]);
        } catch (error) {
            if (how.move) throw error; // whoever moves a step sees to it
            reportUnwritten(error);
        }
    }

    /** What shows by now, from the library. @param {readonly number[]} ids */
    async function refreshTexts(ids) {
        const known = new Map((await library.call("texts", { ids })).map(({ id, texts }) => [id, texts]));
        for (const id of ids) session.setTexts(id, known.get(id) ?? []);
    }

    /** @param {number} id @param {TextField} field @param {string | null} text null lets the one of a provider show */
    function setText(id, field, text) {
        const { value: shown } = state.details;
        const texts = shown?.id === id ? shown.texts : [];
        const before = texts.find((one) => one.field === field && one.source === "person")?.text ?? null;
        const typed = text?.trim().slice(0, MAX_TEXT) ?? null;
        // Where nobody else says anything there is nothing to refuse: then empty is as if nothing had been said.
        const isRefusal = texts.some((one) => one.field === field && one.source === "provider");
        const after = typed === "" && !isRefusal ? null : typed;
        if (before === after) return;
        /** @type {TextChange[]} */
        const data = [{ file: id, field, before, after }];
        const what = { field: message(state.language.value, `text_of_${field}`) };
        const step = rememberStep(after ? "did_text" : "did_text_take", what, { kind: "texts", data });
        void write([{ file: id, field, text: after }], { step });
    }

    handle("texts", {
        undo: (data, move) =>
            write(
                read(data).map(({ file, field, before }) => ({ file, field, text: before })),
                { move },
            ),
        redo: (data, move) =>
            write(
                read(data).map(({ file, field, after }) => ({ file, field, text: after })),
                { move },
            ),
    });

    return { refreshTexts, setText };
}

const FIELDS = /** @type {readonly TextField[]} */ (["title", "description", "alt_text"]);

/** What lies in a library may have been written by someone else. @param {unknown} data @returns {TextChange[]} */
const read = (data) =>
    (Array.isArray(data) ? data : []).filter((one) => {
        const { file, field, before, after } = Object(one);
        const isText = (/** @type {unknown} */ text) => text === null || typeof text === "string";
        return Number.isSafeInteger(file) && FIELDS.includes(field) && isText(before) && isText(after);
    });
