/**
 * A provider tried on a few pictures before anything is written. What is asked is asked as in a job: each request is in the log before it is
 * sent, the cap and what never leaves hold. What is answered stays here, and what it would change is worked out in a session of its own;
 * so other numbers and another way to merge are seen without asking again.
 * @import { PictureText, ProviderTagging } from "../../core/engine_api.d.ts"
 * @import { FoundTag, ProviderFound, ProviderResult } from "../../db/protocol.js"
 * @import { Context } from "../context.js"
 * @import { Plan, Trial } from "../provider_state.js"
 * @import { createPlanning, How } from "./provider_planning.js"
 * @import { Found, Shown } from "./scratch_session.js"
 */
import { failureOf } from "../../core/protocol.js";
import { ProviderJob } from "../providers/job.js";
import { diffOf } from "../providers/trial_diff.js";
import { trial } from "../provider_state.js";
import { createJobFiles } from "./job_files.js";
import { keepTo } from "./provider_jobs.js";
import { createPorts, openProvider } from "./provider_ports.js";
import { openScratch } from "./scratch_session.js";
import { Shrinker } from "./shrinker.js";
import { tokenLog } from "./token_log.js";

/** Newer than every run that is kept. */
const TRIAL_RUN = 2 ** 32 - 1;

/** @param {Context} context @param {How} how @param {ReturnType<typeof createPlanning>} planning */
export function createProviderTrial(context, how, { capOf, neededProfile, neverNow, reachOwn, wayTo }) {
    const { library } = context;
    /** The trial that is shown; what an earlier one still says is not heard. */
    let nth = 0;
    /** @type {ProviderJob | null} */
    let job = null;
    /** @type {ReturnType<typeof openScratch> | null} */
    let scratch = null;
    /** The rows of the log in which they were answered, by picture. @type {Map<number, number>} */
    let requests = new Map();

    /** Asks about the pictures that were counted for it. @param {Plan} plan */
    async function beginTrial(plan) {
        dropTrial();
        const mine = ++nth;
        const { provider } = plan;
        const { ids } = plan.tried;
        const blank = { results: new Map(), diffs: null, problem: null, has_confidence: plan.has_confidence };
        trial.value = { status: "asking", ids, n_done: 0, provider, ...blank };
        try {
            await ask(plan, ids, mine);
            await showDiffs(plan);
        } catch (error) {
            set(mine, { problem: failureOf(error, "provider_unavailable_here") });
        }
        set(mine, { status: "ended" });
    }

    /** @param {number} mine @param {Partial<Trial>} news */
    function set(mine, news) {
        if (mine === nth && trial.value) trial.value = { ...trial.value, ...news };
    }

    /** @param {Plan} plan @param {readonly number[]} ids @param {number} mine */
    async function ask(plan, ids, mine) {
        const { provider, own = {}, mode } = plan;
        const { collection } = library;
        const profile = neededProfile(provider, collection, own);
        const { setup, language } = profile;
        const { origins, host } = await wayTo(setup);
        keepTo(plan.host, host);
        const isOn = () => mine === nth && how.profileOf(provider, collection, own)?.enabled === true;
        const secrets = how.secretsOf(provider) ?? {};
        const release = await reachOwn(own, origins, isOn);
        const shrinker = new Shrinker(context);
        let end = () => {};
        try {
            const log = tokenLog(context, { provider, run: null });
            const opened = await openProvider(context, { setup, secrets, origins, language, log });
            end = () => opened.client.stop();
            const files = await createJobFiles(library, collection, ids);
            /** @type {() => void} */
            let wake = () => {};
            const ports = createPorts(context, {
                ...{
                    run: null,
                    mode,
                    own,
                    profile,
                    secrets,
                    origins,
                    host,
                    opened,
                    shrinker,
                    cap: capOf(provider),
                    isOn,
                },
                fileOf: files.fileOf,
                mayLeave: (id) => files.mayLeave(id, neverNow()),
                onTried: (results, request) => take(mine, results, request),
                onChange: () => wake(),
            });
            end = ports.stop;
            const asked = new ProviderJob(ports, { isBilled: opened.ready.is_billed });
            if (mine !== nth) return;
            job = asked;
            set(mine, { has_confidence: opened.ready.has_confidence });
            await new Promise((resolve) => {
                wake = () => asked.status !== "running" && resolve(null);
                asked.add(ids);
                wake();
            });
            await asked.idle();
            if (asked.problem && trial.value?.status === "asking") set(mine, { problem: asked.problem });
        } finally {
            if (mine === nth) job = null;
            end();
            shrinker.stop();
            release();
        }
    }

    /** @param {number} mine @param {readonly ProviderResult[]} news @param {number | null} request */
    function take(mine, news, request) {
        if (!trial.value || mine !== nth) return;
        const results = new Map(trial.value.results);
        for (const result of news) if (!("back" in result)) results.set(result.file, result);
        if (request !== null) for (const { file } of news) requests.set(file, request);
        set(mine, { results, n_done: results.size });
    }

    /** What is answered by then stays. */
    async function stopTrial() {
        if (!job) return;
        set(nth, { status: "stopping" });
        await job.cancel();
    }

    /** Works out anew what the answers would change, as it is wished now. @param {Pick<Plan, "mode" | "own">} wish */
    async function showDiffs(wish) {
        const mine = nth;
        const now = trial.value;
        const found = new Map(
            [...(now?.results ?? [])].flatMap(([id, result]) => ("found" in result ? [[id, result.found]] : [])),
        );
        if (!now || found.size === 0) return;
        scratch ??= openScratch(context);
        scratch.catch(() => void (scratch = null));
        const session = await scratch;
        const ids = [...found.keys()];
        const { before, after } = await session.compare(ids, (shown) => foundIn(shown, found, wish, now));
        if (mine !== nth) return;
        const pairs = ids.map((id) => /** @type {const} */ ([id, before.get(id), after.get(id)]));
        const who = `provider:${now.provider}`;
        set(mine, {
            diffs: new Map(pairs.flatMap(([id, was, is]) => (was && is ? [[id, diffOf(was, is, who)]] : []))),
        });
    }

    /** Nothing of it was written, and nothing will be. */
    function dropTrial() {
        nth++;
        void job?.cancel();
        job = null;
        requests = new Map();
        trial.value = null;
        void scratch?.then((session) => session.stop()).catch(() => {});
        scratch = null;
    }

    /** What of it can be kept. @returns {ProviderResult[]} */
    const triedResults = () => [...(trial.value?.results.values() ?? [])].filter((result) => "found" in result);

    /** What such pictures have cost is told by these rows. @param {readonly ProviderResult[]} results */
    const requestsOf = (results) => [...new Set(results.flatMap(({ file }) => requests.get(file) ?? []))];

    return { beginTrial, dropTrial, requestsOf, showDiffs, stopTrial, triedResults };
}

