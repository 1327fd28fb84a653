/**
 * Own taggers that train by themselves: weekly, once so many pictures are newly tagged, or once at a moment that was set. A time that passed while the page was closed is made up for at the
 * next visit. One tab sees to it, and what another one has trained meanwhile is not trained again.
 * @import { OwnTagger } from "../../db/own_protocol.js"
 * @import { Context } from "../context.js"
 * @import { ScheduleView } from "../own_state.js"
 * @import { Teaching } from "./own_teaching.js"
 */
import { historyOf, isOnceDue, isTaught, scheduleOf, waitUntil } from "../own/due.js";
import { taughtIn } from "../own/settings.js";
import { ownTaggers, schedule } from "../own_state.js";
import { asAdded } from "../state.js";
import { reportUnread } from "./store_problems.js";

/** After a correction others follow. */
const AFTER_CORRECTION_MS = 5_000;

/**
 * @param {Pick<Context, "library" | "platform">} context @param {Pick<Teaching, "trainer">} teaching
 * @param {{train: (id: string, wish: {by: "person" | "weekly" | "after_n"}) => Promise<unknown>, isTraining: () => boolean}} training
 * @param {() => number} [now] in ms since 1970
 */
export function createOwnSchedule({ library, platform }, { trainer }, { train, isTraining }, now = () => Date.now()) {
    const lock = `tagsmith-own-schedule ${platform.store.scope}`;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;

    /** Looks what is due, trains it, and looks again in time. */
    async function lookAtSchedule() {
        clearTimeout(timer);
        timer = undefined;
        /** @type {(number | null)[]} */
        let times = [];
        try {
            await inTurn(async () => {
                for (;;) {
                    const views = await lookAll();
                    times = [...views.values()].map((view) => view.next_ms);
                    const [id, view] = [...views].find(([, { why }]) => why !== null) ?? [];
                    if (!id || !view?.why || isTraining()) return;
                    await train(id, { by: view.why === "once" ? "person" : view.why });
                    // Whatever became of it, it was tried: its time is served. What could not even be begun is not tried on and on.
                    if (!(await wasTried(id))) return;
                }
            });
        } catch (error) {
            reportUnread(error);
        }
        timer = setTimeout(() => void lookAtSchedule(), waitUntil(times, now()));
    }

    /** @returns {Promise<Map<string, ScheduleView>>} of each tagger that has a schedule */
    async function lookAll() {
        const taggers = await library.call("own_taggers", {});
        ownTaggers.value = taggers;
        /** @type {Map<string, ScheduleView>} */
        const views = new Map();
        for (const tagger of taggers)
            if (scheduleOf(tagger, asAdded.value.smart)) views.set(tagger.id, await look(tagger));
        schedule.value = views;
        return views;
    }

    /** When each tagger was tried last. @type {Map<string, number>} */
    const tried = new Map();

    /** @param {OwnTagger} tagger @returns {Promise<ScheduleView>} */
    async function look(tagger) {
        const {
            weekly = null,
            after_n: afterN = null,
            once_ms: onceMs = null,
        } = scheduleOf(tagger, asAdded.value.smart) ?? {};
        const trainings = await library.call("trainings", { own_tagger: tagger.id });
        const lastMs = Math.max(0, ...trainings.map((one) => one.begun_ms));
        tried.set(tagger.id, lastMs);
        const nNew = await library.call("taught_since", { ...taughtIn(tagger.settings), since_ms: lastMs });
        const asked = {
            schedule: { weekly, after_n: afterN },
            history: historyOf(tagger, trainings, nNew),
            now_ms: now(),
        };
        const { why, next_ms: nextMs } = await trainer.call("due", asked);
        const coming = [nextMs, onceMs !== null && onceMs > now() ? onceMs : null].flatMap((ms) => ms ?? []);
        return {
            next_ms: coming.length > 0 ? Math.min(...coming) : null,
            nNew,
            why: isOnceDue(onceMs, lastMs, now()) ? "once" : isTaught(tagger, nNew) ? why : null,
        };
    }

    /** @param {string} id */
    async function wasTried(id) {
        const before = tried.get(id) ?? 0;
        const trainings = await library.call("trainings", { own_tagger: id });
        return trainings.some((one) => one.begun_ms > before);
    }

    /** Where another tab is at it, it is left to that. @param {() => Promise<void>} act */
    async function inTurn(act) {
        const { locks } = globalThis.navigator ?? {};
        if (!locks) return act();
        await locks.request(lock, { ifAvailable: true }, async (held) => {
            if (held) await act();
            else await lookAll();
        });
    }

    /** Somebody said something of pictures: enough may be newly tagged now. */
    function noteTaught() {
        const waits = (ownTaggers.value ?? []).some(
            (tagger) => (scheduleOf(tagger, asAdded.value.smart)?.after_n ?? null) !== null,
        );
        if (!waits) return;
        clearTimeout(timer);
        timer = setTimeout(() => void lookAtSchedule(), AFTER_CORRECTION_MS);
    }

    return { lookAtSchedule, noteTaught };
}
