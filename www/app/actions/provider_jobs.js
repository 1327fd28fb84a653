/**
 * Jobs: pictures tagged by a provider. Counted before they are begun, watched, paused, cancelled, gone on with after a reload, and taken back
 * as the run that they are. Each has a worker of its own, so one provider that fails stops no other, and never the local model.
 * @import { Failure } from "../../core/protocol.js"
 * @import { Awaited, Job, NewJob, ProviderResult } from "../../db/protocol.js"
 * @import { FailureGroup, JobView, Plan } from "../provider_state.js"
 * @import { Tools } from "./parts.js"
 * @import { How } from "./provider_planning.js"
 * @import { OpenedProvider } from "./provider_ports.js"
 *
 * A job of this tab, under way. `library`: whose run it is; `end`: of its workers, and of its claim; resolves when others can have that.
 * @typedef {{job: ProviderJob, provider: string, library: string | null, end: () => Promise<void>}} Live
 */
import { CodedError, failureOf } from "../../core/protocol.js";
import { ProviderJob } from "../providers/job.js";
import { ownOf } from "../provider_profiles.js";
import { isOfAll } from "../providers/outcomes.js";
import { jobs } from "../provider_state.js";
import * as state from "../state.js";
import { createJobFiles } from "./job_files.js";
import { createPlanning } from "./provider_planning.js";
import { createPorts, openProvider } from "./provider_ports.js";
import { Shrinker } from "./shrinker.js";
import { reportUnread } from "./store_problems.js";
import { tokenLog } from "./token_log.js";

/** Numbers on screen are not newer than that while a job is under way. */
const REFRESH_MS = 300;

/** @typedef {ReturnType<typeof createProviderJobs>} ProviderJobActions */

