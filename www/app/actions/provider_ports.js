/**
 * What a job works with on the real page: files and the shrinker, the provider worker, the log and the store, and the session that makes
 * tag references of words.
 * @import { Described, Secrets, TokenLog } from "../../core/provider_protocol.js"
 * @import { Found } from "../providers/outcomes.js"
 * @import { Ended, Ports } from "../providers/job.js"
 * @import { Cap } from "../providers/cap.js"
 * @import { Profile, ProviderValues } from "../provider_state.js"
 * @import { Context } from "../context.js"
 * @import { FoundTag, NewPicture, ProviderResult, RequestPurpose } from "../../db/protocol.js"
 * @import { Shrinker } from "./shrinker.js"
 *
 * A provider worker that has started; `whenGone` takes who is told when it is gone.
 * @typedef {Pick<ProviderClient, "plan" | "send" | "stop">} AskedClient
 * @typedef {{client: AskedClient, ready: Described, whenGone: (tell: () => void) => void}} OpenedProvider
 * `mode`: of its run, as settings have it; `own`: set for it alone; `host`: where its pictures go. `onTried`: takes what a trial found, which has no run: nothing of
 * it is written but the log. `isOn`, `mayLeave`: as it is at that moment.
 * @typedef {{
 *   run: number | null, mode: unknown, own?: ProviderValues, onTried?: (results: readonly ProviderResult[], request: number | null) => void, profile: Profile, secrets: Secrets, origins: readonly string[], host: string, opened: OpenedProvider,
 *   fileOf: (id: number) => Promise<File>, isOn: () => boolean, mayLeave: (id: number) => boolean, cap: Cap, shrinker: Shrinker, onChange: () => void }} Working
 */
import { ProviderClient } from "../../core/provider_client.js";
import { CodedError, failureOf } from "../../core/protocol.js";
import { failed } from "../../core/provider_protocol.js";
import { openBrowserModel } from "./browser_client.js";
import { fieldsOf } from "../providers/texts.js";
import * as state from "../state.js";
import { tokenLog } from "./token_log.js";

/** Of one answer. A language model on one's own machine may take that long. */
const ANSWER_TIMEOUT_MS = 120_000;

