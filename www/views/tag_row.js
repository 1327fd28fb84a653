/**
 * A tag in the inspector, with what people can say of it: a tag that is shown, one that is nearly, one that was removed.
 * @import { HiddenTag, TagRef, Tag } from "../core/engine_api.d.ts"
 * @import { PictureEntry } from "../app/state.js"
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { providerName, providersIn } from "../app/provider_names.js";
import { details, isPreparationGuessed, language } from "../app/state.js";
import { actions } from "../app/work_actions.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { point, pointAway } from "./boxes.js";
import { sourceMark } from "./chip.js";
import { countedName } from "./counted_name.js";
import { explained, isExplainable } from "./heat.js";
import { closeIcon } from "./icons.js";
import { confidenceText, percent, t } from "./text.js";
import { acceptIcon, branchIcon, whyIcon } from "./work_icons.js";

/** @typedef {{picture: PictureEntry, ids: number[]}} Place the picture that is looked at, and those that a correction is for */

/** @param {readonly Tag[]} tags @param {Place} place */
export const shownRows = (tags, place) =>
    rows(tags, (tag) => (tag.source === "manual" ? manualRow(tag, place) : modelRow(tag, place)));

/** @param {readonly HiddenTag[]} tags @param {Place} place */
export const nearMissRows = (tags, place) => rows(tags, (tag) => modelRow(tag, place, { why: reasonText(tag) }));

/** @param {readonly TagRef[]} tags @param {Place} place */
export const rejectedRows = (tags, place) => rows(tags, (tag) => rejectedRow(tag, place));

/**
 * A row is its tag's, wherever that moves to: what has the keyboard stays where it is.
 * @template {TagRef} T @param {readonly T[]} tags @param {(tag: T) => TemplateResult} row
 */
const rows = (
    tags,
    row,
) => html`<ul class="tag-rows" @keydown=${onKey} @pointerover=${point} @pointerleave=${pointAway} @focusin=${point} @focusout=${pointAway}>
    ${repeat(tags, ({ id }) => id, row)}
</ul>`;

/** Why a tag is not shown. @param {HiddenTag} tag */
const reasonText = ({ reason, shown_from: from }) =>
    reason === "vague" ? t("hidden_vague", { percent: percent(from ?? 1) }) : t(`hidden_${reason}`);

/** @param {Tag} tag @param {Place} place @param {{why?: string}} [how] why it is not shown, if it is not */
function modelRow(tag, place, { why: reason } = {}) {
    const { id, name, confidence, source, score } = tag;
    const isNearMiss = reason !== undefined;
    const hasFigure = source !== "cloud" || score !== null;
    return html`<li
        class="tag-row ${isNearMiss ? "is-near-miss" : ""} ${source === "custom" ? "is-custom" : ""}"
        data-row=${id}
        data-tag=${isNearMiss ? nothing : id}
        data-nearly=${isNearMiss ? id : nothing}
        data-source=${source}
        data-confidence=${confidence}
    >
        ${words(tag, place, reason)}
        ${hasFigure ? html`<span class="tag-figure" title=${isPreparationGuessed.value ? t("confidence_guess") : nothing}>${confidenceText(confidence)}</span>` : nothing}
        <span class="tag-actions">
            ${why(tag, place)}
            ${actionButton("accept-tag", t("accept_tag", { name }), acceptIcon(), () => actions.acceptTag(tag, place.ids))}
            ${isNearMiss ? nothing : actionButton("reject-tag", t("reject_tag", { name }), closeIcon(), () => actions.rejectTag(tag, place.ids))}
            ${isNearMiss || tag.parents.length === 0 ? nothing : actionButton("reject-branch", t("reject_branch", { name }), branchIcon(), () => actions.rejectBranch(tag, place.picture.id))}
        </span>
        <i class="tag-bar" .style=${`transform:scaleX(${isPreparationGuessed.value || !hasFigure ? 0 : confidence})`}></i>
    </li>`;
}

/** @param {Tag} tag @param {Place} place */
function manualRow(tag, place) {
    const { id, name } = tag;
    return html`<li class="tag-row is-manual" data-row=${id} data-tag=${id} data-source="manual" data-confidence=${tag.confidence}>
        ${words(tag, place)}
        <span class="tag-actions">
            ${why(tag, place)}
            ${actionButton("reject-tag", t("reject_tag", { name }), closeIcon(), () => actions.rejectTag(tag, place.ids))}
        </span>
    </li>`;
}

/** @param {TagRef} tag @param {Place} place */
const rejectedRow = (tag, { ids }) => html`<li class="tag-row is-rejected" data-row=${tag.id} data-rejected=${tag.id}>
    <span class="tag-words"><bdi class="tag-name">${tag.name}</bdi></span>
    <button
        class="tag-reset"
        type="button"
        data-do="put-back"
        aria-label=${t("put_tag_back", { name: tag.name })}
        @click=${() => actions.resetTag(tag, ids)}
    >
        ${t("put_back")}
    </button>
</li>`;

