/**
 * Looking after one's own words: lists of other programs read and used, suggestions taken in or sent away, and the health of the list.
 * @import { StrictWords, Suggestion, TagRef } from "../../core/engine_api.d.ts"
 * @import { Context } from "../context.js"
 * @import { StrictWordsActions } from "./strict_words.js"
 */
import { failureOf } from "../../core/protocol.js";
import { effect } from "../../vendor/signals.js";
import * as state from "../state.js";
import { inPlaceOf, withOneOf, withRule, withWords, withoutRule, withoutWords } from "../word_list.js";
import { wordsFailure, wordsHealth, wordsImport, wordsReport } from "../words_state.js";

/** So many suggestions are shown. */
const N_SUGGESTIONS = 200;

/** @param {readonly Suggestion[]} all */
const mostFrequent = (all) =>
    all.toSorted((a, b) => b.pictures - a.pictures || a.tag.name.localeCompare(b.tag.name)).slice(0, N_SUGGESTIONS);

/** @param {Context} context @param {Pick<StrictWordsActions, "changeWords">} words */
export function createWords({ platform, session }, { changeWords }) {
    let stop = () => {};
    let isOpen = false;
    let isLooking = false;
    let isStale = false;

    /** Keeps what is said of the list up to date while it is on show. */
    function openWords() {
        isOpen = true;
        stop = effect(() => {
            void [state.strictWords.value, state.tagLanguage.value, state.summary.value];
            queueMicrotask(() => void lookAtWords());
        });
    }

    function leaveWords() {
        stop();
        isOpen = false;
        wordsImport.value = wordsFailure.value = null;
    }

    /** One look at a time: pictures may come faster than all of them are looked at. */
    async function lookAtWords() {
        if (isLooking) return void (isStale = true);
        isLooking = true;
        do {
            isStale = false;
            await attempt(lookOnce);
        } while (isStale && isOpen);
        isLooking = false;
    }

    async function lookOnce() {
        const kept = state.strictWords.value;
        if (!kept) return void (wordsReport.value = wordsHealth.value = null);
        const all = kept.is_on ? await session.askWords("strict_report", {}) : null;
        const report = all && { ...all, suggestions: mostFrequent(all.suggestions) };
        const names = (report?.suggestions ?? []).map(({ tag }) => tag.name);
        wordsHealth.value = await session.askWords("near_words", { words: JSON.stringify(kept.words), names });
        wordsReport.value = report;
    }

    /** @param {() => Promise<void>} act what cannot be is said in the dialog */
    async function attempt(act) {
        try {
            await act();
        } catch (error) {
            if (wordsImport.value?.status === "reading") wordsImport.value = null;
            wordsFailure.value = failureOf(error, "words_invalid");
        }
    }

    /** @param {Blob} file @param {string} name */
    const read = (file, name) =>
        session.askWords("read_words", { file, name, language: state.tagLanguage.value || null });

    /** Reads a file of another program; it is used once somebody has seen what is in it. @param {File} file */
    function readWordsFile(file) {
        wordsFailure.value = null;
        wordsImport.value = { status: "reading" };
        return attempt(async () => {
            const imported = await read(file, file.name);
            wordsImport.value = { status: "asking", imported };
        });
    }

    /** What a person types joins the list, or begins it. @param {string} text */
    function typeWords(text) {
        wordsFailure.value = null;
        return attempt(async () => {
            const { words } = await read(new Blob([text]), "");
            const kept = state.strictWords.value;
            await useChecked(kept ? withWords(kept.words, words.words) : words, kept?.is_on ?? true);
        });
    }

    function useImport() {
        const offer = wordsImport.value;
        if (offer?.status !== "asking") return;
        wordsImport.value = null;
        const words = inPlaceOf(state.strictWords.value?.words, offer.imported.words);
        return attempt(() => useChecked(words, true));
    }

    function dropImport() {
        wordsImport.value = null;
    }

    /** @param {StrictWords} words @param {boolean} isOn */
    function use(words, isOn) {
        changeWords("did_words_list", { n: words.words.length }, { is_on: isOn, words });
    }

    /** Only a list that can be is put in force. @param {StrictWords} words @param {boolean} isOn */
    async function useChecked(words, isOn) {
        await session.askWords("near_words", { words: JSON.stringify(words), names: [] });
        use(words, isOn);
    }

    /** @param {boolean} isOn */
    function restrictTags(isOn) {
        const kept = state.strictWords.value;
        if (kept) changeWords(isOn ? "did_words_on" : "did_words_off", {}, { ...kept, is_on: isOn });
    }

    function removeWordList() {
        changeWords("did_words_remove_list", {}, null);
    }

    /** A change that is only made if the list can be then. @param {(words: StrictWords) => StrictWords} change */
    function changeList(change) {
        const kept = state.strictWords.value;
        if (!kept) return;
        wordsFailure.value = null;
        const words = change(kept.words);
        void attempt(() => useChecked(words, kept.is_on));
    }

    /** Takes a suggestion in as a word. @param {TagRef} tag */
    function takeWordIn(tag) {
        return attempt(async () => {
            const kept = state.strictWords.value;
            const [word] = (await read(new Blob([tag.name.replace(/[\t,;|{}[\]]/g, " ")]), "")).words.words;
            if (!kept || !word) return;
            const isKnown = kept.words.words.some(({ id }) => id === word.id);
            const ids = tag.id.startsWith("own:") ? {} : { ids: [tag.id] };
            if (isKnown) showAs(tag, word.id);
            else await useChecked(withWords(kept.words, [{ ...word, name: tag.name, ...ids }]), kept.is_on);
        });
    }

    /** @param {TagRef} tag @param {string | null} into the id of a word; null for nothing */
    function showAs(tag, into) {
        const kept = state.strictWords.value;
        if (!kept) return;
        const to = kept.words.words.find(({ id }) => id === into)?.name ?? "";
        const key = into === null ? "did_words_dismiss" : "did_words_rule";
        changeWords(key, { name: tag.name, to }, { ...kept, words: withRule(kept.words, tag, into) });
    }

    /** By a word that is typed, as it is called in whatever language. @param {TagRef} tag @param {string} typed */
    function showAsTyped(tag, typed) {
        const wanted = typed.trim().toLowerCase();
        if (wanted === "") return;
        const isWanted = (/** @type {string} */ name) => name.toLowerCase() === wanted;
        const words = (state.strictWords.value?.words.words ?? []).filter(({ heading }) => !heading);
        const word =
            words.find(({ name }) => isWanted(name)) ??
            words.find(({ names, aliases }) => [...Object.values(names ?? {}), ...(aliases ?? [])].some(isWanted));
        wordsFailure.value = word ? null : { code: "tag_outside", detail: typed.trim() };
        if (word) showAs(tag, word.id);
    }

    /** @param {TagRef} tag */
    function dropWordRule(tag) {
        const kept = state.strictWords.value;
        if (kept)
            changeWords("did_words_undo_rule", { name: tag.name }, { ...kept, words: withoutRule(kept.words, tag.id) });
    }

    /** @param {string} one that stays @param {string} other */
    const joinWords = (one, other) => changeList((words) => withOneOf(words, one, other));
    /** @param {readonly string[]} ids */
    const removeWords = (ids) => changeList((words) => withoutWords(words, ids));

    /** As our own document, with its rules. */
    async function saveWords() {
        const kept = state.strictWords.value;
        if (!kept) return;
        const name = `${kept.words.title || "words"}.words.json`;
        try {
            await platform.saveFile(name, "application/json", async () => new Blob([JSON.stringify(kept.words)]));
        } catch (error) {
            wordsFailure.value = failureOf(error, "file_not_saved");
        }
    }

    return {
        ...{ dropImport, dropWordRule, joinWords, leaveWords, openWords, readWordsFile, removeWordList, removeWords },
        ...{ restrictTags, saveWords, showAs, showAsTyped, takeWordIn, typeWords, useImport },
    };
}
