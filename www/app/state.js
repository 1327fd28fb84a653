/**
 * Everything the page knows, as signals. Views read; only actions.js writes.
 * @import { Change, Corrections, Details, ExportFormatFacts, Explanation, ModelFacts, Query, Rule, TagCount, TagRef, Summary, Tag, Timings } from "../core/engine_api.d.ts"
 * @import { Failure, TagList } from "../core/protocol.js"
 * @import { BackupFacts, Collection, ListedCollection, RescueFacts, Run } from "../db/protocol.js"
 * @import { Variant } from "../core/engine.js"
 * @import { Language } from "../i18n/messages.js"
 * @import { Row, Skipped } from "./self_test.js"
 * @import { PartName } from "./actions/parts.js"
 * @import { KeptWords } from "./actions/strict_words.js"
 * @import { Settings } from "./settings.js"
 * @import { ImportChoices, ModelDraft, ModelInspection, NormalisationPreset } from "../core/engine_api.d.ts"
 * @import { CatalogModel, FoundFile, StoredModel } from "../platform/platform.d.ts"
 * @import { Signal } from "../vendor/signals.js"
 *
 * `stopped`: not tagged, because the run was cancelled. `undone`: the run that tagged it was undone, and nothing else shows.
 * @typedef {"queued" | "decoding" | "tagging" | "done" | "failed" | "stopped" | "undone"} PictureState
 * @typedef {import("../core/engine_api.d.ts").PictureFacts & {timings_ms: Timings}} PictureFacts
 * `file`: null where it was not opened in this visit. `look`: its second look waits, or is under way; `looks`: those it has had.
 * `facts`: of what was tagged before this visit only where somebody has looked at it.
 * `before`: how it was finished before it was to be tagged again. `corrections`: what a person says of it.
 * @typedef {{
 *   id: number, path: string, name: string, file: File | null, size: number, modified_ms: number, state: PictureState,
 *   look?: "waiting" | "looking", looks?: number, facts?: PictureFacts, thumbnail?: string, error?: Failure,
 *   before?: {state: "done" | "failed" | "undone", error?: Failure | undefined}, corrections?: Corrections }} PictureEntry
 *
 * @typedef {{
 *   status: "loading" | "ready" | "off" | "failed",
 *   variant?: Variant, facts?: ModelFacts, modelBytes?: number, readyMs?: number }} EngineState
 *
 * Why a picture has a tag: where the model saw it; without explanation where a detector found it, as the tag's boxes say.
 * @typedef {{id: number, tag: string, status: "asking" | "shown" | "failed", explanation?: Explanation, error?: Failure}} ShownExplanation
 *
 * A field for a new tag, by the name of its place: what is typed there, and which of the completions is marked (-1 for none).
 * @typedef {{box: string, typed: string, marked: number, isOpen: boolean, error: Failure | null}} TagEntry
 *
 * @typedef {{names: ReadonlyMap<string, string | null>, categories: readonly string[]}} ListNames
 *
 * A field for a new entry of a list: what is typed there, and which of the options is marked (-1 for none).
 * @typedef {{list: "allow" | "deny" | null, typed: string, marked: number, isOpen: boolean, isUnknown: boolean}} ListEntry
 * @typedef {{id: string, name: string, isCategory: boolean}} EntryOption
 *
 * `inUse` is null until it is known which build of the engine runs here; `error` is why there is no result at all.
 * @typedef {{
 *   status: "running" | "done", done: number, n: number, rows: readonly Row[], skipped: readonly Skipped[], inUse: Variant | null,
 *   error: Failure | null }} SelfTest
 *
 * @typedef {{
 *   status: "opening" | "live" | "failed", stream: MediaStream | null, deviceId: string, isFront: boolean,
 *   devices: readonly {id: string, name: string}[], nTaken: number, error: Failure | null }} CameraState
 *
 * A model of the catalog on its way here, or why it did not come.
 * @typedef {{received: number, failure: Failure | null}} Download
 *
 * A model that a person brings: a file, and what has to be known to run it. `failures`: what is wrong, by the part of the form it belongs
 * to. `counts`: labels that do not fit. `files`: what lies beside it; `missing`: what it keeps its weights in and waits for. `drafted`: the choices of who changes nothing. `comparison`: what
 * it says of a picture with each plausible preparation, `null` as long as it is not known. `tried`: what it says of a picture.
 * @typedef {"file" | "labels" | "choices" | "all"} FormSection
 * @typedef {{
 *   file: File, status: "reading" | "asking" | "trying" | "keeping", inspection: ModelInspection | null, presets: readonly NormalisationPreset[],
 *   labels: {name: string, list: readonly string[]} | null, counts: {labels: number, classes: number} | null, choices: ImportChoices | null,
 *   preset: string, failures: Partial<Record<FormSection, Failure>>, files: readonly File[], missing: readonly string[], draft: ModelDraft | null,
 *   drafted: ImportChoices | null,
 *   comparison: {picture: File, url: string, lists: readonly (readonly string[] | null)[]} | null,
 *   tried: {picture: string, tags: readonly {name: string, score: number}[]} | null }} CustomModel
 *
 * A file that did not come in, and why; `found` where it can come in all the same.
 * @typedef {"same" | "not_picture" | "hidden" | "system" | "denied" | "gone" | "unreadable"} LeftOutReason
 * @typedef {{path: string, reason: LeftOutReason, found?: FoundFile}} LeftOut
 *
 * `action`: what leads on from there.
 * @typedef {{text: string, isShown: boolean, action?: {text: string, dialog: Dialog}}} Notice
 *
 * `isPromised`: whether the browser keeps it until somebody deletes it; null where it does not say.
 * @typedef {{database: number, thumbnails: number, squares: number, n_squares: number, models: number, isPromised: boolean | null}} Usage in bytes; `squares`, so many, are part of the database
 *
 * `ids`: of pictures that another model has tagged, and the one in use has not. `areLeft`: somebody wants them, and those of undone runs, to stay as they are.
 * @typedef {{ids: readonly number[], areLeft: boolean}} Outdated
 *
 * A backup that may be restored: `reading`, until it is known what is in it; `failure` says why it cannot be.
 * @typedef {{file: File, status: "reading" | "asking" | "restoring" | "failed", content?: BackupFacts, failure?: Failure}} BackupOffer
 *
 * @typedef {{width: number, height: number, top: number}} Viewport
 * @typedef {"settings" | "help" | "models" | "camera" | "self_test" | "tags" | "left_out" | "export" | "collections" | "runs" | "storage" | "providers" | "ask_provider" | "compare_providers" | "try_model" | "own_tags" | "words"} Dialog
 * A tag on some of the chosen pictures; `autoIds` are those of them where the model suggests it.
 * @typedef {{id: string, name: string, ids: number[], autoIds: number[]}} SelectedTag
 *
 * @typedef {"add" | "policy" | "export" | "more" | "filter" | "accept_tag" | "remove_tag" | "collections" | "selection_more"} Menu
 * @typedef {Record<PictureState, number>} Counts
 */
