/** The options page: everything is kept as soon as it is chosen. */
import { html, nothing, render } from "../../vendor/view.js";
import { browser } from "./browser.js";
import { drawModel, followModels } from "./options_model.js";
import { PRESETS } from "./presets.js";
import { MOST_TAGS, changeSettings, languageOf, loadSettings } from "./settings.js";
import { LANGUAGES, say } from "./words.js";

let settings = await loadSettings();
let said = "";
const keys = await browser.commands.getAll();
/** @type {string[]} */
let sites = [];

/** @param {Partial<typeof settings>} changed */
async function change(changed) {
    settings = await changeSettings(changed);
    saySaved();
}

function saySaved() {
    said = say(languageOf(settings), "options_saved");
    draw();
}

async function readSites() {
    const { origins = [] } = await browser.permissions.getAll();
    sites = origins.filter((origin) => /^https?:/.test(origin)).sort();
    draw();
}

/** @param {string} origin */
const revoke = (origin) => browser.permissions.remove({ origins: [origin] });

/** @param {import("./words.js").WordKey} key @param {Record<string, string>} [params] */
const t = (key, params) => say(languageOf(settings), key, params);

/** @param {Event} event */
const chosenIn = ({ target }) => /** @type {HTMLInputElement} */ (target).value;
const isOne = (/** @type {string} */ text) => (/** @type {string} */ one) => one === text;

function draw() {
    document.documentElement.lang = languageOf(settings);
    document.title = t("options_title");
    render(
        html`
            <main>
                <h1>${document.title}</h1>
                ${drawTagging()} ${drawLanguage()}
                ${drawModel(languageOf(settings), draw, saySaved)} ${drawKeys()} ${drawSites()}
                <p role="status" class="said">${said}</p>
            </main>
        `,
        document.body,
    );
}

const drawTagging = () => html`
    <section>
        <h2>${t("options_tags")}</h2>
        <label>
            ${t("options_preset")}
            <select
                data-do="preset"
                @change=${(/** @type {Event} */ event) => change({ preset: PRESETS.find(isOne(chosenIn(event))) ?? "balanced" })}
            >
                ${PRESETS.map((one) => html`<option value=${one} ?selected=${one === settings.preset}>${t(`preset_${one}`)}</option>`)}
            </select>
        </label>
        ${
            settings.preset === "own"
                ? html`<label>
                      ${t("options_threshold")}
                      <input
                          type="number"
                          data-do="threshold"
                          min="1"
                          max="100"
                          .value=${String(Math.round(settings.threshold * 100))}
                          @change=${(/** @type {Event} */ event) =>
                              change({ threshold: Math.min(100, Math.max(1, Number(chosenIn(event)) || 1)) / 100 })}
                      />
                  </label>`
                : nothing
        }
        <label>
            ${t("options_most")}
            <input
                type="number"
                data-do="most"
                min="1"
                max=${MOST_TAGS}
                placeholder=${t("options_most_model")}
                .value=${String(settings.maxTags ?? "")}
                @change=${(/** @type {Event} */ event) => {
                    const n = Math.round(Number(chosenIn(event)));
                    return change({ maxTags: n >= 1 ? Math.min(n, MOST_TAGS) : null });
                }}
            />
        </label>
    </section>
`;

const drawLanguage = () => html`
    <section>
        <h2>${t("options_language")}</h2>
        <label>
            ${t("options_language")}
            <select
                data-do="language"
                @change=${(/** @type {Event} */ event) => change({ language: LANGUAGES.find(isOne(chosenIn(event))) ?? null })}
            >
                <option value="" ?selected=${settings.language === null}>${t("options_language_browser")}</option>
                ${LANGUAGES.map(
                    (one) =>
                        html`<option value=${one} lang=${one} ?selected=${one === settings.language}>${say(one, "options_this_language")}</option>`,
                )}
            </select>
        </label>
    </section>
`;

const drawKeys = () => html`
    <section>
        <h2>${t("options_shortcuts")}</h2>
        <dl>
            ${keys
                .filter(({ description }) => description)
                .map(
                    ({ description, shortcut }) =>
                        html`<dt>${description}</dt><dd><kbd>${shortcut || t("options_no_shortcut")}</kbd></dd>`,
                )}
        </dl>
        <button data-do="shortcuts" @click=${openShortcuts}>${t("options_change_shortcuts")}</button>
    </section>
`;

/** Each browser has its own page for them. */
async function openShortcuts() {
    if (browser.commands.openShortcutSettings) return browser.commands.openShortcutSettings();
    await browser.tabs.create({ url: "chrome://extensions/shortcuts" });
}

const drawSites = () => html`
    <section>
        <h2>${t("options_sites")}</h2>
        ${sites.length === 0 ? html`<p class="dim">${t("options_no_sites")}</p>` : nothing}
        <ul>
            ${sites.map((origin) => {
                const host = origin.replace(/\/\*$/, "");
                return html`<li>
                    <span>${host}</span>
                    <button data-do="revoke" aria-label=${t("options_revoke_of", { host })} @click=${() => revoke(origin)}>
                        ${t("options_revoke")}
                    </button>
                </li>`;
            })}
        </ul>
    </section>
`;

// Here, in another page of options, or in the browser's own.
for (const changed of [browser.permissions.onAdded, browser.permissions.onRemoved])
    changed.addListener(() => void readSites());
await Promise.all([readSites(), followModels(draw)]);
