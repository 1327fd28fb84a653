/**
 * Own taggers and their versions: made, changed, put in use, deleted; and the reports of versions. What can be put back is a step of the history.
 * @import { TrainingReport } from "../../core/train_api.d.ts"
 * @import { HeadRow } from "../../db/own_protocol.js"
 * @import { Context } from "../context.js"
 * @import { Step } from "../history.js"
 * @import { OwnSettings } from "../own_state.js"
 * @import { Teaching } from "./own_teaching.js"
 * @import { StepMove, Undo } from "./undo.js"
 *
 * A step: a tagger that was removed, or another version that was put in use.
 * @typedef {{tagger: string, removed: boolean}} RemovedTagger
 * @typedef {{tagger: string, before: number | null, after: number | null}} UsedHead
 */
import { failureOf } from "../../core/protocol.js";
import { ownFailure, ownTaggers } from "../own_state.js";
import { inUse } from "./own_tagging.js";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/**
 * @param {Pick<Context, "library" | "platform" | "session">} context @param {Pick<Teaching, "trainer">} teaching @param {Pick<Undo, "handle" | "newStep" | "remember">} history
 * @param {{refreshOwnTaggers: () => Promise<unknown>, refreshShown: () => Promise<unknown>, lookAtSchedule: () => Promise<unknown>, forgetDraft: (id: string) => void}} others
 */
export function createOwnTaggers({ library, platform }, { trainer }, { handle, newStep, remember }, others) {
    const { refreshOwnTaggers, refreshShown, lookAtSchedule, forgetDraft } = others;

    /** What cannot be done is said where it was asked for. @param {() => Promise<void>} act @returns {Promise<boolean>} whether it was done */
    async function tried(act) {
        ownFailure.value = null;
        try {
            await act();
            return true;
        } catch (error) {
            ownFailure.value = failureOf(error, "library_unwritten");
            return false;
        } finally {
            await refreshOwnTaggers();
        }
    }

    /** @param {{name: string, settings: OwnSettings}} wanted @returns {Promise<string | null>} its id */
    async function makeOwnTagger({ name, settings }) {
        const id = newTaggerId();
        const isMade = await tried(async () => {
            await library.call("make_own_tagger", { id, name, settings });
        });
        return isMade ? id : null;
    }

    /** @param {string} id @param {{name?: string, settings?: Partial<OwnSettings>, is_used?: boolean}} change */
    async function changeOwnTagger(id, { settings, ...change }) {
        const before = ownTaggers.value?.find((one) => one.id === id)?.settings ?? {};
        // What was set before is owed nothing for the time until now.
        const set = settings && ("weekly" in settings ? { ...settings, weekly_set_ms: Date.now() } : settings);
        await tried(async () => {
            await library.call("change_own_tagger", { id, ...change, ...(set && { settings: { ...before, ...set } }) });
        });
        if (change.is_used !== undefined) await refreshShown();
        void lookAtSchedule();
    }

    /** It and what it found show no more, until that is undone. @param {string} id */
    async function deleteOwnTagger(id) {
        const tagger = ownTaggers.value?.find((one) => one.id === id);
        if (!tagger) return;
        const data = { tagger: id, removed: true };
        const step = newStep("did_remove_own_tagger", { name: tagger.name }, { kind: "own_tagger", data });
        if (await tried(() => setRemoved(data, { step }))) remember(step);
    }

    /** @param {RemovedTagger} data @param {{step?: Step, move?: StepMove}} how */
    async function setRemoved({ tagger, removed }, how) {
        await library.call("remove_own_tagger", { id: tagger, removed, ...how });
        await refreshShown();
    }

    /** This version tags from here on. @param {number} id */
    async function useHead(id) {
        const head = headOf(id);
        const tagger = ownTaggers.value?.find((one) => one.id === head?.own_tagger);
        if (!tagger || !head) return;
        const data = { tagger: tagger.id, before: inUse(tagger)?.id ?? null, after: head.id };
        const params = { name: tagger.name, number: head.number };
        const step = newStep("did_use_own_head", params, { kind: "own_head", data });
        if (await tried(() => setUsed(data.tagger, data.after, { step }))) remember(step);
    }

    /** @param {string} tagger @param {number | null} head @param {{step?: Step, move?: StepMove}} how */
    async function setUsed(tagger, head, how) {
        forgetDraft(tagger);
        await library.call("use_head", { own_tagger: tagger, head, ...how });
        await refreshShown();
    }

    handle("own_tagger", {
        undo: (/** @type {RemovedTagger} */ data, move) =>
            movedBy(() => setRemoved({ ...data, removed: !data.removed }, { move })),
        redo: (/** @type {RemovedTagger} */ data, move) => movedBy(() => setRemoved(data, { move })),
    });
    handle("own_head", {
        undo: (/** @type {UsedHead} */ { tagger, before }, move) => movedBy(() => setUsed(tagger, before, { move })),
        redo: (/** @type {UsedHead} */ { tagger, after }, move) => movedBy(() => setUsed(tagger, after, { move })),
    });

    /** @param {() => Promise<void>} act */
    async function movedBy(act) {
        await act();
        await refreshOwnTaggers();
    }

    /** For good, with its report and all that it found. @param {number} head */
    async function deleteHead(head) {
        await tried(async () => {
            await library.call("delete_head", { head });
            await refreshShown();
        });
    }

    /** @param {number} id @returns {HeadRow | undefined} */
    const headOf = (id) => (ownTaggers.value ?? []).flatMap(({ heads }) => heads).find((head) => head.id === id);

    /** @param {number} head @returns {Promise<TrainingReport | null>} */
    const reportOf = async (head) => /** @type {TrainingReport | null} */ (await library.call("head_report", { head }));

    /** To be called right after a click. @param {number} head @param {"xlsx" | "csv"} kind */
    async function saveReport(head, kind) {
        const row = headOf(head);
        const name = `tagsmith-report-${row?.number ?? 0}-${new Date(row?.made_ms ?? 0).toISOString().slice(0, 10)}.${kind}`;
        ownFailure.value = null;
        try {
            await platform.saveFile(name, kind === "xlsx" ? XLSX : "text/csv", async () => {
                const report = await library.call("head_report", { head });
                return new Blob([await trainer.call("report_file", { report: JSON.stringify(report), kind, words })]);
            });
        } catch (error) {
            ownFailure.value = failureOf(error, "file_not_saved");
        }
    }

    return { changeOwnTagger, deleteHead, deleteOwnTagger, makeOwnTagger, reportOf, saveReport, useHead };
}

/** Given once, and the same in every library that its files come to. */
function newTaggerId() {
    const bytes = crypto.getRandomValues(new Uint8Array(10));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
