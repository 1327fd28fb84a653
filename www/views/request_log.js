/**
 * The request log: every request with a picture or a key that has left this device for a provider, when, where to, how much, and what came of
 * it; and what this month came to.
 * @import { RequestRow, RequestTotals } from "../db/protocol.js"
 * @import { MessageKey } from "../i18n/en.js"
 */
import { actions } from "../app/provider_actions.js";
import { providerNamed } from "../app/provider_profiles.js";
import { keptProviders, monthTotals, requestLog } from "../app/provider_state.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { factsCells, factsTable } from "./facts_table.js";
import { fileSize, momentText, t } from "./text.js";
import { previousIcon } from "./work_icons.js";

export function requestLogView() {
    const log = requestLog.value;
    return html`<div class="request-log">
        <button class="button provider-back" type="button" data-do="back-to-providers" @click=${() => actions.showProviders()}>
            ${previousIcon()}<span>${t("providers_all")}</span>
        </button>
        <h3 tabindex="-1">${t("request_log")}</h3>
        <p class="provider-why">${t("request_log_what")}</p>
        ${totals(monthTotals.value ?? [])}
        ${log && log.rows.length === 0 ? html`<p role="status">${t("request_none")}</p>` : nothing}
        ${log && log.rows.length > 0 ? table(log.rows) : nothing}
        ${
            log && !log.isAll
                ? html`<p class="provider-buttons"><button class="button" type="button" data-do="more-requests" @click=${() => void actions.moreRequests()}>${t("request_more")}</button></p>`
                : nothing
        }
    </div>`;
}

/** @param {string} id */
const nameOf = (id) => providerNamed(keptProviders.value, id)?.name ?? id;

/** @param {readonly RequestTotals[]} all */
const totals = (all) =>
    all.length === 0
        ? nothing
        : html`<section aria-label=${t("request_month")}>
              <h4>${t("request_month")}</h4>
              <ul class="request-totals">
                  ${all.map(
                      ({
                          provider,
                          n_requests: n,
                          n_units: units,
                          n_maybe: maybe,
                          n_bytes: bytes,
                      }) => html`<li data-total=${provider}>
                          <strong><bdi>${nameOf(provider)}</bdi></strong>
                          <span>${t("request_n", { n })} · ${t("request_units", { n: units })} · ${fileSize(bytes)}</span>
                          ${maybe > 0 ? html`<span class="provider-warning">${t("request_maybe", { n: maybe })}</span>` : nothing}
                      </li>`,
                  )}
              </ul>
          </section>`;

const columns = () => [
    { words: t("request_when") },
    { words: t("request_where") },
    { words: t("request_pictures"), isNumber: true },
    { words: t("request_bytes"), isNumber: true },
    { words: t("request_units_head"), isNumber: true },
    { words: t("request_result") },
];

/** @param {readonly RequestRow[]} rows */
function table(rows) {
    const all = columns();
    const of = (/** @type {RequestRow} */ one) => row(one, all);
    return factsTable({ name: t("request_log"), columns: all, rows: repeat(rows, ({ id }) => id, of) });
}

/** @param {RequestRow} request @param {ReturnType<typeof columns>} all */
function row(request, all) {
    const { id, provider, host, purpose, outcome, status, detail } = request;
    const {
        n_pictures: n,
        n_bytes: bytes,
        n_units: units,
        n_maybe: maybe,
        sent_ms: sentMs,
        ended_ms: endedMs,
    } = request;
    const facts = [
        ...(status ? [String(status)] : []),
        ...(endedMs === null ? [] : [t("milliseconds", { ms: endedMs - sentMs })]),
    ];
    const result = outcome === null ? "request_open" : `request_${outcome}`;
    return html`<tr role="row" data-request=${id} data-outcome=${outcome ?? "open"}>
        ${factsCells(all, [
            momentText(sentMs),
            html`<bdi>${nameOf(provider)}</bdi> <small><bdi>${host}</bdi></small> ${purpose === "tag" ? nothing : html`<small>${t(`request_purpose_${purpose}`)}</small>`}`,
            n,
            fileSize(bytes),
            maybe > 0 ? t("request_units_maybe", { n: units }) : units,
            html`${t(/** @type {MessageKey} */ (result))} <small>${facts.join(" · ")}</small> ${detail ? html`<small data-detail><bdi>${detail}</bdi></small>` : nothing}`,
        ])}
    </tr>`;
}
