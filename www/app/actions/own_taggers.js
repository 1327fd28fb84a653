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
 * What a tagger learns from, and which tags. @typedef {Partial<Pick<OwnSettings, "collections" | "files" | "tags" | "without_moved">>} SetChange
 * A step: a tagger that was removed, another version that was put in use, or another set that it learns from.
 * @typedef {{own_tagger: string} & ({removed: boolean} | {before: number | null, after: number | null} | {set: {before: SetChange, after: SetChange}})} OwnStep
 */
import { CodedError, failureOf } from "../../core/protocol.js";
import { ownSettingsOf } from "../own/settings.js";
import { ownFailure, ownTaggers } from "../own_state.js";
import * as state from "../state.js";
import { inUse } from "./own_tagging.js";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/**
 * @param {Pick<Context, "library" | "platform" | "session">} context @param {Pick<Teaching, "forgetHeld" | "trainer">} teaching @param {Pick<Undo, "handle" | "newStep" | "remember">} history
 * @param {{refreshOwnTaggers: () => Promise<unknown>, refreshShown: () => Promise<unknown>, lookAtSchedule: () => Promise<unknown>, refreshTrainingSet: () => Promise<unknown>, forgetDraft: (id: string) => void,
 *   settle: () => unknown,
 *   setSmartTags: (collection: number, isOn: boolean) => void}} others
 */
