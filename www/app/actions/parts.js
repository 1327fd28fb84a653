/**
 * The parts of the page that come after its first paint: code, words and styles of what the empty page does not show. What there is of
 * a part comes together and once, and is put in place at one moment.
 * @import { Context } from "../context.js"
 * @import { EngineActions } from "./engine.js"
 * @import { FileActions } from "./files.js"
 * @import { IntakeActions } from "./intake.js"
 * @import { LibraryActions } from "./library.js"
 * @import { OutdatedActions } from "./outdated.js"
 * @import { PictureActions } from "./pictures.js"
 * @import { SettingActions } from "./settings.js"
 * @import { StrictWordsActions } from "./strict_words.js"
 * @import { DialogActions } from "../dialog_actions.js"
 * @import { OwnActions } from "../own_actions.js"
 * @import { ProviderActions } from "../provider_actions.js"
 * @import { WordsActions } from "../words_actions.js"
 * @import { WorkActions } from "../work_actions.js"
 * @import { Undo } from "./undo.js"
 *
 * What the actions of parts are made with. Those of a part join `actions`, so that there is one object for all of them.
 * @typedef {FileActions & IntakeActions & SettingActions & Pick<StrictWordsActions, "changeWords"> & Pick<LibraryActions, "refreshShown" | "showCollection"> &
 *   Pick<OutdatedActions, "forgetAnswer"> & Pick<PictureActions, "cancel">} SharedActions
 * @typedef {{context: Context, engine: EngineActions, history: Undo, actions: SharedActions}} Tools
 *
 * "work" is everything about pictures that are there; "dialogs" builds on it, "providers", "own_tags" and "words" on both. These are fetched only
 * when somebody asks for them, or has begun something there that goes on.
 * @typedef {{work: WorkActions, dialogs: DialogActions, providers: ProviderActions, own_tags: OwnActions, words: WordsActions}} PartActions
 * @typedef {keyof PartActions} PartName
 */
import { isLoaded, loadWords } from "../../i18n/messages.js";
import * as state from "../state.js";
import { showDialog } from "./places.js";

/**
 * `start` completes the actions, `mount` shows the part's views, in this order.
 * @template {PartName} Name @typedef {{start: (tools: Tools) => PartActions[Name], mount: () => void}} Part
 */
/** @typedef {{[Name in PartName]: () => Promise<Part<Name>>}} PartLoaders */

/** What is there before a part. @type {{[Name in PartName]: PartName | null}} */
const BEFORE = { work: null, dialogs: "work", providers: "dialogs", own_tags: "dialogs", words: "dialogs" };

/** @typedef {ReturnType<typeof createParts>["loadPart"]} LoadPart */

/** @param {Tools} tools @param {PartLoaders} loaders */
export function createParts(tools, loaders) {
    /** @type {{[Name in PartName]?: Promise<PartActions[Name]>}} */
    const fetched = {};
    let tryAgain = () => {};

    /** What could not be fetched is fetched anew the next time. @template {PartName} Name @param {Name} name @returns {Promise<PartActions[Name]>} */
    function loadPart(name) {
        const known = /** @type {Promise<PartActions[Name]> | undefined} */ (fetched[name]);
        if (known) return known;
        const part = fetchPart(name);
        Object.assign(fetched, { [name]: part });
        part.catch(() => delete fetched[name]);
        return part;
    }

    /** @template {PartName} Name @param {Name} name @returns {Promise<PartActions[Name]>} */
    async function fetchPart(name) {
        const start = performance.now();
        /** @type {() => Promise<Part<Name>>} */
        const load = loaders[name];
        const [part] = await Promise.all([
            load(),
            tools.context.platform.loadStyles(name),
            loadWords(state.language.value, name),
            BEFORE[name] && loadPart(BEFORE[name]),
        ]);
        // Another language may have been chosen just before these words were wanted.
        while (!isLoaded(state.language.value)) await loadWords(state.language.value, name);
        const actions = part.start(tools);
        part.mount();
        state.parts.value = new Set([...state.parts.value, name]);
        performance.measure("tagsmith:part", { start, detail: name });
        return actions;
    }

    /**
     * Fetches a part that is wanted now. If that cannot be, the page says so and offers to try again.
     * @template {PartName} Name @param {Name} name @param {(actions: PartActions[Name]) => void} [then]
     */
    async function openPart(name, then = () => {}) {
        try {
            then(await loadPart(name));
        } catch (error) {
            const { value: dialog } = state.dialog;
            tryAgain = () => {
                showDialog(dialog);
                void openPart(name, then);
            };
            if (name !== "work") showDialog(null); // what could not be fetched is not open
            state.problem.value = { code: "part_unreachable", detail: String(error) };
        }
    }

    function retryPart() {
        state.problem.value = null;
        tryAgain();
    }

    return { loadPart, openPart, retryPart };
}