/** @param {Context} context @param {Working} working @returns {Ports & {stop: () => void}} */
export function createPorts(context, working) {
    const { library, session } = context;
    const { run, profile, secrets, origins, host, cap, shrinker, own = {}, onTried } = working;
    /** @type {RequestPurpose} */
    const purpose = onTried ? "try" : "tag";
    const { client, ready } = working.opened;
    const { id: provider, setup, language } = profile;
    /** @type {Map<number, NewPicture>} */
    const pictures = new Map();
    /** @type {WeakMap<Blob, number>} */
    const fileOfBlob = new WeakMap();
    /** Null where the last one is gone. @type {Promise<AskedClient> | null} */
    let asking = Promise.resolve(client);
    const forget = () => void (asking = null);
    const log = tokenLog(context, { provider, run });
    working.opened.whenGone(forget);

    /** One that has crashed is started anew. */
    function open() {
        asking ??= openProvider(context, { setup, secrets, origins, language, log }).then((opened) => {
            opened.whenGone(forget);
            return opened.client;
        });
        asking.catch(forget);
        return asking;
    }

    /** Words as tags of the vocabulary, or as free ones; each tag once, as it was said first. @param {readonly Found[]} all @returns {Promise<FoundTag[][]>} */
    async function tagsOf(all) {
        const words = [...new Set(all.flatMap(({ tags }) => tags.map(({ name }) => name)))];
        const refs = words.length > 0 ? await session.tagRefs(words, language) : [];
        const refOf = new Map(words.map((word, idx) => [word, refs[idx]]));
        return all.map(({ tags, language: said }) => {
            /** @type {Map<string, FoundTag>} */
            const named = new Map();
            for (const { name, confidence } of tags) {
                const ref = refOf.get(name);
                if (!ref || named.has(ref.id)) continue;
                const number = confidence ?? null;
                named.set(ref.id, { id: ref.id, name, language: said ?? language, score: number, confidence: number });
            }
            return [...named.values()];
        });
    }

    /** @param {Ended["results"]} results @returns {Promise<ProviderResult[]>} */
    async function stored(results) {
        const found = results.flatMap((result) => ("found" in result ? [result] : []));
        const tags = await tagsOf(found.map(({ found }) => found));
        const tagsOfFile = new Map(found.map(({ file }, idx) => [file, tags[idx] ?? []]));
        return results.map((result) => {
            if (!("found" in result)) return result;
            const { file, found } = result;
            const language = found.language ?? profile.language;
            const told = { tags: tagsOfFile.get(file) ?? [], texts: fieldsOf(found), language };
            return { file, found: told, picture: pictures.get(file) };
        });
    }

    /** What shows of pictures is another now: of those that were asked about, and of others with the same content. @param {readonly ProviderResult[]} results @param {readonly number[]} files @param {boolean} [hasTexts] where that is not seen from the results */
    async function show(results, files, hasTexts = false) {
        if (run === null) return;
        const here = files.filter((id) => state.pictures.has(id));
        const found = new Map(results.flatMap((result) => ("found" in result ? [[result.file, result.found]] : [])));
        const { threshold, max_tags } = own;
        const shared = {
            ...{ provider, has_confidence: ready.has_confidence, run, is_added: working.mode === "add" },
            ...((threshold ?? max_tags) !== undefined && {
                own: { threshold: threshold ?? null, max_tags: max_tags ?? null },
            }),
        };
        for (const id of here) {
            const tags = found.get(id)?.tags;
            if (tags) session.putProvider(id, { ...shared, tags: tags.map(toldOf) });
        }
        const others = here.filter((id) => !found.has(id));
        if (others.length > 0) await session.refill(others);
        if (!hasTexts && ![...found.values()].some(({ texts }) => texts.length > 0)) return;
        for (const { id, texts } of await library.call("texts", { ids: here })) session.setTexts(id, texts);
    }

    return {
        async prepare(file) {
            const { blob, width, height, ...picture } = await shrinker.shrink(await working.fileOf(file), ready.need);
            if (run !== null && (await library.call("know_content", { run, file, picture }))) {
                void show([], [file], true).catch(() => {});
                return null;
            }
            pictures.set(file, picture);
            fileOfBlob.set(blob, file);
            return { blob, width, height };
        },
        plan: async (sizes) => (await open()).plan(sizes),
        async begin({ files, ...counts }) {
            if (!working.isOn()) throw new CodedError("provider_not_enabled", "It was turned off.");
            const id = (await context.openStore()).newId();
            const asked = onTried ? [] : files; // nothing waits for a trial
            const row = { id, run, purpose, provider, host, files: asked, cap: cap.limit };
            await library.call("begin_request", { ...row, ...counts });
            return id;
        },
        async send(outgoing, { signal }) {
            // The last place before they leave: what must not is not sent, whoever has asked for it, and whatever was waited for meanwhile.
            const whyNot = () => {
                if (!working.isOn()) return OFF;
                return outgoing.every(({ blob }) => working.mayLeave(fileOfBlob.get(blob) ?? -1)) ? null : STAYS;
            };
            const asked = whyNot() ?? (await open().catch((error) => failureOf(error, "provider_unavailable_here")));
            const failure = "code" in asked ? failed(asked.code, asked.detail) : whyNot();
            if (failure) return unsent(failure);
            return /** @type {AskedClient} */ (asked).send({ pictures: outgoing, language }, { signal, whyNot });
        },
        async end(id, { results, ...ended }) {
            const kept = await stored(results);
            if (onTried) {
                await library.call("end_request", { id, ...ended, results: [] });
                return onTried(kept, id);
            }
            const { files } = await library.call("end_request", { id, ...ended, results: kept });
            for (const result of results) if (!("back" in result)) pictures.delete(result.file);
            void show(kept, files).catch(() => {}); // it is kept; a session that starts anew is filled with it
        },
        async fail(failures) {
            if (run === null)
                return onTried?.(
                    failures.map(({ file, ...failure }) => ({ file, failure })),
                    null,
                );
            await library.call("fail_awaited", { run, failures });
        },
        reserve: (nUnits) => (ready.is_billed ? cap.reserve(nUnits) : Promise.resolve(() => {})),
        mayLeave: working.mayLeave,
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        now: () => performance.now(),
        random: Math.random,
        onChange: working.onChange,
        stop: () => void asking?.then((current) => current.stop()).catch(() => {}),
    };
}

/** As the session takes it. @param {FoundTag} tag */
const toldOf = ({ id, name, language = null, confidence }) => ({ id, name, language, confidence });

/** @param {import("../providers/outcomes.js").ProviderFailure} failure @returns {import("../providers/outcomes.js").Reply} */
const unsent = (failure) => ({
    ...{ status: null, n_bytes: 0, outcome: "unreached", n_billed: 0, n_maybe: 0, results: null },
    failure,
});
const OFF = failed("provider_not_enabled", "It was turned off.");
const STAYS = failed("provider_never_leaves", "Some of these pictures never leave this device.");

/**
 * A worker that may ask this provider, and nobody else; or the browser's own model.
 * @param {Pick<Context, "basis" | "platform">} context
 * @param {{setup: Profile["setup"], secrets: Secrets, origins: readonly string[], language: string, log: TokenLog}} how `log`: of requests for tokens (token_log.js)
 * @returns {Promise<OpenedProvider>} @throws why it cannot be asked
 */
export async function openProvider({ basis, platform }, { setup, secrets, origins, language, log }) {
    if (setup.kind === "browser") return openBrowserModel({ basis, platform }, { setup, language });
    if (!platform.providers) throw new CodedError("provider_unavailable_here", "This page has no way to a provider.");
    let onGone = () => {};
    const client = await ProviderClient.open(platform.providers, [...origins], () => onGone());
    try {
        const ready = await client.start({ setup, secrets, timeoutMs: ANSWER_TIMEOUT_MS, log });
        return { client, ready, whenGone: (tell) => void (onGone = tell) };
    } catch (error) {
        client.stop();
        throw error;
    }
}
