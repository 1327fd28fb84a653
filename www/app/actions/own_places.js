/**
 * Where people are among their own tags, and the pictures that are spoken of there.
 * @import { Context } from "../context.js"
 * @import { HeadRow, OwnTagger } from "../../db/own_protocol.js"
 * @import { OwnSettings } from "../own_state.js"
 * @import { TrainingReport } from "../../core/train_api.d.ts"
 * @import { ComparedPicture, OwnPage } from "../own_view_state.js"
 * @import { WorkActions } from "../work_actions.js"
 *
 * What other actions of own tags do.
 * @typedef {{
 *   changeOwnTagger: (id: string, change: {settings: Partial<OwnSettings>}) => Promise<unknown>,
 *   closeExampleCamera: () => void, closeTrainingSet: () => void, countUntagged: () => Promise<unknown>, compareHeads: (a: HeadRow, b: HeadRow, ids: readonly number[]) => Promise<readonly ComparedPicture[]>,
 *   makeOwnTagger: (tagger: {name: string, settings: OwnSettings}) => Promise<string | null | undefined>,
 *   changeTrainingSet: (id: string, change: import("./own_taggers.js").SetChange) => Promise<unknown>,
 *   openTrainingSet: (tagger: string) => Promise<unknown>, refreshOwnTaggers: () => Promise<unknown>,
 *   reportOf: (head: number) => Promise<TrainingReport | null> }} OtherActions
 */
import { failureOf } from "../../core/protocol.js";
import { message } from "../../i18n/messages.js";
import { batch } from "../../vendor/signals.js";
import { asName } from "../collection_names.js";
import { learningFrom, newSettings, ownSettingsOf } from "../own/settings.js";
import { ownFailure, ownTaggers } from "../own_state.js";
import { headComparison, openTag, ownPage, ownPictures, shownReport } from "../own_view_state.js";
import * as state from "../state.js";
import { openPicture } from "./grid.js";
import { showDialog } from "./places.js";

/** So many pictures are looked at to see where two versions differ. */
const N_COMPARED = 2_000;

/**
 * @param {Pick<Context, "library" | "session">} context @param {OtherActions & Pick<WorkActions, "addTags" | "refreshCollections">} actions
 */
