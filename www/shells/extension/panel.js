/**
 * The panel beside a picture: its tags, and what people do with them. One at a time in a page.
 * @import { Report, Told } from "./messages.js"
 * @import { PagePicture } from "./picture_of.js"
 * @import { ReadPicture } from "./read_picture.js"
 * @import { Settings } from "./settings.js"
 *
 * `entry`: its place in the library's inbox. `said`: what was done last, as a sentence; `alt`: a suggestion, "" where
 * the page needs none.
 * @typedef {{
 *   settings: Settings, report: Report | null, failure: Told | null, wrong: ReadonlySet<string>, entry: number | null,
 *   isAdding: boolean, isSlow: boolean, said: string, alt: string }} PanelState
 */
import { asHtml, lacksAlternative, suggestedAlternative } from "./alt_text.js";
import { copyText } from "./copying.js";
import { openLayer } from "./layer.js";
import { askBackground } from "./messages.js";
import css from "./panel.css";
import { drawPanel } from "./panel_view.js";
import { calledOf } from "./picture_name.js";
import { placeBeside } from "./placing.js";
import { languageOf, loadSettings, tagSettingsOf } from "./settings.js";
import { tagPagePicture, tagger } from "./tag_in_page.js";
import { say } from "./words.js";

/** After so long without tags it says that the model starts. */
const SLOW_MS = 1_200;

/** Closes the one that is open. @type {() => void} */
let closeOpen = () => {};

/** @param {PagePicture} picture */
export async function openPanel(picture) {
    const stored = await loadSettings(); // first: two at once would each leave a layer
    closeOpen();
    const ended = new AbortController();
    const before = focused();
    const layer = openLayer(css);
    /** @type {PanelState} */
    const state = {
        settings: stored,
        ...{ report: null, failure: null, wrong: new Set(), entry: null, isAdding: false, isSlow: false },
        ...{ said: "", alt: "" },
    };
    const language = languageOf(state.settings);
    const settings = tagSettingsOf(state.settings);
    /** @type {ReadPicture | null} */
    let read = null;
    /** What was called wrong when it was added last; and what of that the library has taken. @type {{sent: ReadonlySet<string>, taken: ReadonlySet<string>}} */
    const told = { sent: new Set(), taken: new Set() };

    const lacksAlt = lacksAlternative(picture.kind, calledOf(picture.element));
    /** The tags that nobody called wrong. */
    const right = () => state.report?.tags.filter(({ id }) => !state.wrong.has(id)) ?? [];

    /** @param {Partial<PanelState>} [changed] */
    function draw(changed = {}) {
        if (ended.signal.aborted) return;
        Object.assign(state, changed);
        state.alt = lacksAlt ? suggestedAlternative(right(), language) : "";
        layer.draw(drawPanel(state, acts));
        placeBeside(layer.host, picture.element);
    }

    function close() {
        if (ended.signal.aborted) return;
        const hadFocus = document.activeElement === layer.host;
        ended.abort();
        layer.close();
        if (hadFocus) before?.focus?.({ preventScroll: true });
    }
    closeOpen = close;

    async function tag() {
        draw({ report: null, failure: null, isSlow: false, said: "" });
        const slow = setTimeout(() => draw({ isSlow: true }), SLOW_MS);
        try {
            const answer = await tagPagePicture(picture, settings, ended.signal);
            if ("failure" in answer) return draw({ failure: answer.failure });
            ({ read } = answer);
            draw({ report: answer.report });
        } catch {
            // The panel was closed meanwhile.
        } finally {
            clearTimeout(slow);
        }
    }

    /** @param {string} text */
    const copy = async (text) => draw({ said: say(language, (await copyText(text)) ? "copied" : "not_copied") });
    const acts = {
        close,
        tag,
        copyAll: () =>
            copy(
                right()
                    .map(({ name }) => name)
                    .join(", "),
            ),
        copyHtml: () => copy(asHtml(picture.url ?? "", state.alt)),
        /** What is wrong goes into the library with the picture. @param {string} id */
        async toggleWrong(id) {
            if (state.isAdding) return; // what is wrong has been sent
            const wrong = new Set(state.wrong);
            if (!wrong.delete(id)) wrong.add(id);
            draw({ wrong, said: "" });
            if (state.entry === null) return;
            try {
                const isTaken = !(await takeBack());
                if (isTaken) told.taken = told.sent;
                await add(isTaken);
            } catch (error) {
                sayError(error);
            }
        },
        async allow() {
            const origin = state.failure?.origin;
            if (origin && (await askBackground({ type: "ask_permission", origin }))) await tag();
        },
        add: () => add(),
        async undoAdding() {
            try {
                draw({ said: say(language, (await takeBack()) ? "undone" : "in_library") });
            } catch (error) {
                sayError(error);
            }
        },
        openLibrary: () => askBackground({ type: "open_library" }),
    };

    /** @param {boolean} [isTaken] whether the library has taken it meanwhile */
    async function add(isTaken = false) {
        if (!read || state.isAdding) return;
        draw({ isAdding: true, said: say(language, "adding") });
        const { wrong, report } = state;
        const tags = report?.tags.map(({ id, name }) => ({ id, name })) ?? [];
        const rejected = tags.filter(({ id }) => wrong.has(id));
        const leftOpen = tags.filter(({ id }) => told.taken.has(id) && !wrong.has(id));
        const n = rejected.length + leftOpen.length;
        try {
            const { entry, isThere } = await tagger.keep(read, { rejected, leftOpen }, settings);
            told.sent = wrong;
            const key = isThere || isTaken ? "there" : "added";
            draw({ isAdding: false, entry, said: n > 0 ? say(language, `${key}_with`, { n }) : say(language, key) });
        } catch (error) {
            sayError(error);
        }
    }

    /** @param {unknown} error */
    function sayError(error) {
        const { told } = /** @type {{told?: Told}} */ (error);
        draw({ isAdding: false, said: told ? `${told.title} ${told.remedy}` : say(language, "try_again") });
    }

    /** @returns {Promise<boolean>} whether it was not in the library yet */
    async function takeBack() {
        if (state.entry === null) return false;
        const isThere = await tagger.takeBack(state.entry, settings);
        if (isThere) state.entry = null;
        return isThere;
    }

    const { signal } = ended;
    layer.host.addEventListener("keydown", (event) => void (event.key === "Escape" && close()), { signal });
    const place = () => placeBeside(layer.host, picture.element);
    addEventListener("scroll", place, { signal, capture: true, passive: true });
    addEventListener("resize", place, { signal, passive: true });
    // The question was answered in a window of its own.
    addEventListener("focus", () => void retryIfAllowed(), { signal });
    async function retryIfAllowed() {
        const origin = state.failure?.origin;
        if (origin && (await askBackground({ type: "has_permission", origin }))) await tag();
    }

    const tagging = tag();
    /** @type {HTMLElement | null} */ (layer.root.querySelector("h2"))?.focus({ preventScroll: true });
    await tagging;
}

/** What has the focus, inside of shadow roots too. @returns {HTMLElement | null} */
function focused() {
    let { activeElement: element } = document;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return /** @type {HTMLElement | null} */ (element);
}
