/**
 * The question how a model's pixels are prepared, where nothing tells: the tags of one picture with each plausible way, of which people
 * press the one that is right.
 * @import { PixelValues } from "../core/engine_api.d.ts"
 * @import { CustomModel } from "../app/state.js"
 */
import { actions } from "../app/dialog_actions.js";
import { html, nothing } from "../vendor/view.js";
import { openInput } from "./model_inputs.js";
import { t } from "./text.js";

/** @param {CustomModel} customModel */
export function preparations({ comparison, draft, choices, presets }) {
    if (!draft || draft.candidates.length === 0) return nothing;
    if (!comparison)
        return html`<section class="model-preparations"><h4>${t("own_which")}</h4><p class="models-small">${t("own_which_labels")}</p></section>`;
    const { picture, url, lists } = comparison;
    const nDone = lists.filter((list) => list !== null).length;
    const choose = (/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        const [file] = input.files ?? [];
        if (file) actions.compareOn(file);
        input.value = "";
    };
    /** @param {PixelValues} one */
    const isChosen = ({ colour, mean, std }) =>
        choices?.preparation === "confirmed" &&
        JSON.stringify([choices.colour, choices.mean, choices.std]) === JSON.stringify([colour, mean, std]);
    return html`<section class="model-preparations" aria-busy=${nDone < lists.length}>
        <h4>${t("own_which")}</h4>
        <p class="models-small">${t("own_which_how")}</p>
        <div class="model-sample">
            <img src=${url} alt=${picture.name} />
            <button class="button" type="button" data-do="compare-on" @click=${openInput}>${t("own_which_picture")}</button>
            <input type="file" data-input="compare" accept="image/*" hidden @change=${choose} />
        </div>
        ${nDone < lists.length ? html`<p class="models-small" role="status">${t("own_which_progress", { n: nDone, of: lists.length })}</p>` : nothing}
        <ul>
            ${draft.candidates.map((candidate, idx) => {
                const list = lists[idx];
                return html`<li>
                    <button
                        type="button"
                        data-do="choose-preparation"
                        data-candidate=${idx}
                        aria-pressed=${isChosen(candidate)}
                        ?disabled=${!list || list.length === 0}
                        @click=${() => actions.choosePreparation(idx)}
                    >
                        <span>${nameOf(candidate, presets)}</span>
                        ${
                            list === null || list === undefined
                                ? html`<small>…</small>`
                                : list.length === 0
                                  ? html`<small>${t("own_which_fails")}</small>`
                                  : list.map((name) => html`<strong>${name}</strong>`)
                        }
                    </button>
                </li>`;
            })}
        </ul>
    </section>`;
}

/** "RGB, 0 to 1". @param {PixelValues} values @param {CustomModel["presets"]} presets */
function nameOf({ colour, mean, std }, presets) {
    const found = presets.find((one) => one.mean.join() === mean.join() && one.std.join() === std.join());
    const id = /** @type {"own_preset_own"} */ (`own_preset_${found?.id ?? "own"}`);
    return `${t(`own_colour_${colour}`)}, ${t(id)}`;
}