export function createOwnPlaces({ library, session }, actions) {
    /** @param {OwnPage} page */
    function go(page) {
        actions.closeExampleCamera();
        if (ownPage.value.name === "tagger") actions.closeTrainingSet();
        batch(() => {
            ownPage.value = page;
            ownFailure.value = null;
            openTag.value = null;
            if (page.name !== "report") shownReport.value = null;
            if (page.name !== "compare") headComparison.value = null;
        });
    }

    async function openOwnTags() {
        void actions.refreshCollections();
        void actions.countUntagged();
        await actions.refreshOwnTaggers();
        if (ownPage.value.name === "tagger") await actions.openTrainingSet(ownPage.value.id);
    }

    const showTaggers = () => go({ name: "list" });

    /** @param {string} id */
    function showTagger(id) {
        go({ name: "tagger", id });
        void actions.openTrainingSet(id);
    }

    /** Asks for the tag that these pictures are examples of. @param {readonly number[]} ids */
    function askToTeach(ids) {
        go({ name: "teach", ids });
        showDialog("own_tags");
    }

    /**
     * Makes pictures examples of a tag: they carry it as a person's, and a tagger learns from their collection.
     * @param {string} typed may be nothing where only these pictures are learnt from, with the tags that they have
     * @param {string | null} tagger null for a new one
     * @param {{isOnlyTag?: boolean, areOnlyPictures?: boolean}} [how] of a new one: whether it learns no other tag, and from no other pictures
     * @returns {Promise<import("../../core/protocol.js").Failure | null>} what cannot be a tag
     */
    async function teach(typed, tagger, { isOnlyTag = false, areOnlyPictures = false } = {}) {
        const { value: page } = ownPage;
        const word = asName(typed);
        if (page.name !== "teach" || (word === "" && !areOnlyPictures)) return null;
        const files = [...page.ids];
        const failed = word === "" ? null : await actions.addTags([word], files);
        if (failed) return failed.failure;
        const tags = word === "" ? [] : [(await session.tagRef(word)).id];
        if (tagger !== null) await learnAlso(tagger, files, tags);
        const here = settingsHere();
        const settings = {
            ...here,
            files: areOnlyPictures ? files : here.files,
            tags: isOnlyTag && word !== "" ? tags : here.tags,
        };
        const id = tagger ?? (await actions.makeOwnTagger({ name: nameFor(word), settings }));
        if (id !== undefined && id !== null) showTagger(id);
        return null;
    }

    /** The examples are in the collection in the grid. @param {string} tagger @param {readonly number[]} files @param {readonly string[]} tags */
    async function learnAlso(tagger, files, tags) {
        const kept = ownTaggers.value?.find(({ id }) => id === tagger)?.settings ?? {};
        const collection = state.collection.value?.id;
        const change = collection === undefined ? null : learningFrom(kept, { collection, files, tags });
        if (change) await actions.changeTrainingSet(tagger, change);
    }

    /** The first learns whatever comes; another is about something. @param {string} word */
    const nameFor = (word) =>
        word === "" || ownTaggers.value?.length === 0 ? message(state.language.value, "taught_mine") : word;

    /** @param {string} typed the name of a new tagger, that learns from the collection in the grid */
    async function newTagger(typed) {
        const id = await actions.makeOwnTagger({ name: asName(typed), settings: settingsHere() });
        if (id !== undefined && id !== null) showTagger(id);
    }

    const settingsHere = () => newSettings(state.collection.value ? [state.collection.value.id] : []);

    /** @param {string} tagger @param {number} head */
    async function showReport(tagger, head) {
        go({ name: "report", tagger, head });
        const isStill = () => ownPage.value.name === "report" && ownPage.value.head === head;
        shownReport.value = { head, report: null, failure: null };
        try {
            const report = await actions.reportOf(head);
            if (isStill()) shownReport.value = { head, report, failure: report ? null : missing("no report") };
        } catch (error) {
            if (isStill()) shownReport.value = { head, report: null, failure: failureOf(error, "store_failed") };
        }
    }

    /** @param {string} detail */
    const missing = (detail) => ({ code: "own_report_missing", detail });

    /** What two versions say of the pictures in the grid. @param {OwnTagger} tagger @param {HeadRow} one @param {HeadRow} other */
    async function showComparison(tagger, one, other) {
        const [a, b] = [one.id, other.id];
        go({ name: "compare", tagger: tagger.id, a, b });
        const begun = { a, b, n: null, differing: [], reports: null, failure: null };
        headComparison.value = begun;
        const ids = state.gridIds.value.slice(0, N_COMPARED);
        try {
            const [all, ofA, ofB] = await Promise.all([
                actions.compareHeads(one, other, ids),
                ...[a, b].map((head) => actions.reportOf(head).catch(() => null)),
            ]);
            const differing = all.filter((one) => wordsOf(one.a) !== wordsOf(one.b));
            const reports = ofA && ofB ? { a: ofA, b: ofB } : null;
            if (headComparison.value === begun) headComparison.value = { ...begun, n: all.length, differing, reports };
        } catch (error) {
            if (headComparison.value === begun)
                headComparison.value = { ...begun, failure: failureOf(error, "store_failed") };
        }
    }

    /** @param {readonly {id: string}[]} found */
    const wordsOf = (found) =>
        found
            .map(({ id }) => id)
            .sort()
            .join("\n");

    /** @param {string | null} id */
    function openTagOf(id) {
        openTag.value = openTag.value === id ? null : id;
    }

    /** Those that are asked for and not known yet. @type {Set<number>} */
    const wanted = new Set();

    /** What is spoken of is shown: names and thumbnails come as soon as they are there. @param {readonly number[]} ids */
    function wantPictures(ids) {
        const isNothing = wanted.size === 0;
        for (const id of ids) if (!state.pictureOf(id)?.thumbnail && !ownPictures.value.has(id)) wanted.add(id);
        if (isNothing && wanted.size > 0) queueMicrotask(() => void fetchPictures());
    }

    async function fetchPictures() {
        const ids = [...wanted];
        const found = new Map(ids.map((id) => [id, { name: "", url: /** @type {string | null} */ (null) }]));
        const missing = new Set(ids);
        try {
            for (const collection of placesOfPictures()) {
                if (missing.size === 0) break;
                const files = await library.call("files", { collection, ids: [...missing], ...library.preferred });
                const urls = files.facts.map((one) => (one ? library.thumbnails.url(one.sha256) : null));
                for (const [nth, id] of files.ids.entries()) {
                    const name = (files.paths[nth] ?? "").split("/").at(-1) ?? "";
                    found.set(id, { name, url: (await urls[nth]) ?? null });
                    missing.delete(id);
                }
            }
        } catch {
            // A picture without its thumbnail has its name, or its place.
        } finally {
            ownPictures.value = new Map([...ownPictures.value, ...found]);
            for (const id of ids) wanted.delete(id);
            if (wanted.size > 0) void fetchPictures(); // more were wanted meanwhile
        }
    }

    /** The collections that pictures spoken of may be in: the one that is shown, and those that the tagger learns from. */
    function placesOfPictures() {
        const { value: page } = ownPage;
        const id = page.name === "tagger" ? page.id : "tagger" in page ? page.tagger : null;
        const learned = ownSettingsOf(ownTaggers.value?.find((one) => one.id === id)?.settings ?? {}).collections;
        return new Set([library.collection, ...learned]);
    }

    /** @param {number} id of a picture of the collection that is shown */
    function openOwnPicture(id) {
        showDialog(null);
        openPicture(id);
    }

    /** The dialog is closed: where it was is where it opens again. */
    function leaveOwnTags() {
        actions.closeExampleCamera();
        if (ownPage.value.name === "tagger") actions.closeTrainingSet();
        if (ownPage.value.name === "teach") ownPage.value = { name: "list" };
        for (const { url } of ownPictures.value.values()) if (url) URL.revokeObjectURL(url);
        ownPictures.value = new Map();
    }

    return {
        ...{ askToTeach, leaveOwnTags, newTagger, openOwnPicture, openOwnTags, openTagOf },
        ...{ showComparison, showReport, showTagger, showTaggers, teach, wantPictures },
    };
}
