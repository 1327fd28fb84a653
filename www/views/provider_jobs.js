/**
 * What is under way with providers: how far, what failed and why, and what can be done about it. The same in a line over the grid, and in
 * full in the dialog.
 * @import { FailureGroup, JobView } from "../app/provider_state.js"
 */
import { actions } from "../app/provider_actions.js";
import { jobs } from "../app/provider_state.js";
import { html, nothing, repeat, signal } from "../vendor/view.js";
import { errorText, t } from "./text.js";

/** What may be paid for a second time is asked about first: which failures of which run. */
const sure = signal(/** @type {{run: number, code: string} | null} */ (null));

/** In place of all else that a line might say: what runs, or waits since an earlier visit. */
export const jobLines = () =>
    html`${repeat(
        jobs.value.filter(({ status, n_failed: n, problem }) => status !== "ended" || n > 0 || problem),
        ({ run }) => run,
        line,
    )}`;

export const jobList = () =>
    jobs.value.length === 0
        ? nothing
        : html`<section class="provider-section">
              <h4>${t("jobs")}</h4>
              <ul class="job-list">${repeat(
                  jobs.value,
                  ({ run }) => run,
                  (job) => html`<li>${inFull(job)}</li>`,
              )}</ul>
          </section>`;

/** @param {JobView} job */
function line(job) {
    const { run, status } = job;
    return html`<section class="kept-line job-line" data-line="job" data-job=${run} data-status=${status}>
        <p class="kept-line-words">${jobWords(job)}</p>
        ${status === "running" ? bar(job) : nothing} ${buttons(job)}
        ${
            job.n_failed > 0 || job.problem
                ? html`<button class="button" type="button" data-do="job-failures" @click=${() => actions.showProviders()}>${t("job_details")}</button>`
                : nothing
        }
    </section>`;
}

/** What is to be said of a job in a line. @param {JobView} job */
export function jobWords({ name, status, n_files: n, n_done: nDone, n_waiting: nWaiting, n_failed: nFailed }) {
    if (status === "waiting") return t("job_waiting", { name, n: nWaiting, total: n });
    const failed = nFailed > 0 ? ` ${t("job_failed", { n: nFailed })}` : "";
    if (status === "ended") return `${t("job_ended", { name, n: nDone, total: n })}${failed}`;
    return `${t(status === "paused" ? "job_paused" : "job_running", { name, n: nDone, total: n })}${failed}`;
}

/** @param {JobView} job */
const bar = ({ name, n_files: n, n_done: nDone }) =>
    html`<progress class="job-bar" aria-label=${t("job_progress", { name })} max=${Math.max(1, n)} .value=${nDone}></progress>`;

/** @param {JobView} job */
function buttons(job) {
    const { run, status, name, n_waiting: nWaiting } = job;
    /** @param {string} what @param {string} shown @param {string} label @param {() => void} act */
    const button = (what, shown, label, act) =>
        html`<button class="button" type="button" data-do=${what} aria-label=${label} @click=${act}>${shown}</button>`;
    return [
        status === "running"
            ? button("pause-job", t("job_pause"), t("job_pause_which", { name }), () => void actions.pauseJob(run))
            : nothing,
        status === "paused" || status === "waiting"
            ? button(
                  "resume-job",
                  t("job_go_on"),
                  t("job_go_on_which", { name, n: nWaiting }),
                  () => void actions.resumeJob(run),
              )
            : nothing,
        status === "ended"
            ? button("give-up-job", t("job_give_up"), t("job_give_up_which", { name }), () => void actions.giveUp(run))
            : button("cancel-job", t("job_cancel"), t("job_cancel_which", { name }), () => void actions.cancelJob(run)),
    ];
}

/** @param {JobView} job */
const inFull = (job) => html`<div class="job" data-job=${job.run} data-status=${job.status}>
    <p><strong>${jobWords(job)}</strong></p>
    ${bar(job)}
    <p class="provider-buttons">${buttons(job)}</p>
    ${job.problem ? html`<p class="provider-wrong" role="alert" data-code=${job.problem.code}>${errorText(job.problem).title} ${errorText(job.problem).remedy} ${job.problem.detail ? html`<small>${job.problem.detail}</small>` : nothing}</p>` : nothing}
    ${
        job.failures.length > 0
            ? html`<ul class="job-failures">${repeat(
                  job.failures,
                  ({ code, is_maybe_paid: isMaybePaid }) => `${code} ${isMaybePaid}`,
                  (group) => failed(job, group),
              )}</ul>`
            : nothing
    }
</div>`;

/** Pictures that failed for one reason. @param {JobView} job @param {FailureGroup} group */
function failed({ run, name }, { code, detail, files, is_maybe_paid: isMaybePaid }) {
    const { title, remedy } = errorText({ code });
    const isAsked = isMaybePaid && sure.value?.run === run && sure.value.code === code;
    const again = () => {
        if (isMaybePaid && !isAsked) return void (sure.value = { run, code });
        sure.value = null;
        void actions.askAgain(run, [...files]);
    };
    return html`<li data-code=${code} data-maybe-paid=${String(isMaybePaid)}>
        <p><strong>${t("job_failed", { n: files.length })}</strong> ${title} ${remedy}</p>
        ${detail ? html`<p class="provider-why">${t("engine_details", { detail })}</p>` : nothing}
        ${isMaybePaid ? html`<p class="provider-warning" role=${isAsked ? "alert" : nothing}>${t("job_maybe_paid", { n: files.length })}</p>` : nothing}
        <p class="provider-buttons">
            <button class="button ${isAsked ? "is-danger" : ""}" type="button" data-do="ask-again" aria-label=${isAsked ? nothing : t("job_ask_again_which", { n: files.length, name })} @click=${again}>
                ${t(isAsked ? "job_ask_again_sure" : "job_ask_again")}
            </button>
            ${isAsked ? html`<button class="button" type="button" data-do="leave-failed" @click=${() => void ((sure.value = null))}>${t("job_leave")}</button>` : nothing}
        </p>
    </li>`;
}