export function createOwnTaggers(
    { library, platform },
    { forgetHeld, trainer },
    { handle, newStep, remember },
    others,
) {
    const { refreshOwnTaggers, refreshShown, lookAtSchedule, refreshTrainingSet, forgetDraft, setSmartTags, settle } =
        others;

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
            for (const collection of settings.collections) setSmartTags(collection, true);
        });
        return isMade ? id : null;
    }

    /** Of the settings, those that are other ones now. @param {string} id @param {{name?: string, settings?: Partial<OwnSettings>, is_used?: boolean}} change */
    async function changeOwnTagger(id, { settings, ...change }) {
        // What was set before is owed nothing for the time until now.
        const set = settings && ("weekly" in settings ? { ...settings, weekly_set_ms: Date.now() } : settings);
        await tried(async () => {
            await library.call("change_own_tagger", { id, ...change, ...(set && { settings: set }) });
        });
        if (change.is_used === false) forgetDraft(id);
        if (change.is_used !== undefined) {
            await refreshShown();
            void settle();
        }
        void lookAtSchedule();
    }

    /** It learns from other pictures, or other tags, until that is undone. @param {string} id @param {SetChange} change */
    async function changeTrainingSet(id, change) {
        const tagger = ownTaggers.value?.find((one) => one.id === id);
        if (!tagger) return;
        const kept = ownSettingsOf(tagger.settings);
        const keys = /** @type {(keyof SetChange)[]} */ (Object.keys(change));
        const before = Object.fromEntries(keys.map((key) => [key, kept[key]]));
        const data = { own_tagger: id, set: { before, after: change } };
        const step = newStep("did_change_own_set", { name: tagger.name }, { kind: "own_tagger", data });
        if (!(await tried(() => setTo(data, true, { step })))) return;
        remember(step, false); // it is seen where it was asked for
        await refreshTrainingSet();
        void settle();
        void lookAtSchedule();
    }

    /** It and what it found show no more, until that is undone. @param {string} id */
    async function deleteOwnTagger(id) {
        const tagger = ownTaggers.value?.find((one) => one.id === id);
        if (!tagger) return;
        const data = { own_tagger: id, removed: true };
        const step = newStep("did_remove_own_tagger", { name: tagger.name }, { kind: "own_tagger", data });
        if (!(await tried(() => setTo(data, true, { step })))) return;
        remember(step);
        void settle();
    }

    /** It, its versions and reports, and all that it found. @param {string} id @returns {Promise<boolean>} whether it was done */
    function deleteTaggerForGood(id) {
        forgetDraft(id);
        return tried(async () => {
            await library.call("delete_own_tagger", { id });
            await refreshShown();
        });
    }

    /** This version tags from here on. @param {number} id */
    async function useHead(id) {
        const head = headOf(id);
        const tagger = ownTaggers.value?.find((one) => one.id === head?.own_tagger);
        if (!tagger || !head) return;
        const data = { own_tagger: tagger.id, before: inUse(tagger)?.id ?? null, after: head.id };
        const params = { name: tagger.name, number: head.number };
        const step = newStep("did_use_own_head", params, { kind: "own_tagger", data });
        if (!(await tried(() => setTo(data, true, { step })))) return;
        remember(step);
        void settle();
    }

    /** @param {OwnStep} data @param {boolean} isDone whether as after the step, or as before it @param {{step?: Step, move?: StepMove}} how */
    async function setTo(data, isDone, how) {
        const { own_tagger: tagger } = data;
        if ("removed" in data)
            await library.call("remove_own_tagger", { id: tagger, removed: data.removed === isDone, ...how });
        else if ("set" in data) {
            forgetHeld(); // it is another set
            const settings = isDone ? data.set.after : data.set.before;
            return void (await library.call("change_own_tagger", { id: tagger, settings, ...how }));
        } else {
            forgetDraft(tagger);
            await library.call("use_head", { own_tagger: tagger, head: isDone ? data.after : data.before, ...how });
        }
        await refreshShown();
    }

    /** Another version is in use, or none, or another set is learnt from: other pictures are untagged, and other corrections are a draft. */
    async function refresh() {
        await refreshOwnTaggers();
        void refreshTrainingSet();
        void settle();
    }

    handle("own_tagger", {
        undo: (/** @type {OwnStep} */ data, move) => setTo(data, false, { move }).finally(refresh),
        redo: (/** @type {OwnStep} */ data, move) => setTo(data, true, { move }).finally(refresh),
    });

    /** For good, with its report and all that it found. @param {number} head */
    async function deleteHead(head) {
        await tried(async () => {
            await library.call("delete_head", { head });
            await refreshShown();
        });
        void settle();
    }

    /** For good; the version stays, and goes on tagging. @param {number} head */
    const deleteReport = (head) => tried(async () => void (await library.call("delete_head_report", { head })));

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
                const report = await reportOf(head);
                if (!report) throw new CodedError("own_head_gone", "This version has no report.");
                const words = {
                    language: state.language.value,
                    pictures: await namesOf(idsIn(report)),
                    utc_offset_min: -new Date(report.made_ms).getTimezoneOffset(),
                };
                return new Blob([await trainer.call("report_file", { report: JSON.stringify(report), kind, words })]);
            });
        } catch (error) {
            ownFailure.value = failureOf(error, "file_not_saved");
        }
    }

    /** @param {readonly number[]} ids @returns {Promise<Record<number, string>>} what their files are called */
    async function namesOf(ids) {
        const files = await library.call("files", { collection: library.collection, ids, is_brief: true });
        return Object.fromEntries(Array.from(files.ids, (id, idx) => [id, files.paths[idx] ?? ""]));
    }

    return {
        ...{
            changeOwnTagger,
            changeTrainingSet,
            deleteHead,
            deleteOwnTagger,
            deleteReport,
            deleteTaggerForGood,
            makeOwnTagger,
        },
        ...{ reportOf, saveReport, useHead },
    };
}

/** The pictures that a report speaks of. @param {TrainingReport} report @returns {number[]} */
const idsIn = ({ tags, pairs, suspects }) => [
    ...new Set([
        ...tags.flatMap(({ best, worst }) => [...best, ...worst]),
        ...pairs.flatMap(({ ids }) => ids),
        ...suspects.map(({ id }) => id),
    ]),
];

/** Given once, and the same in every library that its files come to. */
function newTaggerId() {
    const bytes = crypto.getRandomValues(new Uint8Array(10));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