/** The name, and what it lies in; each of them can be explained. @param {Tag} tag @param {Place} place @param {string} [reason] */
function words(tag, { picture, ids }, reason) {
    const { parents, source } = tag;
    const asked = explained(picture)?.tag;
    const above = parents.map((parent) =>
        source === "cloud"
            ? html`<span>${parent.name}</span>`
            : html`<button
            class="tag-parent"
            type="button"
            data-do="why-parent"
            data-parent=${parent.id}
            aria-label=${t("why", { name: countedName(parent) })}
            title=${t("why", { name: countedName(parent) })}
            aria-pressed=${asked === parent.id}
            @click=${() => actions.explain(picture.id, parent.id)}
            >${countedName(parent)}</button
        >`,
    );
    const manual =
        source === "manual" ? [html`<span class="tag-yours">${t("yours")}</span>`, ...resetButton(tag, ids)] : [];
    const custom = source === "custom" ? [html`<span class="tag-taught">${t("taught")}</span>`] : [];
    const because = reason === undefined ? [] : [html`<span class="tag-because">${reason}</span>`];
    const below = [...because, ...custom, ...manual, ...voices(tag, picture.id), ...above].map(
        (item, idx) => html`${idx > 0 ? " · " : ""}${item}`,
    );
    return html`<span class="tag-words"><span>${sourceMark(tag)}<bdi class="tag-name">${countedName(tag)}</bdi></span><span class="tag-parents">${below}</span></span>`;
}

/** What other taggers say of it, in their own numbers. @param {Tag} tag @param {number} picture */
function voices({ id }, picture) {
    const by = details.value?.id === picture ? (details.value.voices?.find((one) => one.id === id)?.by ?? []) : [];
    const numbers = new Intl.NumberFormat(language.value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    return by.flatMap(({ from, confidence }) =>
        providersIn([from]).map((provider) => {
            const name = providerName(provider);
            const said =
                confidence === null
                    ? t("voice", { name })
                    : t("voice_number", { name, number: numbers.format(confidence) });
            return html`<span class="tag-voice" data-voice=${provider}>${said}</span>`;
        }),
    );
}

/** Where the model knows something of an own tag, it may decide again. @param {Tag} tag @param {number[]} ids */
function resetButton(tag, ids) {
    if (tag.score === null) return [];
    const label = t("leave_tag_open", { name: tag.name });
    return [
        html`<button
            class="tag-parent"
            type="button"
            data-do="leave-tag-open"
            aria-label=${label}
            title=${label}
            @click=${() => actions.resetTag(tag, ids)}
            >${t("leave_open")}</button
        >`,
    ];
}

/** @param {Tag} tag @param {Place} place */
function why(tag, { picture }) {
    if (!isExplainable(tag)) return nothing;
    return actionButton(
        "why",
        t("why", { name: tag.name }),
        whyIcon(),
        () => actions.explain(picture.id, tag.id),
        explained(picture)?.tag === tag.id,
    );
}

/** @param {string} name @param {string} label @param {TemplateResult} icon @param {() => void} act @param {boolean} [isOn] */
const actionButton = (name, label, icon, act, isOn) => html`<button
    class="tag-action"
    type="button"
    data-do=${name}
    aria-label=${label}
    title=${label}
    aria-pressed=${isOn === undefined ? nothing : isOn}
    @click=${act}
>
    ${icon}
</button>`;

/** Keys on a row: A accepts, X rejects, W asks why; up and down go to the same button of the rows around. @param {KeyboardEvent} event */
function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const button = /** @type {HTMLElement} */ (event.target);
    const row = button.closest(".tag-row");
    const of = (/** @type {string} */ name, /** @type {Element | null | undefined} */ place = row) =>
        /** @type {HTMLElement | null | undefined} */ (place?.querySelector(`[data-do="${name}"]`));
    const key = event.key.toLowerCase();
    if (key === "a") (of("accept-tag") ?? of("put-back"))?.click();
    else if (key === "x") of("reject-tag")?.click();
    else if (key === "w") of("why")?.click();
    else if (key === "arrowdown" || key === "arrowup") {
        const all = Array.from(button.closest(".details")?.querySelectorAll(".tag-row") ?? []);
        const next = all[all.indexOf(/** @type {Element} */ (row)) + (key === "arrowdown" ? 1 : -1)];
        (
            of(button.dataset["do"] ?? "", next) ??
            /** @type {HTMLElement | null | undefined} */ (next?.querySelector("button"))
        )?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
}
