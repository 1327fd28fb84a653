/**
 * When a tagger trains by itself: once a week, after so many newly tagged pictures, and once at a moment.
 * @import { OwnSettings } from "../app/own_state.js"
 * @import { OwnTagger } from "../db/own_protocol.js"
 */
import { actions } from "../app/own_actions.js";
import { WEEKLY, ownSettingsOf } from "../app/own/settings.js";
import { schedule } from "../app/own_state.js";
import { language } from "../app/state.js";
import { html, live, nothing } from "../vendor/view.js";
import { localForm } from "./local_form.js";
import { ownSmartTags } from "./own_as_added.js";
import { momentText, t } from "./text.js";

const USUAL_N = 50;
const MOST_N = 100_000;

/** @param {OwnTagger} tagger */
export function ownWhen({ id, settings: kept }) {
    const settings = ownSettingsOf(kept);
    const set = (/** @type {Partial<OwnSettings>} */ news) => void actions.changeOwnTagger(id, { settings: news });
    const { weekly, after_n: afterN } = settings;
    return localForm(html`<section class="own-section" data-section="when">
        <h4>${t("taught_when")}</h4>
        <p class="own-why">${t("taught_when_why")}</p>
        ${ownSmartTags(settings.collections)}
        ${toggle("own-weekly", t("taught_weekly"), weekly !== null, (isOn) => set({ weekly: isOn ? WEEKLY : null }))}
        ${weekly ? moment(weekly, set) : nothing}
        ${toggle("own-after-n", t("taught_after_n"), afterN !== null, (isOn) => set({ after_n: isOn ? USUAL_N : null }))}
        ${afterN === null ? nothing : number(afterN, set)} ${once(settings.once_ms ?? null, set)} ${next(id)}
    </section>`);
}

/** @param {string} id @param {string} words @param {boolean} isOn @param {(isOn: boolean) => void} act */
const toggle = (id, words, isOn, act) => html`<div class="own-switch">
    <label for=${id}>${words}</label>
    <input
        type="checkbox"
        role="switch"
        class="switch"
        id=${id}
        .checked=${live(isOn)}
        @change=${(/** @type {Event} */ { currentTarget }) => act(/** @type {HTMLInputElement} */ (currentTarget).checked)}
    />
</div>`;

/** A day as people call it. @param {number} day 0 is Sunday */
const dayName = (day) =>
    new Intl.DateTimeFormat(language.value, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2023, 0, 1 + day));

/** @param {number} minute */
const clock = (minute) => [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");

/** @param {NonNullable<OwnSettings["weekly"]>} weekly @param {(news: Partial<OwnSettings>) => void} set */
function moment(weekly, set) {
    const ofDay = (/** @type {Event} */ { currentTarget }) =>
        set({ weekly: { ...weekly, day: Number(/** @type {HTMLSelectElement} */ (currentTarget).value) } });
    const ofTime = (/** @type {Event} */ { currentTarget }) => {
        const [hours = Number.NaN, minutes = Number.NaN] = /** @type {HTMLInputElement} */ (currentTarget).value
            .split(":")
            .map(Number);
        const minute = hours * 60 + minutes;
        if (Number.isInteger(minute)) set({ weekly: { ...weekly, minute } });
    };
    return html`<div class="own-form">
        <label for="own-day">${t("taught_weekly_day")}</label>
        <select class="field" id="own-day" @change=${ofDay}>
            ${[1, 2, 3, 4, 5, 6, 0].map((day) => html`<option value=${day} .selected=${day === weekly.day}>${dayName(day)}</option>`)}
        </select>
        <label for="own-time">${t("taught_weekly_time")}</label>
        <input class="field" type="time" id="own-time" .value=${live(clock(weekly.minute))} @change=${ofTime} />
    </div>`;
}

/** @param {number} n @param {(news: Partial<OwnSettings>) => void} set */
function number(n, set) {
    const change = (/** @type {Event} */ { currentTarget }) => {
        const input = /** @type {HTMLInputElement} */ (currentTarget);
        const wanted = Math.round(input.valueAsNumber);
        const held = Number.isNaN(wanted) ? n : Math.min(MOST_N, Math.max(1, wanted));
        input.value = String(held);
        if (held !== n) set({ after_n: held });
    };
    return html`<div class="own-form">
        <label for="own-n">${t("taught_after_n_count")}</label>
        <input class="field" type="number" id="own-n" inputmode="numeric" min="1" max=${MOST_N} .value=${live(String(n))} @change=${change} />
    </div>`;
}

/**
 * One training with its report, at a moment; one that has passed is no more to be seen.
 * @param {number | null} onceMs @param {(news: Partial<OwnSettings>) => void} set
 */
function once(onceMs, set) {
    const change = (/** @type {Event} */ { currentTarget }) => {
        const ms = new Date(/** @type {HTMLInputElement} */ (currentTarget).value).getTime(); // without a zone: by the clock here
        set({ once_ms: ms > Date.now() ? ms : null });
    };
    const isComing = onceMs !== null && onceMs > Date.now();
    return html`<div class="own-form">
        <label for="own-once">${t("taught_once")}</label>
        <input class="field" type="datetime-local" id="own-once" aria-describedby="own-once-why" .value=${live(isComing ? localMoment(onceMs) : "")} @change=${change} />
        <p class="own-why" id="own-once-why">${t("taught_once_why")}</p>
    </div>`;
}

/** As such a field has it. @param {number} ms */
function localMoment(ms) {
    const at = new Date(ms);
    const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** @param {string} id */
function next(id) {
    const known = schedule.value.get(id);
    if (!known) return nothing;
    const { next_ms: nextMs, why, nNew } = known;
    const parts = [
        ...(why ? [t("taught_due")] : nextMs === null ? [] : [t("taught_next", { moment: momentText(nextMs) })]),
        ...(nNew > 0 ? [t("taught_n_new", { n: nNew })] : []),
    ];
    return parts.length === 0 ? nothing : html`<p class="own-why" role="status">${parts.join(" ")}</p>`;
}