/**
 * What a run with these answers would put into the session.
 * @param {ReadonlyMap<number, Shown>} shown @param {ReadonlyMap<number, ProviderFound>} found
 * @param {Pick<Plan, "mode" | "own">} wish @param {Pick<Trial, "provider" | "has_confidence">} trial @returns {Found}
 */
function foundIn(shown, found, { mode, own = {} }, { provider, has_confidence }) {
    const { threshold, max_tags } = own;
    const isAdded = mode === "add";
    const pictures = [...found].filter(([id]) => mode !== "only_empty" || shown.get(id)?.tags.length === 0);
    const tagging = (/** @type {readonly FoundTag[]} */ tags) =>
        /** @type {ProviderTagging} */ ({
            ...{
                provider,
                has_confidence,
                run: TRIAL_RUN,
                is_added: isAdded,
                own: { threshold: threshold ?? null, max_tags: max_tags ?? null },
            },
            tags: tags.map(({ id, name, language = null, confidence }) => ({ id, name, language, confidence })),
        });
    const textsOf = (/** @type {number} */ id, /** @type {ProviderFound} */ { texts, language = null }) => {
        const others = shown.get(id)?.texts ?? [];
        const kept = others.filter((one) => one.source === "person" || one.provider !== provider || isAdded);
        const source = /** @type {const} */ ("provider");
        return [
            ...kept,
            ...texts.map((one) => /** @type {PictureText} */ ({ ...one, source, provider, run: TRIAL_RUN, language })),
        ];
    };
    return {
        provider_puts: pictures.map(([id, { tags }]) => ({ id, found: tagging(tags) })),
        texts: pictures.map(([id, of]) => ({ id, texts: textsOf(id, of) })),
    };
}
