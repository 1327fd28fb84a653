/** What concerns all that is kept, in one line each: that nothing is, which files are needed once more, and what the model in use has not tagged. */
import { actions } from "../app/work_actions.js";
import { counts, filesNeeded, isRunning, kept, outdated, pictureOf, total } from "../app/state.js";
import { html, nothing, signal } from "../vendor/view.js";
import { chooseFiles } from "./file_inputs.js";
import { t } from "./text.js";

/** What is under way with providers: there once anything is. @type {import("../vendor/view.js").Signal<() => import("../vendor/view.js").TemplateResult | typeof nothing>} */
export const jobLines = signal(() => nothing);

/** The same of own tags. @type {typeof jobLines} */
export const ownLines = signal(() => nothing);

export const keptLines = () =>
    html`${jobLines.value()} ${ownLines.value()} ${needed()} ${notByThisModel()} ${unkept()}`;

const neededIds = () => [...(filesNeeded.value?.locked ?? []), ...(filesNeeded.value?.missing ?? [])];

function needed() {
    const ids = neededIds();
    const { length: n } = ids;
    if (n === 0) return nothing;
    // Who has tags, or had some, may do without.
    const canBeLeft = ids.some((id) => ["done", "undone"].includes(pictureOf(id)?.state ?? ""));
    // What the browser can open is opened first: then it is clear which files are left to choose.
    return filesNeeded.value?.locked.length
        ? line("files-locked", t("files_locked", { n }), t("files_allow"), () => void actions.unlockNeeded(), {
              canBeLeft,
          })
        : line("files-needed", t("files_needed", { n }), t("files_choose"), chooseFiles, { canBeLeft });
}

function notByThisModel() {
    const { ids, areLeft } = outdated.value;
    const { undone } = counts.value;
    if (areLeft || isRunning.value || ids.length + undone === 0) return nothing;
    const waiting = new Set(neededIds());
    const nOthers = ids.filter((id) => pictureOf(id)?.state === "done" && !waiting.has(id)).length;
    const nUndone = undone - [...waiting].filter((id) => pictureOf(id)?.state === "undone").length;
    const n = nOthers + nUndone;
    if (n === 0) return nothing;
    const words = nUndone === 0 ? "outdated_others" : nOthers === 0 ? "outdated_undone" : "outdated_both";
    const act = () => void actions.tagAgain();
    return line("outdated", t(words, { n }), t("outdated_again", { n }), act, { canBeLeft: true });
}

function unkept() {
    if (kept.value?.where !== "memory" || total.value === 0) return nothing;
    const why = kept.value.reason;
    return line("nothing-kept", t("nothing_kept"), t("save_backup"), () => actions.showDialog("storage"), { why });
}

/**
 * @param {string} name @param {string} words @param {string} button @param {() => void} act
 * @param {{why?: string | null, canBeLeft?: boolean}} [more] `why`: for who looks closer
 */
const line = (
    name,
    words,
    button,
    act,
    { why = null, canBeLeft = false } = {},
) => html`<section class="kept-line" data-line=${name} title=${why ?? nothing}>
    <p class="kept-line-words">${words}</p>
    <button class="button" type="button" data-do=${name} @click=${act}>${button}</button>
    ${canBeLeft ? html`<button class="button" type="button" data-do="leave-outdated" @click=${() => void actions.leaveOutdated()}>${t("outdated_leave")}</button>` : nothing}
</section>`;
