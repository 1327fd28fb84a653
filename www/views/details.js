/**
 * The inspector: one picture in full. All its tags and what people say of them, what was nearly one, the facts of its file, where the
 * time went. Beside the grid, or from below where it is narrow, or beside the large view.
 * @import { Details } from "../core/engine_api.d.ts"
 * @import { PictureEntry } from "../app/state.js"
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { actions } from "../app/work_actions.js";
import {
    details as beside,
    history,
    isLarge,
    isWorking,
    opened,
    pictureOf,
    reviewed,
    gridIds,
    tags,
} from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { addTagBox, followCompletions } from "./add_tag.js";
import { focusGrid, focusGridWhenDrawn } from "./grid_focus.js";
import { framed, heatText } from "./heat.js";
import { closeIcon, pictureIcon, redoIcon, undoIcon } from "./icons.js";
import { keepFocus } from "./keep_focus.js";
import { messageText } from "./message.js";
import { mount } from "./mount.js";
import { detailNotes } from "./picture_notes.js";
import { nearMissRows, rejectedRows, shownRows } from "./tag_row.js";
import { textFields } from "./text_fields.js";
import { fileSize, rounded, t, errorText } from "./text.js";
import { enlargeIcon, nextIcon, previousIcon, reviewIcon } from "./work_icons.js";

/** @param {HTMLElement} root */
export function mountDetails(root) {
    const refocus = keepFocus(root);
    mount(root, details, () => {
        refocus();
        followCompletions(root);
    });
}

/** The one in the large view takes its place. */
function details() {
    const picture = opened.value === null || isLarge.value ? undefined : pictureOf(opened.value);
    return picture ? html`${inspector(picture, { leave: focusGrid })}${messageText()}` : html`${nothing}`;
}

/** The keyboard goes back to the card it came from. */
export function closeDetails() {
    actions.closePicture();
    focusGrid();
}

/**
 * @param {PictureEntry} picture
 * @param {{leave: () => void, close?: () => void, closeLabel?: string, isBesidePicture?: boolean}} place where the keyboard goes from the
 *   field for tags; what closes it, if that is not the inspector alone; whether the picture is shown large beside it
 */
export function inspector(picture, { leave, close = closeDetails, closeLabel = t("close"), isBesidePicture = false }) {
    const ids = [picture.id];
    return html`<aside class="details" aria-label=${t("details")} data-path=${picture.path}>
        ${tools(picture, { close, closeLabel, isBesidePicture })}
        <div class="details-parts">
            <div class="details-look">
                ${isBesidePicture ? nothing : html`<div class="details-picture">${smallPicture(picture)}</div> ${heatText(picture)}`}
                <div class="details-head">
                    <h2><bdi>${picture.name}</bdi></h2>
                    <p class="details-facts">${facts(picture)}</p>
                    ${detailNotes(picture)}
                </div>
            </div>
            <div class="details-rest">
                ${picture.error ? failure(picture) : nothing} ${allTags(picture, ids, leave)} ${textFields(picture)}
                ${picture.state === "done" ? reviewing(picture, ids) : nothing}
                ${picture.facts && picture.looks ? timings(picture.facts.timings_ms) : nothing}
                ${picture.state === "done" || picture.state === "failed" ? actionButtons(picture, ids) : nothing}
            </div>
        </div>
    </aside>`;
}

/** @param {PictureEntry} picture @param {{close: () => void, closeLabel: string, isBesidePicture: boolean}} place */
function tools({ id }, { close, closeLabel, isBesidePicture }) {
    const idx = gridIds.value.indexOf(id);
    const n = gridIds.value.length;
    const step = { undo: history.value.undo, redo: history.value.redo };
    return html`<div class="details-tools" role="toolbar" aria-label=${t("details")}>
        ${tool("previous", t("previous_picture"), previousIcon(), () => actions.setCurrent(idx - 1), idx <= 0)}
        ${tool("next", t("next_picture"), nextIcon(), () => actions.setCurrent(idx + 1), idx < 0 || idx + 1 >= n)}
        <span class="details-position">${idx < 0 ? nothing : t("position", { position: idx + 1, total: n })}</span>
        ${tool("undo", step.undo === null ? t("nothing_to_undo") : t("undo_what", { what: step.undo }), undoIcon(), actions.undo, step.undo === null)}
        ${tool("redo", step.redo === null ? t("nothing_to_redo") : t("redo_what", { what: step.redo }), redoIcon(), actions.redo, step.redo === null)}
        ${isBesidePicture ? nothing : tool("enlarge", t("enlarge"), enlargeIcon(), () => actions.setLarge(true))}
        ${tool("close", closeLabel, closeIcon(), close)}
    </div>`;
}

