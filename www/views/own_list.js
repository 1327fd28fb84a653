/**
 * The taggers that there are, each with its switch; a new one; what was interrupted; and what none of them can do well.
 * @import { OwnTagger, Training } from "../db/own_protocol.js"
 */
import { inUse } from "../app/actions/own_tagging.js";
import { actions } from "../app/own_actions.js";
import { MAX_NAME } from "../app/collection_names.js";
import { ownFailure, ownTaggers, waitingTrainings } from "../app/own_state.js";
import { html, live, nothing, repeat, signal } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { libraryRow, rowButton } from "./library_row.js";
import { localForm } from "./local_form.js";
import { ownAsAdded } from "./own_as_added.js";
import { ownLimits } from "./own_limits.js";
import { ownOffer } from "./own_offer.js";
import { dayText, momentText, t } from "./text.js";

/** What is typed for a new one. */
const typed = signal("");

export function ownList() {
    const all = ownTaggers.value;
    return html`<div class="own">
        ${failureBox(ownFailure.value)}
        <p class="own-why">${t("taught_what")}</p>
        ${waitingTrainings.value.map(waiting)}
        ${all?.length === 0 ? html`<p role="status">${t("taught_none")}</p>` : nothing}
        <ul class="own-rows">
            ${repeat(all ?? [], ({ id }) => id, row)}
        </ul>
        ${all ? [newForm(), fileForm(), ownOffer()] : nothing} ${ownAsAdded()} ${ownLimits()}
    </div>`;
}

/** Begun in an earlier visit, and not gone on with. @param {Training} one */
export function waiting(one) {
    const { id, own_tagger: tagger, begun_ms: begunMs } = one;
    const name = ownTaggers.value?.find((other) => other.id === tagger)?.name ?? "";
    return html`<div class="own-note" data-waiting-training=${id}>
        <p><bdi>${t("taught_waiting", { name, moment: momentText(begunMs) })}</bdi></p>
        <p class="own-buttons">
            <button class="button is-main" type="button" data-do="resume-training" @click=${() => void actions.resumeTraining(one)}>${t("taught_resume")}</button>
            <button class="button" type="button" data-do="give-up-training" @click=${() => void actions.giveUpTraining(one)}>${t("taught_give_up")}</button>
        </p>
    </div>`;
}

/** @param {OwnTagger} tagger */
function row(tagger) {
    const { id, name } = tagger;
    const head = inUse(tagger);
    const facts = head
        ? [
              t("taught_version_of", { n: head.number, day: dayText(head.made_ms) }),
              t("taught_n_tags", { n: head.n_tags }),
              t("taught_n_pictures", { n: head.n_examples }),
          ]
        : [t("taught_never_trained")];
    const open = rowButton("open-tagger", t("taught_open"), t("taught_open_which", { name }), () =>
        actions.showTagger(id),
    );
    return libraryRow({
        ...{ id, name, facts, isOff: false },
        badge: null,
        buttons: html`${open} ${head ? taggerSwitch(tagger) : nothing}`,
    });
}

/** Whether its tags are shown. @param {OwnTagger} tagger */
export const taggerSwitch = ({ id, name, is_used: isUsed }) => html`<input
    type="checkbox"
    role="switch"
    class="switch"
    data-do="use-tagger"
    aria-label=${t("taught_use", { name })}
    .checked=${live(isUsed)}
    @change=${(/** @type {Event} */ { currentTarget }) => void actions.changeOwnTagger(id, { is_used: /** @type {HTMLInputElement} */ (currentTarget).checked })}
/>`;

/** One that travels as a file. */
function fileForm() {
    const choose = async (/** @type {Event} */ { currentTarget }) => {
        const id = await actions.chooseTaggerFile(/** @type {HTMLInputElement} */ (currentTarget));
        if (id) actions.showTagger(id);
    };
    const press = (/** @type {Event} */ { currentTarget }) =>
        /** @type {HTMLElement | null} */ (
            /** @type {HTMLElement} */ (currentTarget).parentElement?.querySelector('[type="file"]')
        )?.click();
    return html`<section class="own-section">
        <button class="button" type="button" data-do="add-tagger-file" aria-describedby="own-file-why" @click=${press}>${t("taught_add_file")}</button>
        <input type="file" data-input="tagger-file" accept=".json,application/json" hidden @change=${choose} />
        <p class="own-why" id="own-file-why">${t("taught_add_file_why")}</p>
    </section>`;
}

function newForm() {
    const make = async () => {
        const { value: name } = typed;
        if (name.trim() === "") return;
        typed.value = "";
        await actions.newTagger(name);
    };
    const onKey = (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && !event.isComposing) void make();
    };
    const onInput = (/** @type {Event} */ { currentTarget }) =>
        void (typed.value = /** @type {HTMLInputElement} */ (currentTarget).value);
    return localForm(html`<section class="own-section">
        <label for="own-new">${t("taught_new_name")}</label>
        <span class="own-with-button">
            <input
                class="field"
                type="text"
                id="own-new"
                data-do="new-tagger-name"
                autocomplete="off"
                maxlength=${MAX_NAME}
                .value=${live(typed.value)}
                @input=${onInput}
                @keydown=${onKey}
            />
            <button class="button" type="button" data-do="make-tagger" ?disabled=${typed.value.trim() === ""} @click=${make}>${t("taught_make")}</button>
        </span>
    </section>`);
}