/** @param {Pick<Tools, "context" | "history" | "actions">} tools @param {How} how */
export function createProviderJobs({ context, history, actions }, how) {
    const { library, platform } = context;
    const shrinker = new Shrinker(context);
    const planning = createPlanning(context, actions, how);
    const { capOf, neededProfile, neverNow, reachOwn, wayTo } = planning;
    /** @type {Map<number, Live>} */
    const live = new Map();
    /** Why a job could not be gone on with, by its run. @type {Map<number, Failure>} */
    const problems = new Map();
    /** Those that are over, and of which nobody wants to hear any more. @type {Set<number>} */
    const dismissed = new Set();
    /** Whose jobs all of these are. */
    let { libraryId } = library;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;

    /** Null is none for the moment. @param {Live} one */
    const isOther = (one) => library.libraryId !== null && one.library !== library.libraryId;

    /** Another library has taken the place: numbers of runs mean others there, and nothing of it can be written. */
    async function forgetOthers() {
        const before = libraryId;
        libraryId = library.libraryId ?? before;
        if (before === libraryId || before === null) return;
        jobs.value = [];
        problems.clear();
        dismissed.clear();
        const gone = [...live].filter(([, one]) => isOther(one));
        for (const [run, { job }] of gone) {
            live.delete(run);
            void job.cancel();
        }
        await Promise.all(gone.map(([, { end }]) => end()));
        if (live.size === 0) shrinker.stop();
    }

    /** What is on screen follows soon. */
    function changed() {
        timer ??= setTimeout(() => void refreshJobs(), REFRESH_MS);
    }

    /** Every job that waits or has failed pictures, and those of this tab that are over. */
    async function refreshJobs() {
        clearTimeout(timer);
        timer = undefined;
        try {
            const stored = await library.call("jobs", {});
            await forgetOthers();
            const held = await claims(platform.store.scope);
            const views = await Promise.all(stored.map((job) => viewOf(job, held)));
            const isStored = new Set(views.map(({ run }) => run));
            const over = jobs.value.filter(({ run }) => !isStored.has(run)).map(ended);
            const all = [...views, ...over].filter(({ run }) => !dismissed.has(run));
            jobs.value = all.sort((one, other) => one.run - other.run);
        } catch (error) {
            reportUnread(error);
        }
    }

    /** @param {Job} job @param {ReadonlySet<number>} held runs at which a tab is @returns {Promise<JobView>} */
    async function viewOf({ run, provider, name, collection, settings, n_files, n_done, n_waiting, n_failed }, held) {
        const under = live.get(run)?.job;
        const isBilled = settings["is_billed"] !== false;
        const failures = n_failed > 0 ? groups(await library.call("awaited", { run }), isBilled) : [];
        const isOver = n_waiting === 0 && (!under || under.status === "ended");
        return {
            ...{ run, provider, name: name ?? provider, collection, host: String(settings["host"] ?? "") },
            ...{ n_files, n_done, n_waiting, n_failed, failures },
            status: isOver
                ? "ended"
                : under?.status === "paused"
                  ? "paused"
                  : under || held.has(run)
                    ? "running"
                    : "waiting",
            problem: under?.problem ?? problems.get(run) ?? null,
        };
    }

    /**
     * Begins what was counted and agreed to.
     * @param {Plan} plan @param {{results: readonly ProviderResult[], requests: readonly number[]}} [tried] what a trial has found: it is written as it is, and
     * not asked for again. `requests`: rows of the log in which that was answered
     * @returns {Promise<number>} its run @throws why it could not be begun
     */
    async function startJob(plan, tried = { results: [], requests: [] }) {
        const { own = {} } = plan;
        const profile = neededProfile(plan.provider, undefined, own);
        const { origins, host } = await wayTo(profile.setup);
        keepTo(plan.host, host);
        const secrets = how.secretsOf(profile.id) ?? {};
        const release = await reachOwn(own, origins, () => true);
        /** @type {number | null} */
        let begun = null;
        const opened = await openProvider(context, {
            setup: profile.setup,
            secrets,
            origins,
            language: profile.language,
            log: (wanted) => tokenLog(context, { provider: profile.id, run: begun })(wanted),
        }).catch(releasing(release));
        try {
            const { id, name, threshold, max_tags, language } = profile;
            const { has_confidence, is_billed } = opened.ready;
            const settings = {
                ...{ name, host, mode: plan.mode, has_confidence, is_billed, threshold, max_tags, language },
                ...(Object.keys(own).length > 0 && { own }),
                ...(tried.requests.length > 0 && { tried: tried.requests }),
            };
            const version = String(profile.setup["model"] ?? profile.setup["version"] ?? "");
            const tagger = { kind: /** @type {const} */ ("provider"), tagger: id, version, pipeline: 1 };
            const run = await begin(
                {
                    run: { ...tagger, components: [`provider:${id}`], tags: [], language, settings },
                    ...{ collection: library.collection, files: plan.asked },
                },
                tried.results,
            );
            begun = run;
            const data = { run, undone: false };
            const step = history.newStep("did_ask_provider", { n: plan.asked.length, name }, { kind: "run", data });
            library.write("add_step", { step });
            history.remember(step);
            // It is there from here on: what is in its way is said beside it, and nobody begins it twice.
            await goOn(run, opened).catch((error) => stopped(run, error));
            return run;
        } catch (error) {
            opened.client.stop();
            throw error;
        } finally {
            release();
        }
    }

    /** @param {NewJob} job @param {readonly ProviderResult[]} tried @returns {Promise<number>} its run */
    async function begin(job, tried) {
        if (tried.length === 0) return library.call("begin_job", job);
        const { run, files } = await library.call("begin_tried_job", { ...job, tried });
        void context.session.refill(files.filter((id) => state.pictures.has(id))).catch(() => {}); // it is kept
        return run;
    }

    /** @param {number} run @param {OpenedProvider | null} opened where one has been */
    async function goOn(run, opened) {
        await forgetOthers();
        const letGo = await claim(platform.store.scope, run);
        if (!letGo) return opened?.client.stop(); // another tab is at it
        try {
            const job = (await library.call("jobs", {})).find((one) => one.run === run);
            if (!job) return void letGo(); // it was given up, or undone
            await launch(job, await library.call("awaited", { run }), opened, letGo);
        } catch (error) {
            void letGo();
            throw error;
        } finally {
            if (!live.has(run)) opened?.client.stop();
            await refreshJobs();
        }
    }

    /** @param {Job} kept @param {readonly Awaited[]} awaited @param {OpenedProvider | null} given @param {LetGo} letGo */
    async function launch({ run, provider, collection, settings }, awaited, given, letGo) {
        const waiting = awaited.filter((one) => !one.failure && !one.is_asked).map(({ file }) => file);
        if (waiting.length === 0) return void letGo();
        const own = ownOf(settings);
        const profile = { ...neededProfile(provider, collection, own), language: String(settings["language"] ?? "en") };
        const isOn = () => how.profileOf(provider, collection, own)?.enabled === true;
        if (!isOn()) throw new CodedError("provider_not_enabled", `${profile.name} is turned off.`);
        const secrets = how.secretsOf(provider) ?? {};
        const { origins, host } = await wayTo(profile.setup);
        if (host && !("host" in settings))
            throw new CodedError("provider_job_from_elsewhere", "Nobody here has agreed to where its pictures go.");
        keepTo(String(settings["host"] ?? ""), host);
        // Also of those that failed: they may be asked for again.
        const ids = awaited.map(({ file }) => file);
        const files = await createJobFiles(library, collection, ids);
        const { setup, language } = profile;
        const log = tokenLog(context, { provider, run });
        // The last that can fail: from here on somebody ends it.
        const release = await reachOwn(own, origins, isOn);
        const wanted = { setup, secrets, origins, language, log };
        const opened = given ?? (await openProvider(context, wanted).catch(releasing(release)));
        const ports = createPorts(context, {
            ...{ run, mode: settings["mode"], own, profile, secrets, origins, host, opened, shrinker },
            cap: capOf(provider),
            ...{ isOn, fileOf: files.fileOf },
            mayLeave: (id) => files.mayLeave(id, neverNow()),
            onChange: () => noteChange(run),
        });
        const job = new ProviderJob(ports, { isBilled: opened.ready.is_billed });
        const end = () => {
            ports.stop();
            release();
            return letGo();
        };
        problems.delete(run);
        live.set(run, { job, provider, library: library.libraryId, end });
        job.add(waiting);
    }

    /** @param {number} run */
    function noteChange(run) {
        changed();
        const under = live.get(run);
        if (!under) return;
        if (under.job.status === "ended") drop(run);
        // It was undone or given up, or another tab has asked: what is left of it is looked up anew.
        else if (under.job.problem?.code === "request_passed") void restart(run).catch(reportUnread);
    }

    /** @param {number} run */
    function drop(run) {
        void live.get(run)?.end();
        live.delete(run);
        if (live.size === 0) shrinker.stop();
    }

    /** @param {number} run */
    async function restart(run) {
        const under = live.get(run);
        if (!under) return;
        live.delete(run);
        await under.job.idle();
        if (under.job.hasUnwritten && !isOther(under)) {
            live.set(run, under); // its answers were paid for, and nobody else has them
            return refreshJobs();
        }
        await under.end();
        if (live.size === 0) shrinker.stop();
        if (!isOther(under)) await goOn(run, null);
    }

    /** @param {number} run */
    function pauseJob(run) {
        live.get(run)?.job.pause();
    }

    /** Goes on with a job, also one of an earlier visit; to be called right after a click, as the browser may ask about its files. @param {number} run */
    async function resumeJob(run) {
        const under = live.get(run);
        if (under && !isBegunAnew(under)) return under.job.resume();
        try {
            const waiting = (await library.call("awaited", { run })).filter(({ failure }) => !failure);
            await actions.unlockFiles(waiting.map(({ file }) => file));
            await (under ? restart(run) : goOn(run, null));
        } catch (error) {
            await stopped(run, error);
        }
    }

    /** @param {number} run @param {unknown} error */
    async function stopped(run, error) {
        problems.set(run, failureOf(error, "provider_unavailable_here"));
        await refreshJobs();
    }

    /** What was answered stays, and can be undone as a run. @param {number} run @returns {Promise<void>} */
    async function cancelJob(run) {
        const isWritten = (await live.get(run)?.job.cancel()) ?? true;
        // Answers that were paid for wait for room: what is wrong is said beside the job, and it can be cancelled once more.
        if (!isWritten) return refreshJobs();
        drop(run);
        problems.delete(run);
        dismissed.add(run);
        await library.call("end_job", { run }).catch(reportUnread);
        await refreshJobs();
    }

    /** Those that failed wait again, whatever that may cost. @param {number} run @param {readonly number[] | null} files null for all */
    async function askAgain(run, files) {
        const failed = (await library.call("awaited", { run })).filter(({ failure }) => failure);
        const meant = new Set(files ?? failed.map(({ file }) => file));
        await library.call("ask_again", { run, files });
        const under = live.get(run);
        if (!under || isBegunAnew(under)) return resumeJob(run);
        under.job.add(failed.map(({ file }) => file).filter((file) => meant.has(file)));
        under.job.resume();
    }

    const { planJob } = planning;
    return {
        ...{
            askAgain,
            cancelJob,
            capOf,
            giveUp: cancelJob,
            pauseJob,
            planJob,
            planning,
            refreshJobs,
            resumeJob,
            startJob,
        },
    };
}

