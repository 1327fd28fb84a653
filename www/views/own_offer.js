/** A file of a tagger for another network: what can be done about it. */
import { N_LEAST } from "../app/own/due.js";
import { actions } from "../app/own_actions.js";
import { training } from "../app/own_state.js";
import { trainingOffer } from "../app/own_view_state.js";
import { html, nothing } from "../vendor/view.js";
import { t } from "./text.js";

export function ownOffer() {
    const { value: offer } = trainingOffer;
    if (!offer) return nothing;
    const { name, nHere: n, nOfFile } = offer;
    const isEnough = n >= N_LEAST;
    return html`<div class="own-note" data-offer=${n}>
        <p><bdi>${t("taught_offer", { name })}</bdi> ${t("taught_offer_here", { n })}</p>
        <p class="own-buttons">
            ${
                isEnough
                    ? html`<button class="button is-main" type="button" data-do="take-offer" ?disabled=${training.value !== null} @click=${() => void actions.takeOffer()}>${t("taught_offer_train", { n })}</button>`
                    : nothing
            }
            <button class="button" type="button" data-do="drop-for-offer" @click=${() => void actions.dropForOffer()}>${t("taught_offer_drop")}</button>
            <button class="button" type="button" data-do="drop-offer" @click=${actions.dropOffer}>${t("taught_line_leave")}</button>
        </p>
        <p class="own-why">${nOfFile > 0 ? t("taught_offer_again", { n: nOfFile }) : t("taught_offer_folders")}</p>
    </div>`;
}
