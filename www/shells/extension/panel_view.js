/**
 * What the panel shows: a function of its state.
 * @import { ReportTag, Told } from "./messages.js"
 * @import { PanelState } from "./panel.js"
 *
 * @typedef {{
 *   close: () => void, tag: () => unknown, copyAll: () => unknown, copyHtml: () => unknown, toggleWrong: (id: string) => unknown,
 *   allow: () => unknown, add: () => unknown, undoAdding: () => unknown, openLibrary: () => unknown }} PanelActs
 */
import { html, nothing, repeat } from "../../vendor/view.js";
import { languageOf } from "./settings.js";
import { percent, say } from "./words.js";

/** @param {PanelState} state @param {PanelActs} acts */
export function drawPanel(state, acts) {
    const language = languageOf(state.settings);
    const isBusy = !state.report && !state.failure;
    return html`
        <div class="panel" role="dialog" aria-labelledby="heading" aria-busy=${isBusy} lang=${language}>
            <header>
                <h2 id="heading" tabindex="-1">${say(language, "panel")}</h2>
                <button class="close" data-do="close" aria-label=${say(language, "close")} @click=${acts.close}>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" /></svg>
                </button>
            </header>
            <div role="status" class="working">
                ${isBusy ? html`<p>${say(language, state.isSlow ? "starting" : "working")}</p>` : nothing}
            </div>
            ${state.failure ? drawFailure(state.failure, language, acts) : nothing}
            ${state.report ? drawTags(state, state.report.tags, acts) : nothing}
            <p role="status" class="said">${state.said}</p>
        </div>
    `;
}

/** @param {Told} failure @param {import("./messages.js").Language} language @param {PanelActs} acts */
const drawFailure = ({ title, remedy, origin }, language, { allow, tag }) => html`
    <div role="alert" class="failure">
        <p class="title">${title}</p>
        <p>${remedy}</p>
    </div>
    <div class="buttons">
        ${
            origin
                ? html`<button class="main" data-do="allow" @click=${allow}>
                      ${say(language, "allow_host", { host: new URL(origin).host })}
                  </button>`
                : nothing
        }
        <button data-do="again" @click=${tag}>${say(language, "try_again")}</button>
    </div>
`;

/** @param {PanelState} state @param {readonly ReportTag[]} tags @param {PanelActs} acts */
function drawTags(state, tags, acts) {
    const language = languageOf(state.settings);
    if (tags.length === 0) return html`<p>${say(language, "no_tags")}</p>`;
    return html`
        <ul>
            ${repeat(
                tags,
                ({ id }) => id,
                (tag) => drawTag(tag, { language, isWrong: state.wrong.has(tag.id), acts }),
            )}
        </ul>
        ${
            state.alt
                ? html`<div class="alt">
                      <p class="dim">${say(language, "suggested_alt")}</p>
                      <p>${state.alt}</p>
                      <button data-do="copy-html" @click=${acts.copyHtml}>${say(language, "copy_html")}</button>
                  </div>`
                : nothing
        }
        <div class="buttons">
            <button class="main" data-do="copy" @click=${acts.copyAll}>${say(language, "copy_all")}</button>
            ${
                state.entry === null
                    ? html`<button data-do="add" aria-disabled=${state.isAdding} @click=${acts.add}>
                          ${say(language, "add")}
                      </button>`
                    : html`<button data-do="undo" @click=${acts.undoAdding}>${say(language, "undo")}</button>
                          <button data-do="library" @click=${acts.openLibrary}>${say(language, "open_library")}</button>`
            }
        </div>
    `;
}

/** @param {ReportTag} tag @param {{language: import("./messages.js").Language, isWrong: boolean, acts: PanelActs}} how */
const drawTag = ({ id, name, confidence }, { language, isWrong, acts }) => html`
    <li class=${isWrong ? "is-wrong" : ""} data-tag=${id}>
        <span class="name">${name}</span>
        <span class="sure">${percent(language, confidence)}</span>
        <button
            class="small"
            data-do="wrong"
            aria-pressed=${isWrong}
            aria-label=${say(language, "wrong_of", { name })}
            @click=${() => acts.toggleWrong(id)}
        >
            ${say(language, isWrong ? "undo" : "wrong")}
        </button>
    </li>
`;