import { LANGUAGES, bestLanguage } from "../i18n/messages.js";
import { computed, signal } from "../vendor/signals.js";
import { isTaggedAsAdded } from "./as_added.js";
import { DEFAULTS } from "./settings.js";

/** Whether a worker has the picture. @param {PictureState} state */
export const isWorking = (state) => state === "decoding" || state === "tagging";

/** @template T @typedef {import("../vendor/signals.js").ReadonlySignal<T>} ReadonlySignal */

export const language = signal(/** @type {Language} */ ("en"));
/** What the person reads, best first: the language that was chosen for the page, then those that the browser is set to. */
export const readLanguages = signal(/** @type {readonly string[]} */ ([]));
/** The parts of the page that have been fetched. */
export const parts = signal(/** @type {ReadonlySet<PartName>} */ (new Set()));
/** What can be exported, once the session has said so. */
export const exportFormats = signal(/** @type {readonly ExportFormatFacts[]} */ ([]));
/** What is remembered across visits. */
export const settings = signal(/** @type {Settings} */ (DEFAULTS));
/** The strict vocabulary of the library: tags show as its words only where it is on. */
export const strictWords = signal(/** @type {KeptWords | null} */ (null));
/** How many runs of other taggers the library has that can go on; `at` rises when another tab has changed something about them. */
export const storedJobs = signal({ n: 0, at: 0 });
/** When pictures are tagged that come in. */
export const asAdded = signal(/** @type {import("./as_added.js").AsAdded} */ ({ when: "always", smart: new Set() }));
/** Whether the next batch that comes in is tagged whatever that says. */
export const isRegardless = signal(false);
/** Own taggers of the library, as far as that is known; `at` rises when they may be others. */
export const storedOwn = signal({ n: 0, at: 0 });
/** The names of other taggers that are on: pictures may go there when somebody sends them. */
export const providersOn = signal(/** @type {readonly string[]} */ ([]));
/** The browser's own model is on, which sends nothing anywhere. */
export const isBrowserModelOn = signal(false);
export const canAskProviders = computed(() => isBrowserModelOn.value || providersOn.value.length > 0);
export const engine = signal(/** @type {EngineState} */ ({ status: "loading" }));