/**
 * Not disabled but told to be: the keyboard stays on a button that has just done its last.
 * @param {string} name @param {string} label @param {TemplateResult} icon @param {() => void} act @param {boolean} [isOff]
 */
const tool = (name, label, icon, act, isOff = false) => html`<button
    class="details-tool"
    type="button"
    data-do=${name}
    aria-label=${label}
    title=${label}
    aria-disabled=${isOff}
    @click=${() => isOff || act()}
>
    ${icon}
</button>`;

/** @param {PictureEntry} picture */
function smallPicture(picture) {
    const { thumbnail } = picture;
    if (!thumbnail) return html`<span class="details-blank">${pictureIcon()}</span>`;
    return framed(
        picture,
        html`<img src=${thumbnail} alt="" draggable="false" @dblclick=${() => actions.setLarge(true)} />`,
    );
}

/** @param {PictureEntry} picture */
function facts({ facts, size, path, name, state }) {
    const texts = [fileSize(size)];
    if (facts)
        texts.unshift(
            t("size_in_pixels", { width: String(facts.width), height: String(facts.height) }),
            facts.format.toUpperCase(),
        );
    if (state === "queued" || isWorking(state)) texts.push(t(`state_${state}`));
    if (path !== name) texts.push(path);
    return texts.join(" · ");
}

/** @param {PictureEntry} picture @param {number[]} ids */
const reviewing = ({ id }, ids) =>
    reviewed.value.has(id)
        ? html`<p class="details-review">
              ${reviewIcon()} <span>${t("review_done")}</span>
              <button class="tag-reset" type="button" data-do="review-again" @click=${() => actions.unreview(ids)}>${t("review_again")}</button>
          </p>`
        : html`<button class="button details-review-next" type="button" data-do="review" @click=${() => actions.review(ids)}>
              ${reviewIcon()}<span>${t("review_next")}</span> <kbd aria-hidden="true">R</kbd>
          </button>`;

/** @param {PictureEntry} picture */
function failure({ id, error }) {
    const { title, remedy } = errorText(error);
    return html`<div class="details-failure" data-code=${error?.code ?? nothing}>
        <p><strong>${title}</strong> ${remedy}</p>
        <p class="details-cause">${t("engine_details", { detail: error?.detail ?? "" })}</p>
        <button class="button" type="button" data-do="retry" @click=${() => actions.retry(id)}>${t("retry")}</button>
    </div>`;
}

/** @param {PictureEntry} picture @param {number[]} ids @param {() => void} leave */
function allTags(picture, ids, leave) {
    const place = { picture, ids };
    const shown = tags.value.get(picture.id);
    const { nearly, rejected } =
        beside.value?.id === picture.id
            ? beside.value
            : /** @type {Pick<Details, "nearly" | "rejected">} */ ({ nearly: [], rejected: [] });
    return html`<section class="details-tags" aria-label=${t("tags_heading")}>
            ${shown?.length === 0 && picture.state === "done" ? html`<p class="details-none">${t("no_tags")}</p>` : shownRows(shown ?? [], place)}
            ${addTagBox({ ids, leave })}
        </section>
        ${nearly.length > 0 ? html`<section><h3>${t("nearly")}</h3>${nearMissRows(nearly, place)}</section>` : nothing}
        ${rejected.length > 0 ? html`<section><h3>${t("rejected")}</h3>${rejectedRows(rejected, place)}</section>` : nothing}`;
}

/** @param {import("../core/engine_api.d.ts").Timings} timings */
function timings({ decode, resize, infer, tags, objects }) {
    /** @param {string} name @param {number} ms */
    const row = (name, ms) =>
        html`<div><dt>${name}</dt><dd>${t("milliseconds", { ms: rounded(ms, ms < 10 ? 1 : 0) })}</dd></div>`;
    return html`<section>
        <h3>${t("timings_heading")}</h3>
        <dl class="details-times">
            ${row(t("timing_decode"), decode)} ${row(t("timing_resize"), resize)} ${row(t("timing_infer"), infer)} ${row(t("timing_tags"), tags)}
            ${objects === undefined ? nothing : row(t("timing_objects"), objects)}
        </dl>
    </section>`;
}

/** The inspector may go with its picture; then the grid, once it is drawn again, has the keyboard. @param {number[]} ids */
function removeFromGrid(ids) {
    actions.removePictures(ids);
    if (opened.value === null) focusGridWhenDrawn();
}

/** What failed has its own button for trying again. @param {PictureEntry} picture @param {number[]} ids */
const actionButtons = ({ state }, ids) => html`<p class="details-actions">
    ${
        state === "done"
            ? html`<button class="button" type="button" data-do="tag-again" @click=${() => actions.retag(ids)}>${t("tag_again")}</button>`
            : nothing
    }
    <button class="button" type="button" data-do="take-off" @click=${() => removeFromGrid(ids)}>${t("take_off")}</button>
</p>`;
