/**
 * A session beside the one that is shown, over a few pictures: what they would show if something else were found in them, or under another
 * policy. It is told what is kept of them, by the same rules, and nothing that it is told goes anywhere.
 * @import { Basis } from "../../core/engine.js"
 * @import { Policy, ProviderTagging, PictureText, Tag, Voices } from "../../core/engine_api.d.ts"
 * @import { TaggedResult, Update } from "../../core/protocol.js"
 * @import { Context } from "../context.js"
 *
 * What a picture shows, and who says it. @typedef {{tags: readonly Tag[], voices: readonly Voices[], texts: readonly PictureText[]}} Shown
 * What somebody would find. `texts`: all of a picture, in place of those before.
 * @typedef {{provider_puts?: {id: number, found: ProviderTagging}[], texts?: {id: number, texts: PictureText[]}[], puts?: TaggedResult[], policy?: Policy}} Found
 */
import { createKept } from "../kept.js";
import { policyNow, wordsInForce } from "../policy.js";
import * as state from "../state.js";
import { startSession } from "../workers.js";

const CALL = { timeoutMs: 30_000 };

/** @type {Update} */
const NOTHING = Object.freeze({
    ...{
        removes: [],
        adds: [],
        puts: [],
        fails: [],
        provider_puts: [],
        head_puts: [],
        texts: [],
        corrections: [],
        rules: null,
        policy: null,
    },
    ...{ ids: [], opened: null, query: null, list: null, before: null, isChanged: true },
});

/** @param {Context} context @param {Promise<Basis>} [basis] of another model than the one in use */
export async function openScratch(context, basis = context.basis) {
    const { library } = context;
    /** @type {unknown} */
    let unread = null;
    const kept = createKept(library, (error) => void (unread = error));
    const { client, ready } = await startSession(context, basis, () => {});
    /** One after the other. @type {Promise<unknown>} */
    let turn = Promise.resolve();
    /** @type {readonly number[]} */
    let there = [];

    /** @param {Partial<Update>} update */
    const update = (update) => client.call("update", { ...NOTHING, ...update }, CALL);

    /** @param {readonly number[]} ids */
    async function look(ids) {
        /** @type {Map<number, Shown>} */
        const shown = new Map();
        for (const id of ids) {
            const { tags, details } = await update({ ids: [id], opened: id, isChanged: false });
            shown.set(id, { tags: tags[0] ?? [], voices: details?.voices ?? [], texts: details?.texts ?? [] });
        }
        return shown;
    }

    /** @param {readonly number[]} ids @param {(now: ReadonlyMap<number, Shown>) => Found} found what is found besides, by what shows now */
    async function compare(ids, found) {
        if (there.length > 0) await update({ removes: [...there] });
        there = ids;
        for await (const filling of kept.fillings(ids, () => true)) await client.call("fill", filling, CALL);
        if (unread) throw unread;
        const policy = policyNow(library);
        await update({ policy, rules: state.rules.value, words: wordsInForce() });
        const before = await look(ids);
        const { puts = [], provider_puts = [], texts = [], policy: other = null } = found(before);
        await update({ puts, provider_puts, texts, policy: other });
        return { before, after: await look(ids) };
    }

    return {
        /** What these pictures show now, and would then. @param {readonly number[]} ids @param {(now: ReadonlyMap<number, Shown>) => Found} found */
        compare(ids, found) {
            const mine = turn.then(() => compare(ids, found));
            turn = mine.catch(() => {});
            return mine;
        },
        facts: ready.facts,
        stop: () => client.stop(),
    };
}
