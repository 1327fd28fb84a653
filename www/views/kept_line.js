/** What concerns all that is kept, in one line each: that nothing is, and which files are needed once more to go on. */
import { actions } from "../app/work_actions.js";
import { filesNeeded, kept, total } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { chooseFiles } from "./file_inputs.js";
import { t } from "./text.js";

export const keptLines = () => html`${needed()} ${unkept()}`;

function needed() {
    if (!filesNeeded.value) return nothing;
    const { locked, missing } = filesNeeded.value;
    const n = locked.length + missing.length;
    // What the browser can open is opened first: then it is clear which files are left to choose.
    return locked.length > 0
        ? line("files-locked", t("files_locked", { n }), t("files_allow"), () => void actions.unlockNeeded())
        : line("files-needed", t("files_needed", { n }), t("files_choose"), chooseFiles);
}

function unkept() {
    if (kept.value?.where !== "memory" || total.value === 0) return nothing;
    const { reason } = kept.value;
    return line("nothing-kept", t("nothing_kept"), t("save_backup"), () => actions.showDialog("storage"), reason);
}

/** @param {string} name @param {string} words @param {string} button @param {() => void} act @param {string | null} [why] for who looks closer */
const line = (
    name,
    words,
    button,
    act,
    why,
) => html`<section class="kept-line" data-line=${name} title=${why ?? nothing}>
    <p class="kept-line-words">${words}</p>
    <button class="button" type="button" data-do=${name} @click=${act}>${button}</button>
</section>`;
