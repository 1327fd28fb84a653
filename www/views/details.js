/**
 * One picture in full: all its tags, the facts of its file, where the time went. Beside the sheet, or from below where it is narrow.
 * @import { Tag } from "../core/engine_api.d.ts"
 * @import { Picture } from "../app/state.js"
 */
import { close_picture, retry } from "../app/actions.js";
import { opened, picture_of, tags } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { close_icon } from "./icons.js";
import { file_size, percent, rounded, t, words_of } from "./words.js";

export function details() {
    const picture = opened.value === null ? undefined : picture_of(opened.value);
    if (!picture) return html`${nothing}`;
    return html`<aside class="details" aria-label=${t("details")} data-path=${picture.path}>
        <button class="button is-icon details-close" type="button" data-do="close" aria-label=${t("close")} @click=${close_details}>${close_icon()}</button>
        ${picture.thumbnail ? html`<img class="details-picture" src=${picture.thumbnail} alt="" />` : nothing}
        <h2>${picture.name}</h2>
        <p class="details-facts">${facts(picture)}</p>
        ${picture.error ? failure(picture) : nothing} ${picture.state === "done" ? all_tags(tags.value.get(picture.id)) : nothing}
        ${picture.facts ? timings(picture.facts.timings_ms) : nothing}
    </aside>`;
}

/** The keyboard goes back to the card it came from. */
export function close_details() {
    close_picture();
    const card = /** @type {HTMLElement | null} */ (document.querySelector('.card-name[tabindex="0"]'));
    card?.focus({ preventScroll: true });
}

/** @param {Picture} picture */
function facts({ facts, file, path, name }) {
    const parts = [file_size(file.size)];
    if (facts) parts.unshift(t("size_in_pixels", { width: String(facts.width), height: String(facts.height) }), facts.format.toUpperCase());
    if (path !== name) parts.push(path);
    return parts.join(" · ");
}

/** @param {Picture} picture */
function failure({ id, error }) {
    const { title, remedy } = words_of(error);
    return html`<div class="details-failure" data-code=${error?.code ?? nothing}>
        <p><strong>${title}</strong> ${remedy}</p>
        <p class="details-cause">${error?.detail}</p>
        <button class="button" type="button" @click=${() => retry(id)}>${t("retry")}</button>
    </div>`;
}

/** @param {Tag[] | undefined} found */
function all_tags(found) {
    const rows = (found ?? []).map(
        ({ id, name, confidence, parents }) => html`<li class="details-tag" data-tag=${id} data-confidence=${confidence}>
            <span class="details-name">${name}</span>
            <span class="details-parents">${parents.map((parent) => parent.name).join(" · ")}</span>
            <span class="details-figure">${percent(confidence)}</span>
            <i .style=${`transform:scaleX(${confidence})`}></i>
        </li>`,
    );
    return html`<section>
        <h3>${t("tags_heading")}</h3>
        ${rows.length > 0 ? html`<ul>${rows}</ul>` : html`<p class="details-facts">${t("no_tags")}</p>`}
    </section>`;
}

/** @param {import("../core/engine_api.d.ts").Timings} timings */
function timings({ decode, resize, infer, tags }) {
    /** @param {string} name @param {number} ms */
    const row = (name, ms) => html`<div><dt>${name}</dt><dd>${t("milliseconds", { ms: rounded(ms, ms < 10 ? 1 : 0) })}</dd></div>`;
    return html`<section>
        <h3>${t("timings_heading")}</h3>
        <dl class="details-times">
            ${row(t("timing_decode"), decode)} ${row(t("timing_resize"), resize)} ${row(t("timing_infer"), infer)} ${row(t("timing_tags"), tags)}
        </dl>
    </section>`;
}
