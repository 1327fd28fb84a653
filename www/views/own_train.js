/**
 * Training now, with a title and a comment for its report; how far it is; how it ended.
 * @import { OwnTagger } from "../db/own_protocol.js"
 */
import { N_LEAST } from "../app/own/due.js";
import { lastFailed } from "../app/own/last_failure.js";
import { actions } from "../app/own_actions.js";
import { training, trainingOver, trainingSet } from "../app/own_state.js";
import { isPaused } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { localForm } from "./local_form.js";
import { momentText, t } from "./text.js";

/** @param {OwnTagger} tagger */
export function ownTrain(tagger) {
    const now = training.value;
    return html`<section class="own-section" data-section="train">
        <h4>${t("taught_train")}</h4>
        ${now?.tagger === tagger.id ? progress(tagger, now) : form(tagger)} ${over(tagger)}
    </section>`;
}

/** @param {OwnTagger} tagger */
function form({ id }) {
    const set = trainingSet.value;
    const isEnough = set?.tagger === id && set.tags.some(({ n }) => n >= N_LEAST);
    const why = training.value
        ? t("taught_train_busy")
        : isEnough
          ? t("taught_train_optional")
          : t("taught_train_too_few");
    const train = (/** @type {Event} */ { currentTarget }) => {
        const section = /** @type {HTMLElement} */ (currentTarget).closest("section");
        const [title = "", comment = ""] = [...(section?.querySelectorAll("input") ?? [])].map(({ value }) =>
            value.trim(),
        );
        void actions.train(id, { title, comment });
    };
    return localForm(html`<div class="own-form">
        <label for="own-title">${t("taught_train_title")}</label>
        <input class="field" type="text" id="own-title" maxlength="200" autocomplete="off" />
        <label for="own-comment">${t("taught_train_comment")}</label>
        <input class="field" type="text" id="own-comment" maxlength="2000" autocomplete="off" aria-describedby="own-train-why" />
        <button class="button is-main" type="button" data-do="train" aria-describedby="own-train-why" ?disabled=${!isEnough || training.value !== null} @click=${train}>
            ${t("taught_train_now")}
        </button>
        <p class="own-why" id="own-train-why">${why}</p>
    </div>`);
}

/** @param {OwnTagger} tagger @param {NonNullable<typeof training.value>} now */
function progress({ name }, { stage, share, nDone, n, isResumed }) {
    const stageNow = stageWords(stage, nDone, n);
    const words = isResumed ? `${t("taught_goes_on", { name })}: ${stageNow}` : stageNow;
    return html`<div class="own-progress" data-training=${stage}>
        <p role="status">${words}</p>
        ${bar(t("taught_progress", { name }), share)}
        <button class="button" type="button" data-do="cancel-training" @click=${() => actions.cancelTraining()}>${t("taught_cancel")}</button>
    </div>`;
}

/** While tagging is paused, no picture is looked at. @param {NonNullable<typeof training.value>["stage"]} stage @param {number} nDone @param {number} total */
export function stageWords(stage, nDone, total) {
    const words = t(`taught_stage_${stage}`, { n: nDone, total });
    return stage === "embedding" && isPaused.value ? `${words}. ${t("taught_stage_paused")}` : words;
}

/** @param {string} label @param {number} share */
export const bar = (label, share) => html`<div
    class="own-bar"
    role="progressbar"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(share * 100)}
>
    <i .style=${`transform:scaleX(${share})`}></i>
</div>`;

/** @param {OwnTagger} tagger */
function over(tagger) {
    const { id } = tagger;
    const ended = trainingOver.value;
    if (ended?.tagger === id) {
        const { head, failure, nLeftOut: n } = ended;
        if (failure) return failureBox(failure);
        if (head === null) return nothing;
        return html`<p class="own-over" role="status" data-trained=${head} data-left-out=${n}>
            ${t("taught_over")} ${n > 0 ? t("taught_over_left_out", { n }) : nothing}
            <button class="button" type="button" data-do="read-report" @click=${() => void actions.showReport(id, head)}>${t("taught_over_report")}</button>
        </p>`;
    }
    const last = lastFailed(tagger);
    if (!last?.failure || training.value?.tagger === id) return nothing;
    return html`<p class="own-why">${t("taught_last_failed", { moment: momentText(last.begun_ms) })}</p>${failureBox(last.failure)}`;
}
