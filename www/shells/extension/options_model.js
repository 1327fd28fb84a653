/**
 * The model in the options: which ones there are, what each is, and the choice. One that does not start is not chosen.
 * @import { StoredModel } from "../../platform/platform.d.ts"
 * @import { Language } from "./messages.js"
 * @typedef {{key: string | null, failure: import("./messages.js").Told | null}} Trying
 */
import { html, nothing } from "../../vendor/view.js";
import { chooseModel, chosenModel, keptModels, onModelChosen } from "./chosen_model.js";
import { askBackground } from "./messages.js";
import { packageFiles } from "./package_files.js";
import { TaggerError, TaggerPort } from "./tagger_port.js";
import { say, sayFailure } from "./words.js";

const tagger = new TaggerPort();

/** @type {StoredModel[]} that of the package first */
let models = [];
/** Of that of the package, whose files are at hand. */
let bundled = { version: "", nTags: 0 };
/** What is tried, or could not be started. @type {Trying | null} */
let trying = null;

/** @param {() => void} draw */
export async function followModels(draw) {
    const read = async () => {
        const kept = keptModels();
        models = [await kept.bundled(), ...(await kept.list().catch(() => []))]; // the library says why it has none
        draw();
    };
    const { card, vocabulary } = packageFiles();
    const [{ version }, { tags }] = await Promise.all([card, vocabulary].map(async (url) => (await fetch(url)).json()));
    bundled = { version, nTags: tags.length };
    onModelChosen(() => void read());
    addEventListener("focus", () => void read()); // one may have been added in the library
    await read();
}

/** @param {string | null} key @param {{language: Language, draw: () => void, onChosen: () => void}} how */
async function choose(key, { language, draw, onChosen }) {
    if (trying && !trying.failure) return; // one at a time
    trying = { key, failure: null };
    draw();
    try {
        await tagger.tryModel(key, language);
        chooseModel(key);
        trying = null;
        onChosen();
    } catch (error) {
        trying = { key, failure: error instanceof TaggerError ? error.told : sayFailure(language, "no_answer") };
        draw();
    }
}

/** @param {Language} language @param {() => void} draw @param {() => void} onChosen */
export function drawModel(language, draw, onChosen) {
    const chosen = chosenModel();
    const isTrying = trying !== null && trying.failure === null;
    const shown = isTrying ? trying?.key : chosen;
    const model = models.find(({ key }) => key === (chosen ?? ""));
    return html`
        <section>
            <h2>${say(language, "options_model")}</h2>
            <label>
                ${say(language, "options_model")}
                <select
                    data-do="model"
                    ?disabled=${isTrying}
                    @change=${(/** @type {any} */ { target }) => choose(target.value || null, { language, draw, onChosen })}
                >
                    ${models.map(({ key, name }) => html`<option value=${key} .selected=${key === (shown ?? "")}>${name}</option>`)}
                </select>
            </label>
            <div role="status" class="dim">${isTrying ? say(language, "options_model_starting") : nothing}</div>
            ${
                trying?.failure
                    ? html`<div role="alert"><p>${trying.failure.title}</p><p>${trying.failure.remedy}</p></div>`
                    : nothing
            }
            ${model ? drawFacts(model, language) : nothing}
            <p class="dim">${say(language, "options_model_library")}</p>
            <button data-do="library" @click=${() => askBackground({ type: "open_library" })}>${say(language, "open_library")}</button>
        </section>
    `;
}

/** @param {StoredModel} model @param {Language} language */
function drawFacts({ key, name, bytes, licence, sha256 }, language) {
    const megabytes = new Intl.NumberFormat(language, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
    const facts = [
        megabytes.format(bytes / 1e6),
        ...(key === "" ? [say(language, "options_model_tags", { n: bundled.nTags })] : []),
        ...(licence && licence !== "NOASSERTION" ? [licence] : []),
    ];
    return html`
        <p>
            ${key === "" ? html`${say(language, "options_model_text", { name, version: bundled.version })}<br />` : nothing}
            ${facts.join(" · ")}<br />
            <span class="dim">SHA-256 <code>${sha256}</code></span>
        </p>
    `;
}
