/**
 * A tag as a chip. Where it comes from is told by its form: a line as long as the confidence, and its figure, is the model's, in amber an own tagger's; amber
 * without a figure is a person's; a cloud before the name is another tagger's, alone or beside the model. What can be said of it appears on hover and focus; where nothing hovers, the inspector has it too.
 * The buttons for that are only made on the card that is pointed at or has the keyboard: they are most of what a grid would consist of.
 * @import { Tag } from "../core/engine_api.d.ts"
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { countedOf } from "../app/boxes.js";
import { providerName, providersIn } from "../app/provider_names.js";
import { isPreparationGuessed } from "../app/state.js";
import { actions } from "../app/work_actions.js";
import { html, nothing } from "../vendor/view.js";
import { closeIcon, cloudIcon } from "./icons.js";
import { confidenceText, t } from "./text.js";
import { acceptIcon, branchIcon } from "./work_icons.js";

/** How many were found, of it or of what lies above, as the people of a group; a press looks at pictures with as many. @param {import("../app/boxes.js").Counted | null} found */
function countButton(found) {
    if (!found || found.count < 2) return nothing;
    const { id, name, count: n } = found;
    const label = t("filter_by_count", { name, n });
    return html`<button
        class="chip-count"
        type="button"
        tabindex="-1"
        data-do="filter-by-count"
        data-count=${n}
        aria-label=${label}
        title=${label}
        @click=${() => actions.showOnly({ kind: "tag", id, at_least: n })}
        >${t("times", { n })}</button
    >`;
}

/** Which other taggers say it. @param {Tag} tag */
export function sourceMark(tag) {
    const names = providersIn([tag.from, ...(tag.also_from ?? [])]).map(providerName);
    if (names.length === 0) return nothing;
    const label = t(tag.source === "cloud" ? "tag_from" : "tag_also_from", { names: names.join(", ") });
    return html`<span class="source-mark" role="img" aria-label=${label} title=${label}>${cloudIcon()}</span>`;
}

/** What of a source is told by form. @type {Partial<Record<Tag["source"], string>>} */
const SOURCE_CLASSES = { manual: "is-manual", cloud: "is-cloud", custom: "is-custom" };

/** A tagger may give no numbers. @param {Tag} tag */
const hasFigure = ({ source, score }) => source !== "manual" && !(source === "cloud" && score === null);

/**
 * @param {Tag} tag
 * @param {{ids: number[], hasActions: boolean, isReachable: boolean, leave: (button: HTMLElement) => void}} place
 *   the pictures that its buttons are for; whether it has any; whether Tab leads to them; where the keyboard goes before one may vanish
 */
export function chip(tag, { ids, hasActions, isReachable, leave }) {
    const { id, name, confidence } = tag;
    const isManual = tag.source === "manual";
    /** @param {string} what @param {string} label @param {TemplateResult} icon @param {() => void} act */
    const actionButton = (what, label, icon, act) => html`<button
        class="chip-action"
        type="button"
        data-do=${what}
        tabindex=${isReachable ? 0 : -1}
        aria-label=${label}
        title=${label}
        @click=${(/** @type {Event} */ event) => {
            leave(/** @type {HTMLElement} */ (event.currentTarget));
            act();
        }}
    >
        ${icon}
    </button>`;
    const actionButtons = () => html`<span class="chip-actions"
        >${isManual ? nothing : actionButton("accept-tag", t("accept_tag", { name }), acceptIcon(), () => actions.acceptTag(tag, ids))}${actionButton(
            "reject-tag",
            t("reject_tag", { name }),
            closeIcon(),
            () => actions.rejectTag(tag, ids),
        )}${isManual || tag.parents.length === 0 ? nothing : actionButton("reject-branch", t("reject_branch", { name }), branchIcon(), () => ids.forEach((one) => void actions.rejectBranch(tag, one)))}</span
    >`;
    return html`<span class="chip ${SOURCE_CLASSES[tag.source] ?? ""}" data-tag=${id} data-source=${tag.source} data-confidence=${confidence}
        >${sourceMark(tag)}<button
            class="chip-name"
            type="button"
            tabindex="-1"
            data-do="filter-by"
            aria-label=${t("filter_by", { name })}
            title=${t("filter_by", { name })}
            @click=${() => actions.showOnly({ kind: "tag", id })}
            >${name}</button
        >${countButton(countedOf(tag))}${
            !hasFigure(tag)
                ? nothing
                : html`<span class="chip-figure" title=${isPreparationGuessed.value ? t("confidence_guess") : nothing}>${confidenceText(confidence)}</span
                  ><i class="chip-bar" .style=${`transform:scaleX(${isPreparationGuessed.value ? 0 : confidence})`}></i>`
        }${hasActions ? actionButtons() : nothing}</span
    >`;
}