/** The model in use, among those that are kept; null for the one that comes with the page. */
export const modelInUse = signal(/** @type {string | null} */ (null));
/** What can be chosen: the model that comes with the page, those that are kept, those of the catalog; null until that is known. */
export const models = signal(
    /** @type {{bundled: StoredModel, stored: readonly StoredModel[], catalog: readonly CatalogModel[]} | null} */ (
        null
    ),
);
/** Why that is not known. */
export const modelsFailure = signal(/** @type {Failure | null} */ (null));
/** By the catalog's id. */
export const downloads = signal(/** @type {ReadonlyMap<string, Download>} */ (new Map()));
/** The model that is being put in place, or could not be. */
export const modelChange = signal(/** @type {{key: string | null, failure: Failure | null} | null} */ (null));
/** The model that someone is asked whether to delete. */
export const modelToDelete = signal(/** @type {string | null} */ (null));
export const customModel = signal(/** @type {CustomModel | null} */ (null));

/** All of them, the one that was opened last first, and the runs, the newest first; null until they are known. */
export const collections = signal(/** @type {readonly ListedCollection[] | null} */ (null));
export const runs = signal(/** @type {readonly Run[] | null} */ (null));
/** Null until it is known. */
export const usage = signal(/** @type {Usage | null} */ (null));
/** What could not be done with collections, runs or the storage, until something else is done there. */
export const libraryFailure = signal(/** @type {Failure | null} */ (null));
/** The pictures that a new collection is to be made of; null where none is being made. */
export const newCollection = signal(/** @type {readonly number[] | null} */ (null));
/** What somebody is asked whether to empty or delete for good. */
export const collectionToClear = signal(/** @type {{id: number, how: "empty" | "delete"} | null} */ (null));
/** Whether something that is kept was found damaged; and what can be rescued, null until somebody looks. */
export const isLibraryDamaged = signal(false);
export const rescue = signal(
    /** @type {{status: "looking" | "asking" | "rescuing" | "hopeless", facts?: RescueFacts} | null} */ (null),
);
export const backupOffer = signal(/** @type {BackupOffer | null} */ (null));
/** A backup with or without thumbnails, and how large it would be; null until that is known. */
export const backupChoice = signal(
    /** @type {{hasThumbnails: boolean, bytes: number | null, isSaving: boolean}} */ ({
        hasThumbnails: true,
        bytes: null,
        isSaving: false,
    }),
);

/** What went wrong with the engine as a whole; pictures carry their own errors. */
export const problem = signal(/** @type {Failure | null} */ (null));

/** There is no room to keep anything more: what is to be written waits for it, in this tab. */
export const isFull = signal(false);

/** The ids of all pictures, in the order they came. */
export const orderedIds = signal(/** @type {readonly number[]} */ ([]));
/** The files that were left out of what was added, until the list is cleared. */
export const leftOut = signal(/** @type {readonly LeftOut[]} */ ([]));
/** What is looked for, and the order of the grid. */
export const query = signal(/** @type {Query} */ ({ words: "", filters: [], without: [], sort: "added" }));
/** What was found, in its order, or what was before as long as that is not known; null for all, as they came. */
export const foundIds = signal(/** @type {readonly number[] | null} */ (null));
/** Which tags are listed with their numbers of pictures, besides the frequent ones; null for none. */
export const tagList = signal(/** @type {TagList | null} */ (null));
export const areAllTagsListed = signal(false);
export const listed = signal(/** @type {readonly TagCount[] | null} */ (null));
/** One signal a picture: ten thousand of them cost little, and a change redraws only where that picture is on screen. */
export const pictures = /** @type {Map<number, Signal<PictureEntry>>} */ (new Map());

export const counts = signal(
    /** @type {Counts} */ ({ queued: 0, decoding: 0, tagging: 0, done: 0, failed: 0, stopped: 0, undone: 0 }),
);
/** Nothing more is handed out; what is done stays. */
export const isPaused = signal(false);
/** How many were finished before the run under way began; null when nothing is under way. */
export const finishedBeforeRun = signal(/** @type {number | null} */ (null));
/** How many pictures wait for a second look, or have it just now. */
export const nSecondLooks = signal(0);
/** How many could have one and do not wait for it: it was cancelled, or what finds objects could not be had. */
export const nLooksLeft = signal(0);
/** How many pictures the session has answered for, with tags or without. @param {Summary | null} all */
export const nTaggedOf = (all) => (all ? all.pictures - all.failed - all.waiting : 0);
/** The first tags are on screen. */
export const areTagsDrawn = signal(false);
/** The detector of objects is here. */
export const areObjectsLoaded = signal(false);
/** How the last run ended, until someone has looked at the page. */
export const runOver = signal(/** @type {{n: number, failed: number} | null} */ (null));
/** Pictures a second over the last few. */
export const rate = signal(0);