/** What was to be reached is not, as nobody is there to ask. @param {() => void} release @returns {(error: unknown) => never} */
const releasing = (release) => (error) => {
    release();
    throw error;
};

/** What was wrong with the provider may have been put right since: another key, another address. @param {Live} under */
const isBegunAnew = ({ job }) => isOfAll(job.problem?.code ?? "") && !job.hasUnwritten;

/** Pictures go where somebody has agreed to, and to no other host that is set by now. @param {string} agreed @param {string} host */
export function keepTo(agreed, host) {
    if (host === agreed) return;
    const detail = `These pictures were to go to ${agreed || "nobody"}, and the address that is set is ${host || "none"} by now.`;
    throw new CodedError("provider_setup_invalid", detail);
}

/** @param {readonly Awaited[]} awaited @param {boolean} isBilled @returns {FailureGroup[]} by their reason and whether asking again may cost, the largest first */
function groups(awaited, isBilled) {
    /** @type {Map<string, {code: string, detail: string, files: number[], is_maybe_paid: boolean}>} */
    const all = new Map();
    for (const { file, failure } of awaited) {
        if (!failure) continue;
        const { code, detail } = failure;
        const isMaybePaid = isBilled && failure.is_maybe_paid;
        const key = `${code} ${isMaybePaid}`;
        const group = all.get(key) ?? { code, detail, files: [], is_maybe_paid: isMaybePaid };
        all.set(key, group);
        group.files.push(file);
    }
    return [...all.values()].sort((one, other) => other.files.length - one.files.length);
}

