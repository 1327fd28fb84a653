/**
 * The toolbar's list: every picture of the page, its tags, and its alternative text.
 * @import { Report } from "./messages.js"
 * @import { PopupState } from "./popup_view.js"
 */
import { render } from "../../vendor/view.js";
import { asHtml, missingReport, suggestedAlternative } from "./alt_text.js";
import { browser } from "./browser.js";
import { copyText } from "./copying.js";
import { askBackground } from "./messages.js";
import { PagePictures } from "./page_pictures.js";
import { drawPopup } from "./popup_view.js";
import { csvOf, jsonLinesOf } from "./popup_exports.js";
import { save } from "./saving.js";
import { languageOf, loadSettings } from "./settings.js";
import { originsOf } from "./sites.js";
import { say } from "./words.js";

/** So many pictures are on their way at once: as one is read the others are tagged. */
const N_AT_ONCE = 4;

const settings = await loadSettings();
const language = languageOf(settings);
document.documentElement.lang = language;
document.title = say(language, "popup");

/** @type {PopupState} */
const state = {
    ...{ language, isLoading: true, isForbidden: false, isAll: true, pictures: [], closed: [], address: "" },
    ...{ typed: "", side: 32, isOnlyMissing: false, nDone: 0, nWanted: 0, said: "" },
};
/** @type {PagePictures} */
let page;

/** @param {Partial<PopupState>} [changed] */
function draw(changed = {}) {
    Object.assign(state, changed);
    render(drawPopup(state, acts), document.body);
}

/** @type {number | undefined} */
let windowId;
/** Whether the tagging goes on; a new one is another. @type {object | null} */
let turn = null;

async function tagAll() {
    const mine = {};
    turn = mine;
    const waiting = shown().filter(({ report }) => !report);
    draw({ nDone: 0, nWanted: waiting.length, said: "" });
    const next = async () => {
        for (let one = waiting.shift(); one && turn === mine; one = waiting.shift()) {
            const answer = await page.tag(one);
            if (turn !== mine) return;
            if (answer) Object.assign(one, { failure: undefined }, answer); // it may have failed before
            draw({ nDone: state.nDone + 1 });
        }
    };
    await Promise.all(Array.from({ length: N_AT_ONCE }, next));
    if (turn === mine) cancel();
}

function cancel() {
    turn = null;
    void page.cancel();
    draw({ nWanted: 0 });
}

/** Those that the filters leave. */
function shown() {
    const { pictures, typed, side, isOnlyMissing } = state;
    const wanted = typed.trim().toLowerCase();
    return pictures.filter(
        ({ width, height, lacksAlt, report }) =>
            width >= side &&
            height >= side &&
            (!isOnlyMissing || lacksAlt) &&
            (!wanted || report?.tags.some(({ name }) => name.toLowerCase().includes(wanted))),
    );
}

/** @param {{report?: Report | undefined}} picture */
const suggestion = ({ report }) => (report ? suggestedAlternative(report.tags, language) : "");

/** The same picture, as far as a page that goes on has it still there. @param {PopupState["pictures"][0]} picture */
const idOf = ({ frameId, key, address }) => `${frameId} ${key} ${address}`;

const acts = {
    /** @param {string} origin */
    async allow(origin) {
        if (!(await browser.permissions.request(originsOf(origin)))) return;
        if (turn) cancel();
        const tagged = new Map(state.pictures.map((one) => [idOf(one), one.report]));
        const found = await page.find();
        for (const one of found?.pictures ?? []) {
            const report = tagged.get(idOf(one));
            if (report) one.report = report;
        }
        draw(found ?? {});
    },
    tagAll,
    cancel,
    draw,
    shown,
    suggestion,
    show: (/** @type {PopupState["pictures"][0]} */ picture) => page.pointAt(picture),
    async copyHtml(/** @type {PopupState["pictures"][0]} */ picture) {
        const isCopied = await copyText(asHtml(picture.address, suggestion(picture)));
        draw({ said: say(language, isCopied ? "copied" : "not_copied") });
    },
    saveCsv: () => save("pictures.csv", "text/csv", csvOf(shown())),
    saveJsonLines: () => save("pictures.jsonl", "application/x-ndjson", jsonLinesOf(shown())),
    saveReport() {
        const missing = state.pictures.filter(({ lacksAlt }) => lacksAlt);
        const entries = missing.map((one) => ({ address: one.address, suggestion: suggestion(one) }));
        const words = {
            title: say(language, "report_title"),
            page: say(language, "report_page", { address: state.address }),
            picture: say(language, "report_address"),
            suggestion: say(language, "report_suggestion"),
            check: say(language, "report_check"),
        };
        save("alternative-texts.md", "text/markdown", missingReport(entries, words));
    },
    openLibrary: () => askBackground({ type: "open_library", windowId }),
    openOptions: () => browser.runtime.openOptionsPage(),
};

/** Tests open the list as a page of its own and name the tab. */
const wantedTab = Number(new URLSearchParams(location.search).get("tab") ?? Number.NaN);

async function start() {
    draw();
    const [active] = await browser.tabs.query({ active: true, currentWindow: true });
    const tab = Number.isInteger(wantedTab) ? await browser.tabs.get(wantedTab) : active;
    windowId = tab?.windowId;
    page = new PagePictures(tab?.id ?? -1);
    const found = await page.find();
    draw({ isLoading: false, isForbidden: !found, address: tab?.url ?? "", ...found });
}

await start();
