/**
 * Several taggers compared over the same pictures: the tags that are here already, under what is set now. Nothing is sent, and nothing changes.
 * @import { Comparison, Compared } from "../../core/engine_api.d.ts"
 * @import { RequestRow } from "../../db/protocol.js"
 * @import { Comparing } from "../provider_state.js"
 * @import { ComparedPicture } from "../providers/comparing.js"
 * @import { Context } from "../context.js"
 */
import { inChunks } from "../../core/in_chunks.js";
import { failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import {
    comparedFirst,
    comparedOf,
    runsOfTried,
    seenByAll,
    shownPictures,
    sourcesIn,
    spentOn,
} from "../providers/comparing.js";
import { comparedThumbnails, comparing } from "../provider_state.js";
import * as state from "../state.js";
import { openPicture } from "./grid.js";
import { showDialog } from "./places.js";

/** So many pictures on which two differ are shown at a time. */
const N_SHOWN = 12;
/** Rows of the request log that are read at once. */
const N_ROWS = 1_000;

/** @param {Pick<Context, "library" | "session">} context @param {{compareSources: (compared: Compared) => Promise<Comparison>}} providers */
export function createProviderComparing({ library, session }, { compareSources }) {
    /** What was begun before is dropped. */
    let nBegun = 0;
    /** Those that somebody has looked at. @type {readonly ComparedPicture[]} */
    let pictures = [];
    /** Of the runs that show. @type {readonly RequestRow[]} */
    let rows = [];

    /** @param {readonly number[]} ids the pictures that are meant */
    async function compareProviders(ids) {
        const mine = ++nBegun;
        dropThumbnails();
        batch(() => {
            comparing.value = {
                ...{ ids, isReading: true, failure: null, sources: [], result: null, pair: null, nShown: N_SHOWN },
            };
            showDialog("compare_providers");
        });
        try {
            const read = await readPictures(ids);
            const log = await readLog(read);
            if (mine !== nBegun || !comparing.value) return;
            [pictures, rows] = [read, log];
            const chosen = new Set(comparedFirst(pictures));
            const sources = sourcesIn(pictures).map((one) => ({ ...one, isChosen: chosen.has(one.id) }));
            await compare({ ...comparing.value, sources });
        } catch (error) {
            fail(mine, error);
        }
    }

    /** @param {number} mine @param {unknown} error */
    function fail(mine, error) {
        if (mine !== nBegun || !comparing.value) return;
        const failure = failureOf(error, "provider_unavailable_here");
        comparing.value = { ...comparing.value, isReading: false, failure };
    }

    /** @param {readonly number[]} ids @returns {Promise<ComparedPicture[]>} */
    async function readPictures(ids) {
        /** @type {ComparedPicture[]} */
        const found = [];
        let idx = 0;
        for await (const picture of session.sourcesOf(ids)) {
            const id = ids[idx++] ?? 0;
            if (picture.sources.length > 0) found.push({ ...picture, id, ms: null });
        }
        const times = new Map();
        const { collection, preferred } = library;
        const asked = inChunks(
            found.map(({ id }) => id),
            async (some) => [await library.call("files", { collection, ids: some, ...preferred })],
        );
        for await (const files of asked)
            files.ids.forEach((id, nth) => {
                const { decode = 0, resize = 0, infer = 0, tags = 0 } = files.facts[nth]?.timings_ms ?? {};
                const ms = decode + resize + infer + tags;
                if (ms > 0) times.set(id, ms);
            });
        return found.map((picture) => ({ ...picture, ms: times.get(picture.id) ?? null }));
    }

    /** The rows of the runs that show, the newest first. @param {readonly ComparedPicture[]} of */
    async function readLog(of) {
        const wanted = new Set(of.flatMap(({ sources }) => sources.flatMap(({ runs }) => runs)));
        if (wanted.size === 0) return [];
        const runs = (await library.call("runs", {})).filter(({ id }) => wanted.has(id));
        const since = Math.min(...runs.map(({ begun_ms: ms }) => ms));
        // A trial was asked before its run was begun.
        const tried = runsOfTried(runs);
        /** @type {RequestRow[]} */
        const found = [];
        for (let before = Number.MAX_SAFE_INTEGER; ; ) {
            /** @type {RequestRow[]} */
            const some = await library.call("requests", { n: N_ROWS, before });
            for (const row of some) {
                const run = row.run ?? tried.get(row.id) ?? null;
                if (run === null || !wanted.has(run)) continue;
                found.push(row.run === null ? { ...row, run, purpose: "tag" } : row);
                tried.delete(row.id);
            }
            const last = some.at(-1);
            if (some.length < N_ROWS || !last || (last.sent_ms < since && tried.size === 0)) return found;
            before = last.id;
        }
    }

    /** Over the pictures that all of the chosen have looked at. @param {Comparing} wanted */
    async function compare(wanted) {
        const mine = ++nBegun;
        const chosen = wanted.sources.filter(({ isChosen }) => isChosen).map(({ id }) => id);
        const seen = seenByAll(pictures, chosen);
        comparing.value = { ...wanted, failure: null };
        try {
            const isAny = chosen.length > 1 && seen.length > 0;
            const comparison = isAny ? await compareSources(comparedOf(seen, chosen)) : null;
            if (mine !== nBegun || !comparing.value) return;
            const spent = new Map(chosen.map((id) => [id, spentOn(rows, seen, id)]));
            const { pair } = comparing.value;
            const isThere = pair && [pair.a, pair.b].every((id) => chosen.includes(id));
            const [first] = comparison?.pairs ?? [];
            comparing.value = {
                ...{ ...comparing.value, isReading: false, nShown: N_SHOWN },
                pair: isThere ? pair : first ? { a: first.a, b: first.b } : null,
                result: comparison && { pictures: seen, comparison, spent },
            };
            void showThumbnails();
        } catch (error) {
            fail(mine, error);
        }
    }

    /** @param {string} id @param {boolean} isChosen */
    function chooseCompared(id, isChosen) {
        const { value: now } = comparing;
        if (!now) return;
        void compare({ ...now, sources: now.sources.map((one) => (one.id === id ? { ...one, isChosen } : one)) });
    }

    /** @param {string} a @param {string} b whose differences are shown */
    function choosePair(a, b) {
        if (!comparing.value) return;
        comparing.value = { ...comparing.value, pair: { a, b }, nShown: N_SHOWN };
        void showThumbnails();
    }

    function moreDiffering() {
        if (!comparing.value) return;
        comparing.value = { ...comparing.value, nShown: comparing.value.nShown + N_SHOWN };
        void showThumbnails();
    }

    /** Of pictures that were not on screen in this visit. */
    async function showThumbnails() {
        const mine = nBegun;
        const missing = shownPictures(comparing.value)
            .map(({ id }) => id)
            .filter((id) => !state.pictureOf(id)?.thumbnail && !comparedThumbnails.value.has(id));
        if (missing.length === 0) return;
        const { collection, preferred } = library;
        try {
            const { ids, facts } = await library.call("files", { collection, ids: missing, ...preferred });
            const urls = await Promise.all(facts.map((one) => (one ? library.thumbnails.url(one.sha256) : null)));
            const found = Array.from(ids, (id, nth) => /** @type {const} */ ([id, urls[nth] ?? ""]));
            const known = found.filter(([, url]) => url !== "");
            if (mine === nBegun && comparing.value)
                comparedThumbnails.value = new Map([...comparedThumbnails.value, ...known]);
            else for (const [, url] of known) URL.revokeObjectURL(url);
        } catch {
            // A picture without its thumbnail has its name.
        }
    }

    /** @param {number} id */
    function openCompared(id) {
        showDialog(null);
        openPicture(id);
    }

    function dropComparing() {
        nBegun++;
        [pictures, rows] = [[], []];
        comparing.value = null;
        dropThumbnails();
    }

    function dropThumbnails() {
        for (const url of comparedThumbnails.value.values()) URL.revokeObjectURL(url);
        comparedThumbnails.value = new Map();
    }

    return { chooseCompared, choosePair, compareProviders, dropComparing, moreDiffering, openCompared };
}