/** @param {JobView} view @returns {JobView} */
const ended = (view) => ({
    ...view,
    ...{ status: "ended", n_done: view.n_files, n_waiting: 0, n_failed: 0, failures: [], problem: null },
});

/** @param {string} scope @param {number | ""} run */
const lockOf = (scope, run) => `tagsmith-job ${scope} ${run}`;

/**
 * One tab works on a job.
 * @typedef {() => Promise<void>} LetGo of it; resolves once it can be claimed again
 * @param {string} scope @param {number} run @returns {Promise<LetGo | null>} null where another tab does
 */
function claim(scope, run) {
    const { locks } = globalThis.navigator ?? {};
    if (!locks) return Promise.resolve(async () => {});
    return new Promise((resolve, reject) => {
        /** @type {Promise<unknown>} */
        const asked = locks.request(lockOf(scope, run), { ifAvailable: true }, (lock) => {
            if (!lock) return resolve(null);
            return new Promise((end) =>
                resolve(async () => {
                    end(null);
                    await asked;
                }),
            );
        });
        asked.catch(reject);
    });
}

/** The runs at which any tab is. @param {string} scope @returns {Promise<ReadonlySet<number>>} */
async function claims(scope) {
    const { held = [] } = (await globalThis.navigator?.locks?.query()) ?? {};
    const own = lockOf(scope, "");
    const names = held.flatMap(({ name }) => (name?.startsWith(own) ? [name.slice(own.length)] : []));
    return new Set(names.map(Number));
}