export const summary = signal(/** @type {Summary | null} */ (null));
/** Tags under the policy, of the pictures on screen and some around. */
export const tags = signal(/** @type {ReadonlyMap<number, Tag[]>} */ (new Map()));
/** What is beside the tags of the picture that is open. */
export const details = signal(/** @type {({id: number} & Details) | null} */ (null));
/** What the threshold that is being moved shows more and less than the one before. */
export const change = signal(/** @type {Change | null} */ (null));
/** What undo and redo would do, in words. */
export const history = signal(/** @type {{undo: string | null, redo: string | null}} */ ({ undo: null, redo: null }));
/** Tags that may be meant by what was typed. */
export const completions = signal(/** @type {readonly TagRef[]} */ ([]));
export const tagEntry = signal(
    /** @type {TagEntry} */ ({ box: "", typed: "", marked: -1, isOpen: false, error: null }),
);
/** The tag that is being explained, on the open picture. */
export const explanation = signal(/** @type {ShownExplanation | null} */ (null));

/** Pictures chosen for what is done next. */
export const selection = signal(/** @type {ReadonlySet<number>} */ (new Set()));
/** Pictures whose tags a person is done with. */
export const reviewed = signal(/** @type {ReadonlySet<number>} */ (new Set()));
/** The tags on the chosen pictures, on most of them first; null until they are known. */
export const selectedTags = signal(/** @type {readonly SelectedTag[] | null} */ (null));
/** Where what is kept lies, and why it is only in memory; null as long as nothing is. */
export const kept = signal(/** @type {{where: "opfs" | "memory", reason: string | null} | null} */ (null));
/** The collection that is shown; null as long as no library is open. */
export const collection = signal(/** @type {Collection | null} */ (null));
/** Whether what comes in waits as not tagged, unless somebody says otherwise. */
export const isWaitingAsAdded = computed(() => !isTaggedAsAdded(asAdded.value, collection.value?.id ?? 0));
/** Pictures that were to be tagged when the page was left, and whose files the browser asks about first, or has no way to. */
export const filesNeeded = signal(/** @type {{locked: readonly number[], missing: readonly number[]} | null} */ (null));
/** Pictures that the model in use has not tagged. */
export const outdated = signal(/** @type {Outdated} */ ({ ids: [], areLeft: false }));
/** How far the grid is to be scrolled, as it was left, until it has been; null where nobody has to go anywhere. */
export const keptTop = signal(/** @type {number | null} */ (null));
/** The place in the grid that has the keyboard. */
export const current = signal(0);
/** The open picture, where its file cannot be had without somebody choosing it. */
export const missingFile = signal(/** @type {number | null} */ (null));
/** The picture whose details are open. */
export const opened = signal(/** @type {number | null} */ (null));
/** The open picture fills the window. */
export const isLarge = signal(false);
export const dialog = signal(/** @type {Dialog | null} */ (null));
/** What the entries of the allow and deny lists are called (null: the model has no such tag), and the categories there are. */
export const listNames = signal(/** @type {ListNames} */ ({ names: new Map(), categories: [] }));
export const listEntry = signal(
    /** @type {ListEntry} */ ({ list: null, typed: "", marked: -1, isOpen: false, isUnknown: false }),
);
/** Null while nothing of it is on show. */
export const selfTest = signal(/** @type {SelfTest | null} */ (null));
export const camera = signal(/** @type {CameraState | null} */ (null));
export const viewport = signal(/** @type {Viewport} */ ({ width: 0, height: 0, top: 0 }));
/** The grid is scrolled so fast that nobody sees what flies by. */
export const isFlying = signal(false);
export const openMenu = signal(/** @type {Menu | null} */ (null));
export const isDragging = signal(false);
/** The page works without a network. */
export const isOfflineReady = signal(false);
/** A newer version of the page waits to be loaded. */
export const updateReady = signal(false);
/** Somebody was told what goes with the page, and wants it loaded again. */
export const isReloading = signal(false);
/** The last message, and whether it is still shown. */
export const notice = signal(/** @type {Notice} */ ({ text: "", isShown: false }));
/** What a screen reader hears, the newest last. A line with a number of its own is heard, also where it says the same as the one before. */
export const said = signal(/** @type {readonly {n: number, text: string}[]} */ ([]));

