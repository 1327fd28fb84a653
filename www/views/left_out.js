/** What was left out of what was added, by name and by reason. */
import { actions } from "../app/dialog_actions.js";
import { leftOutByReason } from "../app/actions/left_out.js";
import { leftOut } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { t } from "./text.js";

/** @import { LeftOutReason } from "../app/state.js" */

/** Nobody reads more names than this of one kind. */
const MAX_SHOWN = 500;

/** @type {import("./dialog.js").DialogView} */
export const leftOutDialog = { title: "left_out", body, isWide: true };

function body() {
    if (leftOut.value.length === 0) return html`<p class="left-out-none" role="status">${t("left_out_none")}</p>`;
    return html`<div class="left-out">
        ${leftOutByReason().map(group)}
        <p class="left-out-buttons">
            ${button("copy-left-out", t("left_out_copy"), actions.copyLeftOut)} ${button("clear-left-out", t("left_out_clear"), actions.clearLeftOut)}
        </p>
    </div>`;
}

/** @param {{reason: LeftOutReason, paths: string[]}} group */
function group({ reason, paths }) {
    const rest = paths.length - MAX_SHOWN;
    return html`<section class="left-out-group" data-reason=${reason}>
        <div class="left-out-head">
            <h3>${t(`left_out_${reason}`)} <span data-value=${paths.length}>${t("number", { n: paths.length })}</span></h3>
            ${reason === "same" ? button("add-left-out", t("left_out_add"), actions.addLeftOut) : nothing}
        </div>
        <ul>
            ${paths.slice(0, MAX_SHOWN).map((path) => html`<li><bdi>${path}</bdi></li>`)}
        </ul>
        ${rest > 0 ? html`<p class="left-out-more">${t("left_out_more", { n: rest })}</p>` : nothing}
    </section>`;
}

/** @param {string} name @param {string} words @param {() => void} act */
const button = (name, words, act) =>
    html`<button class="button" type="button" data-do=${name} @click=${act}>${words}</button>`;
