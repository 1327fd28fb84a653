/**
 * A field of a set-up: its control, what it is for, and at which level it is set. A field that is set elsewhere shows the value that holds,
 * and says where it comes from; one that is set here can follow again. "Here" is the level of the dialog, or another place's, as a job's own.
 * @import { LevelName, Provider, ProviderValues } from "../app/provider_state.js"
 * @import { MessageKey } from "../i18n/en.js"
 * @import { TemplateResult } from "../vendor/view.js"
 *
 * `name`: as `effective` of provider_profiles.js has it. `other`: what another place calls it, where people come from there.
 * @typedef {{
 *   name: string, label: MessageKey, why?: MessageKey, other?: MessageKey,
 *   kind: "text" | "long" | "number" | "check" | "select", options?: readonly (readonly [string, string])[], hints?: readonly string[],
 *   range?: readonly [least: number, most: number, step: number], isNullable?: boolean,
 *   read?: (value: unknown) => string, write?: (text: string) => unknown }} FieldShape
 * Where fields are set. @typedef {{level: LevelName, set: (news: ProviderValues) => unknown}} Place
 */
import { actions } from "../app/provider_actions.js";
import { providerLevel } from "../app/provider_state.js";
import { html, live, nothing } from "../vendor/view.js";
import { t } from "./text.js";
import { unlessTyped } from "./unless_typed.js";

/** Where a value comes from, in words. @type {Record<LevelName, MessageKey>} */
export const FROM = {
    default: "provider_from_default",
    everywhere: "provider_from_everywhere",
    collection: "provider_from_collection",
    job: "provider_from_job",
};

/** @param {Provider} provider @param {FieldShape} field @param {Readonly<Record<string, {value: unknown, from: LevelName}>>} all what holds @param {Place} [place] */
export function providerField(provider, field, all, place = atLevel(provider)) {
    const { name, label, why, other, kind } = field;
    const { value = null, from = "default" } = all[name] ?? {};
    const id = `provider-${name.replaceAll(".", "-")}`;
    const described = [why && `${id}-why`, `${id}-from`].filter(Boolean).join(" ");
    const set = (/** @type {unknown} */ next) => place.set(newsOf(name, next));
    const control = { text, long, number, check, select }[kind](field, { id, value, described, set });
    return html`<div class="provider-field is-${kind}" data-field=${name} data-from=${from}>
        <label for=${id}>${t(label)}${other ? html` <small>${t(other)}</small>` : nothing}</label>
        ${control} ${why ? html`<p class="provider-why" id=${`${id}-why`}>${t(why)}</p>` : nothing}
        ${origin(id, from, place.level, () => set(undefined))}
    </div>`;
}

/** The level that the dialog is at. @param {Provider} provider @returns {Place} */
const atLevel = ({ id }) => ({ level: providerLevel.value, set: (news) => actions.setProvider(id, news) });

/** What a field that is set at a level can go back to. @type {Record<LevelName, MessageKey>} */
const FOLLOW = {
    default: "provider_to_default",
    everywhere: "provider_to_default",
    collection: "provider_follow",
    job: "provider_follow_set",
};

/** @param {string} id @param {LevelName} from @param {LevelName} here @param {() => void} follow */
function origin(id, from, here, follow) {
    const isHere = from === here;
    const button = html`<button class="tag-reset" type="button" data-do="follow-level" @click=${follow}>
        ${t(FOLLOW[from])}
    </button>`;
    return html`<p class="provider-from" id=${`${id}-from`}>${t(FROM[from])} ${isHere ? button : nothing}</p>`;
}

/** @param {string} name @param {unknown} value @returns {ProviderValues} */
function newsOf(name, value) {
    const [first, ...rest] = name.split(".");
    return first === "setup"
        ? { setup: { [rest.join(".")]: value } }
        : /** @type {ProviderValues} */ ({ [name]: value });
}

/** @typedef {{id: string, value: unknown, described: string, set: (value: unknown) => void}} Control */
/** @param {Event} event */
const inputOf = ({ currentTarget }) => /** @type {HTMLInputElement} */ (currentTarget);

/** @param {FieldShape} field @param {unknown} value */
const shown = ({ read }, value) => (read ? read(value) : value === null || value === undefined ? "" : String(value));

/** An empty field means none where there may be none. @param {FieldShape} field @param {string} typed */
function meant({ isNullable, write }, typed) {
    const trimmed = typed.trim();
    return isNullable && trimmed === "" ? null : write ? write(trimmed) : trimmed;
}

/** @param {FieldShape} field @param {Control} control @returns {TemplateResult} */
function text(field, { id, value, described, set }) {
    const { hints = [] } = field;
    return html`<input
            class="field"
            type="text"
            id=${id}
            list=${hints.length > 0 ? `${id}-hints` : nothing}
            maxlength="4000"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-describedby=${described}
            .value=${unlessTyped(shown(field, value))}
            @change=${(/** @type {Event} */ event) => set(meant(field, inputOf(event).value))}
        />${hints.length > 0 ? html`<datalist id=${`${id}-hints`}>${hints.map((hint) => html`<option value=${hint}></option>`)}</datalist>` : nothing}`;
}

/** @param {FieldShape} field @param {Control} control */
const long = (field, { id, value, described, set }) => html`<textarea
    class="field"
    id=${id}
    rows="4"
    maxlength="20000"
    autocomplete="off"
    autocapitalize="off"
    spellcheck="false"
    aria-describedby=${described}
    .value=${unlessTyped(shown(field, value))}
    @change=${(/** @type {Event} */ event) => set(meant(field, inputOf(event).value))}
></textarea>`;

/** What is beyond the range becomes its end. @param {FieldShape} field @param {Control} control */
function number({ range = [0, 1, 1] }, { id, value, described, set }) {
    const [least, most, step] = range;
    const change = (/** @type {Event} */ event) => {
        const wanted = Math.min(most, Math.max(least, inputOf(event).valueAsNumber));
        set(Number.isNaN(wanted) ? undefined : wanted);
    };
    return html`<input
        class="field"
        type="number"
        inputmode="decimal"
        id=${id}
        min=${least}
        max=${most}
        step=${step}
        aria-describedby=${described}
        .value=${unlessTyped(String(value ?? ""))}
        @change=${change}
    />`;
}

/** @param {FieldShape} _field @param {Control} control */
const check = (_field, { id, value, described, set }) => html`<input
    type="checkbox"
    role="switch"
    class="switch"
    id=${id}
    aria-describedby=${described}
    .checked=${live(value === true)}
    @change=${(/** @type {Event} */ event) => set(inputOf(event).checked)}
/>`;

/** A value that none of the options has is one more: it may come from a file. @param {FieldShape} field @param {Control} control */
function select(field, { id, value, described, set }) {
    const { options = [] } = field;
    const now = shown(field, value);
    const all = options.some(([known]) => known === now) ? options : [...options, /** @type {const} */ ([now, now])];
    return html`<select class="field" id=${id} aria-describedby=${described} @change=${(/** @type {Event} */ event) => set(meant(field, inputOf(event).value))}>
        ${all.map(([known, words]) => html`<option value=${known} .selected=${known === now}>${words}</option>`)}
    </select>`;
}