/** Whether not all pictures are wanted. */
export const isFiltered = computed(() => {
    const { words, filters, without } = query.value;
    return words.trim() !== "" || filters.length + without.length > 0;
});
/** Whether the session decides which pictures are in the grid, and in which order. */
export const isFound = computed(() => isFiltered.value || query.value.sort !== "added");
/** The pictures in the grid, in order. */
export const gridIds = computed(() => {
    const all = orderedIds.value;
    const some = isFound.value ? foundIds.value : null;
    return some === null ? all : some.filter((id) => pictures.has(id));
});
/** The selection in the order in which its pictures came, whether the filter shows them or not. */
export const selectedIds = computed(() =>
    selection.value.size === 0 ? [] : orderedIds.value.filter((id) => selection.value.has(id)),
);
/** How many of them are in the grid. */
export const nSelectedShown = computed(() =>
    selection.value.size === 0 ? 0 : gridIds.value.filter((id) => selection.value.has(id)).length,
);
/** Every rule over tags, those that hide among them. */
export const rules = computed(() => {
    const { rules, deny } = settings.value;
    const hidden = deny.map((id) => ({ tag: { id, name: id }, action: /** @type {const} */ ({ kind: "hide" }) }));
    return /** @type {readonly Rule[]} */ ([...rules, ...hidden]);
});
export const threshold = computed(() => settings.value.threshold ?? engine.value.facts?.policy.threshold ?? 0.3);
export const maxTags = computed(() => settings.value.max_tags ?? engine.value.facts?.policy.max_tags ?? 8);
/** The language of the tags, unless another is wanted: the first that the person reads and the model has names in. */
export const automaticTagLanguage = computed(() =>
    bestLanguage(readLanguages.value, engine.value.facts?.languages ?? LANGUAGES),
);
export const tagLanguage = computed(() => settings.value.tag_language ?? automaticTagLanguage.value);
/** What may be meant by what is typed for a list: categories first, and all of them before anything is typed. */
export const entryOptions = computed(() => {
    const typed = listEntry.value.typed.trim().toLowerCase();
    const categories = listNames.value.categories.filter((name) => {
        return [name, `category:${name}`].some((word) => word.toLowerCase().startsWith(typed));
    });
    const tags = typed === "" ? [] : completions.value.filter(({ id }) => !id.startsWith("own:")); // a person's own words are never hidden
    return /** @type {EntryOption[]} */ ([
        ...categories.map((name) => ({ id: `category:${name}`, name, isCategory: true })),
        ...tags.map(({ id, name }) => ({ id, name, isCategory: false })),
    ]);
});
export const total = computed(() => orderedIds.value.length);
/** How many of them are to be tagged, or are. */
export const nWanted = computed(() => total.value - counts.value.stopped - counts.value.undone);
export const finished = computed(() => counts.value.done + counts.value.failed);
export const nInWork = computed(() => counts.value.queued + counts.value.decoding + counts.value.tagging);
export const isRunning = computed(() => nInWork.value > 0);
/** Whether anything is under way that can be paused and cancelled. */
export const isBusy = computed(() => isRunning.value || nSecondLooks.value > 0);
/** Whether it was measured how many tags are right behind each of the operating points. */
export const isMeasured = computed(() => engine.value.facts?.policy.settings !== undefined);
/** Whether how the model sees pixels is a guess, so that its confidences may mean nothing. */
export const isPreparationGuessed = computed(() => engine.value.facts?.is_preparation_guessed === true);
/** The thresholds behind the operating points. Of a model that was not measured, the middle one is the card's own. */
export const operatingPoints = computed(() => {
    const { threshold: balanced = 0.3, settings } = engine.value.facts?.policy ?? {};
    return settings ?? { generous: balanced / 2, balanced, sure: (1 + balanced) / 2 };
});

/** A picture's tags, and what was nearly one where that is known. @param {number} id @returns {Tag[]} */
export const tagsAround = (id) => [
    ...(tags.value.get(id) ?? []),
    ...(details.value?.id === id ? details.value.nearly : []),
];

/** A tag's name for the person, where the model has not said yet what it has. @param {Record<string, string>} names by language */
export function nameIn(names) {
    const wanted = settings.value.tag_language ?? bestLanguage(readLanguages.value, Object.keys(names));
    return names[wanted] ?? names["en"];
}

/** @param {number} id */
export function pictureOf(id) {
    return pictures.get(id)?.value;
}
