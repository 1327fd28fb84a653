/** Tags that people teach: a part of the page that is fetched when somebody opens it, or has begun something there that goes on. */
import { actions } from "../app/own_actions.js";
import { ownTaggers, trainingOver } from "../app/own_state.js";
import { examplesAdded, ownPage } from "../app/own_view_state.js";
import { dialog } from "../app/state.js";
import { effect, untracked } from "../vendor/view.js";
import { addDialogs } from "./dialog.js";
import { whenDrawn } from "./mount.js";
import { ownLines as ownLinePlace } from "./kept_line.js";
import { ownComparisonView } from "./own_compare.js";
import { mountOwnAnnouncements, ownLines } from "./own_line.js";
import { ownList } from "./own_list.js";
import { ownReportView } from "./own_report.js";
import { ownTaggerView } from "./own_tagger.js";
import { ownTeachView } from "./own_teach.js";

export { startOwnActions } from "../app/own_actions.js";

/** @type {import("./dialog.js").DialogView} */
const ownTagsDialog = {
    title: "own_tags",
    isWide: true,
    body,
    onOpen: () => void actions.openOwnTags(),
    onClose: () => actions.leaveOwnTags(),
};

function body() {
    const page = ownPage.value;
    if (page.name === "teach") return ownTeachView(page.ids);
    const id = page.name === "tagger" ? page.id : page.name === "list" ? null : page.tagger;
    const tagger = ownTaggers.value?.find((one) => one.id === id);
    if (!tagger) return ownList();
    if (page.name === "report") return ownReportView(tagger, page.head);
    if (page.name === "compare") return ownComparisonView(tagger, page.a, page.b);
    return ownTaggerView(tagger);
}

/** The keyboard goes along: to the heading of what is open now, or back to what led there. @param {Document} root */
function followPage(root) {
    let last = ownPage.peek();
    effect(() => {
        const now = ownPage.value;
        const before = last;
        last = now;
        if (now === before) return;
        whenDrawn(() => {
            const dialog = root.querySelector('dialog[open][data-dialog="own_tags"]');
            if (!dialog) return;
            const isBack = before.name === "report" || before.name === "compare" || now.name === "list";
            const led = isBack ? dialog.querySelector(ledTo(before)) : null;
            const scrolled = dialog.querySelector(".dialog-body");
            if (scrolled && !led) scrolled.scrollTop = 0;
            /** @type {HTMLElement | null} */ (led ?? dialog.querySelector("h3[tabindex]"))?.focus();
        });
    });
}

/** @param {import("../app/own_view_state.js").OwnPage} page */
function ledTo(page) {
    if (page.name === "report") return `[data-library-row="${page.head}"] [data-do="open-report"]`;
    if (page.name === "compare") return `[data-library-row="${page.a}"] [data-do="compare-versions"]`;
    if (page.name === "tagger") return `[data-library-row="${page.id}"] [data-do="open-tagger"]`;
    return '[data-do="new-tagger-name"]';
}

/** What training has looked at lacks nothing any more. */
function followTraining() {
    effect(() => {
        const { value: over } = trainingOver;
        untracked(() => {
            const page = ownPage.value;
            if (over && dialog.value === "own_tags" && page.name === "tagger" && page.id === over.tagger)
                void actions.openTrainingSet(page.id);
        });
    });
}

/** Collections have more pictures than before, once examples have come. */
function followExamples() {
    effect(() => {
        if (examplesAdded.value) untracked(() => void actions.refreshCollections());
    });
}

/** @param {Document} root */
export function mountOwnTags(root) {
    addDialogs({ own_tags: ownTagsDialog });
    ownLinePlace.value = ownLines;
    mountOwnAnnouncements();
    followPage(root);
    followTraining();
    followExamples();
}
