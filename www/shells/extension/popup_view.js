/**
 * What the toolbar's list shows.
 * @import { Language } from "./messages.js"
 * @import { FramePicture } from "./page_pictures.js"
 *
 * @typedef {{
 *   language: Language, isLoading: boolean, isForbidden: boolean, isAll: boolean, pictures: FramePicture[], closed: string[], address: string,
 *   typed: string, side: number, isOnlyMissing: boolean, nDone: number, nWanted: number, said: string }} PopupState
 *   `side`: the least width and height, in pixels; `nWanted`: 0 where nothing is being tagged
 * @typedef {{
 *   allow: (origin: string) => unknown, tagAll: () => unknown, cancel: () => unknown, draw: (changed: Partial<PopupState>) => void, shown: () => FramePicture[],
 *   suggestion: (picture: FramePicture) => string, show: (picture: FramePicture) => unknown, copyHtml: (picture: FramePicture) => unknown,
 *   saveCsv: () => void, saveJsonLines: () => void, saveReport: () => void, openLibrary: () => unknown, openOptions: () => unknown }} PopupActs
 */
import { html, nothing, repeat } from "../../vendor/view.js";
import { percent, say } from "./words.js";

/** @param {PopupState} state @param {PopupActs} acts */
export function drawPopup(state, acts) {
    const { language, isLoading, isForbidden, pictures } = state;
    return html`
        <main>
            <header>
                <h1>${say(language, "popup")}</h1>
                <div class="buttons">
                    <button data-do="library" @click=${acts.openLibrary}>${say(language, "open_library")}</button>
                    <button data-do="options" @click=${acts.openOptions}>${say(language, "options")}</button>
                </div>
            </header>
            ${isForbidden ? html`<p role="alert">${say(language, "popup_forbidden")}</p>` : nothing}
            ${!isLoading && !isForbidden && pictures.length === 0 ? html`<p>${say(language, "popup_none")}</p>` : nothing}
            ${state.closed.length > 0 ? drawClosed(state.closed, language, acts) : nothing}
            ${pictures.length > 0 ? drawList(state, acts) : nothing}
        </main>
    `;
}

/** @param {readonly string[]} origins @param {Language} language @param {PopupActs} acts */
const drawClosed = (origins, language, { allow }) => html`
    <p>${say(language, "popup_frames")}</p>
    <div class="buttons">
        ${origins.map(
            (origin) => html`<button data-do="allow" @click=${() => allow(origin)}>
                ${say(language, "allow_host", { host: new URL(origin).host })}
            </button>`,
        )}
    </div>
`;

/** @param {PopupState} state @param {PopupActs} acts */
function drawList(state, acts) {
    const { language, pictures, isAll, nDone, nWanted, said } = state;
    const shown = acts.shown();
    const nMissing = pictures.filter(({ lacksAlt }) => lacksAlt).length;
    const n = pictures.length;
    return html`
        <p>
            ${isAll ? say(language, "popup_found", { n }) : say(language, "popup_most", { n })}.
            ${nMissing > 0 ? say(language, "popup_no_alt_n", { n: nMissing }) : say(language, "popup_all_alt")}${nMissing > 0 ? "." : ""}
        </p>
        ${drawFilters(state, acts)}
        <div class="buttons">
            ${
                nWanted > 0
                    ? html`<button data-do="cancel" @click=${acts.cancel}>${say(language, "popup_cancel")}</button>`
                    : html`<button class="main" data-do="tag-all" @click=${acts.tagAll}>${say(language, "popup_tag_all")}</button>`
            }
            <button data-do="csv" @click=${acts.saveCsv}>${say(language, "popup_export_csv")}</button>
            <button data-do="jsonl" @click=${acts.saveJsonLines}>${say(language, "popup_export_json")}</button>
            ${
                nMissing > 0
                    ? html`<button data-do="report" @click=${acts.saveReport}>${say(language, "popup_report")}</button>`
                    : nothing
            }
        </div>
        <div class="progress">
            ${
                nWanted > 0
                    ? html`<progress
                          max=${nWanted}
                          value=${nDone}
                          aria-label=${say(language, "popup_progress", { done: nDone, n: nWanted })}
                      ></progress>`
                    : nothing
            }
        </div>
        <p role="status" class="said">${said || say(language, "popup_shown", { shown: shown.length, n })}</p>
        <ul>
            ${repeat(
                shown,
                ({ frameId, key }) => `${frameId} ${key}`,
                (picture) => drawPicture(picture, language, acts),
            )}
        </ul>
    `;
}

/** @param {PopupState} state @param {PopupActs} acts */
const drawFilters = ({ language, typed, side, isOnlyMissing }, { draw }) => html`
    <div class="filters">
        <label>
            ${say(language, "popup_filter")}
            <input
                type="text"
                data-do="filter"
                .value=${typed}
                @input=${(/** @type {any} */ { target }) => draw({ typed: target.value })}
            />
        </label>
        <label>
            ${say(language, "popup_size")}
            <input
                type="number"
                data-do="side"
                min="0"
                step="16"
                .value=${String(side)}
                @input=${(/** @type {any} */ { target }) => draw({ side: Math.max(0, Number(target.value) || 0) })}
            />
        </label>
        <label class="check">
            <input
                type="checkbox"
                data-do="only-missing"
                .checked=${isOnlyMissing}
                @change=${(/** @type {any} */ { target }) => draw({ isOnlyMissing: target.checked })}
            />
            ${say(language, "popup_no_alt")}
        </label>
    </div>
`;

/** @param {FramePicture} picture @param {Language} language @param {PopupActs} acts */
function drawPicture(picture, language, acts) {
    const { address, alt, lacksAlt, report, failure, kind } = picture;
    const text =
        alt === null
            ? say(language, "popup_alt_none")
            : alt === ""
              ? say(language, "popup_alt_empty")
              : say(language, "popup_alt", { alt });
    const suggestion = lacksAlt ? acts.suggestion(picture) : "";
    const isShowable = /^(https?|data):/.test(address) && kind !== "canvas";
    return html`
        <li>
            <div class="small">
                ${isShowable ? html`<img src=${address} alt="" loading="lazy" referrerpolicy="no-referrer" />` : nothing}
            </div>
            <div class="words">
                ${report ? drawTags(report.tags, language) : html`<p class="dim">${failure ? failure.title : say(language, "popup_waiting")}</p>`}
                ${failure ? html`<p class="dim">${failure.remedy}</p>` : nothing}
                <p class="dim">${text}</p>
                ${suggestion ? html`<p>${say(language, "suggested_alt")}: <q>${suggestion}</q></p>` : nothing}
                <div class="buttons">
                    <button class="little" data-do="show" @click=${() => acts.show(picture)}>${say(language, "popup_show")}</button>
                    ${
                        suggestion
                            ? html`<button class="little" data-do="copy-html" @click=${() => acts.copyHtml(picture)}>
                                  ${say(language, "copy_html")}
                              </button>`
                            : nothing
                    }
                </div>
            </div>
        </li>
    `;
}

/** @param {readonly {name: string, confidence: number}[]} tags @param {Language} language */
const drawTags = (tags, language) =>
    tags.length === 0
        ? html`<p class="dim">${say(language, "no_tags")}</p>`
        : html`<p class="tags">
              ${tags.map(({ name, confidence }) => html`<span class="tag">${name} <span class="dim">${percent(language, confidence)}</span></span>`)}
          </p>`;
