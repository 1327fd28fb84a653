/** The self-test: each sample picture in each build of the engine, what was expected and what was found. It begins with the dialog. */
import { actions } from "../app/dialog_actions.js";
import { verdict } from "../app/self_test.js";
import { selfTest } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { closeIcon, warningIcon } from "./icons.js";
import { rounded, t, errorText } from "./text.js";
import { acceptIcon } from "./work_icons.js";

/** @typedef {import("../app/self_test.js").Row} Row */
/** @typedef {import("../app/state.js").SelfTest} SelfTest */

/** @type {import("./dialog.js").DialogView} */
export const selfTestDialog = {
    title: "self_test",
    body: selfTestBody,
    isWide: true,
    onOpen: () => void actions.startSelfTest(),
    onClose: () => actions.stopSelfTest(),
};

function selfTestBody() {
    const test = selfTest.value;
    if (!test) return html`${nothing}`;
    return html`<div class="self-test" data-status=${test.status}>
        ${test.status === "running" ? progress(test) : result(test)} ${test.rows.length > 0 ? table(test.rows) : nothing}
        ${test.skipped.map(
            ({
                variant,
                failure,
            }) => html`<p class="self-test-skipped" data-code=${failure.code} title=${failure.detail}>
                ${t("self_test_skipped", { variant, reason: errorText(failure).title })}
            </p>`,
        )}
        ${test.status === "done" ? actionButtons(test) : nothing}
    </div>`;
}

/** @param {SelfTest} test */
function progress({ done, n }) {
    return html`<p role="status">${n === 0 ? t("self_test_starting") : t("self_test_running", { done, n })}</p>
        <progress aria-label=${t("self_test")} max=${Math.max(1, n)} .value=${done}></progress>`;
}

/** @param {SelfTest} test */
function result({ rows, skipped, inUse, error }) {
    if (error || !inUse) {
        const { title, remedy } = errorText(error ?? undefined);
        return verdictText("error", html`<strong>${title}</strong> ${remedy}`, error?.code);
    }
    const outcome = verdict({ rows, skipped, inUse });
    if (outcome === "same") return verdictText(outcome, html`<strong>${t("self_test_same")}</strong>`);
    if (outcome === "same_in_use") return verdictText(outcome, html`<strong>${t("self_test_same_in_use")}</strong>`);
    const n = rows.filter(({ holds }) => !holds).length;
    return verdictText(
        outcome,
        html`<strong>${n > 0 ? t("self_test_other", { n }) : t("self_test_no_answers")}</strong>`,
    );
}

/** @param {string} name @param {import("../vendor/view.js").TemplateResult} words @param {string} [code] */
function verdictText(name, words, code) {
    const isGood = name.startsWith("same");
    return html`<div class="self-test-verdict ${isGood ? "is-good" : ""}" role="status" data-verdict=${name} data-code=${code ?? nothing}>
        ${isGood ? acceptIcon() : warningIcon()}
        <p>${words}</p>
    </div>`;
}

/** @param {readonly Row[]} rows */
function table(rows) {
    const heads = /** @type {const} */ (["engine", "expected", "found", "difference", "time"]);
    return html`<div class="self-test-table" tabindex="0" role="region" aria-label=${t("self_test")}>
        <table>
            <thead>
                <tr>
                    <th scope="col" colspan="2">${t("self_test_picture")}</th>
                    ${heads.map((head) => html`<th scope="col">${t(`self_test_${head}`)}</th>`)}
                </tr>
            </thead>
            <tbody>${rows.map(tableRow)}</tbody>
        </table>
    </div>`;
}

/** @param {Row} row */
function tableRow({
    picture,
    variant,
    holds,
    name,
    tag,
    expected,
    found,
    difference,
    tolerance,
    timings_ms: { decode, resize, infer },
}) {
    const small = actions.samplePictures().find((sample) => sample.name === picture)?.small;
    const score = (/** @type {number} */ value) =>
        t("tag_with_confidence", { name: "", percent: rounded(value * 100, 2) });
    const what = t(holds ? "self_test_holds" : "self_test_differs");
    return html`<tr data-picture=${picture} data-variant=${variant} data-holds=${holds} data-found=${found} data-expected=${expected}>
        <td>${small ? html`<img src=${small.href} alt=${picture} />` : picture}</td>
        <td class=${holds ? "is-good" : "is-bad"} title=${what}>
            ${holds ? acceptIcon() : closeIcon()}<span class="visually-hidden">${what}</span>
        </td>
        <td>${variant}</td>
        <td data-tag-name=${tag}>${t("tag_with_confidence", { name, percent: rounded(expected * 100, 2) })}</td>
        <td>${score(found)}</td>
        <td title=${t("self_test_allowed", { tolerance })}>${rounded(difference, 5)}</td>
        <td>${[decode, resize, infer].map((ms) => rounded(ms, ms < 10 ? 1 : 0)).join(" · ")}</td>
    </tr>`;
}

/** @param {SelfTest} test */
function actionButtons({ rows, skipped }) {
    return html`<div class="self-test-actions">
        ${
            actions.canCopy() && rows.length + skipped.length > 0
                ? html`<button class="button" type="button" data-do="copy-self-test" @click=${actions.copySelfTest}>${t("self_test_copy")}</button>`
                : nothing
        }
        <button class="button" type="button" data-do="run-self-test" @click=${actions.startSelfTest}>${t("self_test_again")}</button>
    </div>`;
}
