/**
 * What a screen reader hears of jobs: that one has begun, waits, is paused, has stopped or is over, and not every picture in between.
 * @import { JobView } from "../app/provider_state.js"
 */
import { actions } from "../app/provider_actions.js";
import { jobs } from "../app/provider_state.js";
import { effect, untracked } from "../vendor/view.js";
import { jobWords } from "./provider_jobs.js";
import { errorText } from "./text.js";

export function mountJobAnnouncements() {
    /** What was said of each, by its run. @type {Map<number, string>} */
    const said = new Map();
    effect(() => {
        const { value: all } = jobs;
        untracked(() => {
            for (const job of all) {
                const now = `${job.status} ${job.problem?.code ?? ""}`;
                if (said.get(job.run) !== now) actions.say(spoken(job));
                said.set(job.run, now);
            }
        });
    });
}

/** @param {JobView} job */
const spoken = (job) => [jobWords(job), job.problem ? errorText(job.problem).title : ""].join(" ").trim();
