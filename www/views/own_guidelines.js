/**
 * How the examples of a tag stand by the guidelines: a light each, told by form and word too, a sentence, and the pictures concerned.
 * @import { GuidelineCheck, Guidelines, Light } from "../core/train_api.d.ts"
 * @import { TagRef } from "../core/engine_api.d.ts"
 */
import { actions } from "../app/own_actions.js";
import { openTag } from "../app/own_view_state.js";
import { pictureOf } from "../app/state.js";
import { html, nothing, svg } from "../vendor/view.js";
import { icon, warningIcon } from "./icons.js";
import { ownPictureList } from "./own_pictures.js";
import { t } from "./text.js";
import { acceptIcon, openIcon } from "./work_icons.js";

const LOOKS = {
    green: acceptIcon,
    yellow: warningIcon,
    red: () => icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5v5.5M12 16.2v.1"/>`),
    none: () => icon(svg`<path d="M6 12h12"/>`),
};

/** @param {Light} light */
export const ownLight = (light) => {
    const words = t(`taught_light_${light}`);
    return html`<span class="own-light" data-light=${light} role="img" aria-label=${words} title=${words}>${LOOKS[light]()}</span>`;
};

/** @param {{tag: TagRef, n: number, nRejected: number}} one @param {Guidelines | null} guidelines @param {unknown} tick whether it is learnt, where that is chosen */
export function ownGuidelinesOf({ tag, n, nRejected }, guidelines, tick) {
    const found = guidelines?.tags.find((one) => one.tag.id === tag.id);
    const isOpen = openTag.value === tag.id;
    const facts = html`<bdi class="own-tag-name">${tag.name}</bdi>
        <span class="own-why">
            ${t("taught_n_pictures", { n })}${nRejected > 0 ? html`, ${t("taught_set_removed", { n: nRejected })}` : nothing}
        </span>`;
    if (!found)
        return html`<li class="own-tag" data-own-tag=${tag.id}><div class="own-tag-row">${tick}<p class="own-tag-head">${ownLight("none")} ${facts}</p></div></li>`;
    return html`<li class="own-tag" data-own-tag=${tag.id} data-light=${found.light}>
        <div class="own-tag-row">${tick}<button class="own-tag-head" type="button" data-do="open-guidelines" aria-expanded=${isOpen} @click=${() => actions.openTagOf(tag.id)}>
            ${ownLight(found.light)} ${facts} ${concerns(found)} ${openIcon()}
        </button></div>
        ${
            isOpen
                ? html`<ul class="own-checks" aria-label=${t("taught_lights", { name: tag.name })}>
                      ${found.checks.map((check) => checkRow(tag, check, guidelines?.tags ?? []))}
                  </ul>`
                : nothing
        }
    </li>`;
}

/** Which guidelines the light is about, so that nobody has to look behind each. @param {Guidelines["tags"][0]} found */
function concerns({ light, checks }) {
    if (light !== "yellow" && light !== "red") return nothing;
    const titles = checks.flatMap((one) =>
        one.light === light && one.guideline !== "distraction" ? t(`taught_guideline_${one.guideline}`) : [],
    );
    return html`<span class="own-concerns" data-light=${light}>${titles.join(", ")}</span>`;
}

/** Distraction is not measured: it is said once, among the limits. @param {TagRef} tag @param {GuidelineCheck} check @param {Guidelines["tags"]} all */
function checkRow(tag, check, all) {
    const { guideline, light, n, n_needed: needed, concerned, kinds } = check;
    if (guideline === "distraction") return nothing;
    const words =
        light === "none" ? t("taught_guideline_unknown") : t(`taught_guideline_${guideline}_${light}`, { n, needed });
    const ids = concerned.map(({ id }) => id);
    const title = t(`taught_guideline_${guideline}`);
    return html`<li class="own-check" data-guideline=${guideline} data-light=${light}>
        ${ownLight(light)}
        <div>
            <p><strong>${title}</strong> ${words}</p>
            ${kinds.length > 0 ? kinds.map((kind) => kindRow(kind, title)) : ids.length > 0 ? ownPictureList(ids, title) : nothing}
            ${likeOther(concerned, all)} ${fix(tag, guideline, ids)}
        </div>
    </li>`;
}

/** @param {GuidelineCheck["kinds"][0]} kind @param {string} title */
const kindRow = ({ ids, n_needed: n }, title) => html`<div class="own-kind">
    ${ownPictureList(ids, title)}
    <p class="own-why">${t("taught_more_like", { n })}</p>
</div>`;

/** What they look like instead. @param {GuidelineCheck["concerned"]} concerned @param {Guidelines["tags"]} all */
function likeOther(concerned, all) {
    const names = new Set(concerned.flatMap(({ like }) => (like === null ? [] : [all[like]?.tag.name ?? ""])));
    return names.size === 0
        ? nothing
        : html`<p class="own-why"><bdi>${t("taught_looks_like", { names: [...names].join(", ") })}</bdi></p>`;
}

/** What one press puts right, of the pictures that are here. @param {TagRef} tag @param {GuidelineCheck["guideline"]} guideline @param {number[]} ids */
function fix(tag, guideline, ids) {
    const here = ids.filter(pictureOf);
    const { length: n } = here;
    const { name } = tag;
    if (n === 0) return nothing;
    if (guideline === "completeness")
        return button("complete-tag", t("taught_add_tag_to", { n, name }), () => actions.assignTags([tag], here));
    if (guideline === "coherence")
        return button("remove-from-outliers", t("taught_remove_tag_from", { n, name }), () =>
            actions.rejectTag(tag, here),
        );
    return nothing;
}

/** @param {string} name @param {string} words @param {() => unknown} act */
const button = (name, words, act) => html`<p class="own-buttons">
    <button class="button" type="button" data-do=${name} @click=${() => void act()}><bdi>${words}</bdi></button>
</p>`;
