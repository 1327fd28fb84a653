/**
 * Where pictures are tagged: in Chromium the offscreen document, in Firefox the event page. Content scripts come through a port; when a tab
 * is closed its port is, and what it waited for is dropped. Nothing here outlives the document, which a browser may end at any time.
 * @import { Port } from "./browser_api.d.ts"
 * @import { FromTagger, Source, ToTagger } from "./messages.js"
 *
 * `parts` of a picture that is on its way, and what ends the work on one, by its id.
 * @typedef {{parts: Map<number, {texts: string[], size: number}>, ends: Map<number, AbortController>}} Work
 */
import { modelFailure } from "../../app/model_failure.js";
import { CodedError, failureOf } from "../../core/protocol.js";
import { browser } from "./browser.js";
import { chooseModel, chosenModel } from "./chosen_model.js";
import { putIntoInbox, takeFromInbox } from "./inbox.js";
import { isInLibrary } from "./library_contents.js";
import { MAX_BYTES, TAGGER_PORT, isOurs } from "./messages.js";
import { thresholdOf } from "./presets.js";
import { errorWords } from "./error_words.js";
import { borrowTagger, closeTagger, giveBack, replaceTagger } from "./taggers.js";

/** After so long without work the engine's memory is given back; the next picture starts it again. */
const IDLE_MS = 5 * 60_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let idle;
/** How many pictures are being worked on. */
let nWorking = 0;

/** Begins to listen; must be called before anything is awaited. @param {{onIdle?: () => void}} [how] */
export function startTaggerHost({ onIdle = () => {} } = {}) {
    browser.runtime.onConnect.addListener((port) => {
        if (port.name !== TAGGER_PORT || !isOurs(port.sender)) return;
        /** @type {Work} */
        const work = { parts: new Map(), ends: new Map() };
        port.onMessage.addListener((/** @type {ToTagger} */ message) => void receive(port, work, message));
        port.onDisconnect.addListener(() => {
            for (const end of work.ends.values()) end.abort();
            work.parts.clear();
        });
    });
    rest(onIdle);
    resting = onIdle;
}

let resting = () => {};

/** @param {() => void} onIdle */
function rest(onIdle) {
    clearTimeout(idle);
    if (nWorking > 0) return;
    idle = setTimeout(() => {
        closeTagger();
        onIdle();
    }, IDLE_MS);
}

/** @param {Port} port @param {Work} work @param {ToTagger} message */
async function receive(port, work, message) {
    const { id } = message;
    if (message.type === "part") return addPart(work, id, message.base64);
    if (message.type === "cancel") {
        work.parts.delete(id); // it may come before all of the picture has
        return work.ends.get(id)?.abort();
    }
    const end = new AbortController();
    work.ends.set(id, end);
    nWorking++;
    clearTimeout(idle);
    try {
        tell(port, await answer(work, message, end.signal));
    } catch (error) {
        if (!end.signal.aborted) tellFailure(port, message, error);
    } finally {
        nWorking--;
        work.ends.delete(id);
        work.parts.delete(id);
        rest(resting);
    }
}

/** @param {Exclude<ToTagger, {type: "part" | "cancel"}>} message @param {Work} work @param {AbortSignal} signal @returns {Promise<FromTagger>} */
async function answer(work, message, signal) {
    const { id } = message;
    switch (message.type) {
        case "tag":
            return {
                type: "tagged",
                id,
                report: await tag(message, pictureOf(work, id, message.source, signal), signal),
            };
        case "try_model":
            await tryModel(message.key);
            return { type: "tried", id };
        case "keep": {
            const blob = await pictureOf(work, id, message.source, signal);
            const { path, rejected, leftOpen } = message;
            const isThere = await isInLibrary(blob); // first: an open library takes it at once
            const entry = await putIntoInbox({ path, blob, rejected, leftOpen });
            return { type: "kept", id, entry, isThere };
        }
        case "take_back":
            return { type: "taken_back", id, isThere: await takeFromInbox(message.entry) };
    }
}

/** @param {Extract<ToTagger, {type: "tag"}>} message @param {Promise<Blob>} picture on its way @param {AbortSignal} signal */
async function tag({ settings, path }, picture, signal) {
    const key = chosenModel();
    const tagger = borrowTagger(key);
    try {
        const opening = key === null ? tagger.opening : tagger.opening.catch((error) => standIn(key, error));
        const [engine, blob] = await Promise.all([opening, picture]);
        const policy = {
            threshold: thresholdOf(settings, engine.facts),
            language: settings.language,
            ...(settings.maxTags !== null && { max_tags: settings.maxTags }),
        };
        return await engine.tag(blob, { signal, policy, path });
    } finally {
        giveBack(tagger);
    }
}

/**
 * A model of the person's own that is gone, or does not start, is no reason to have none: that of the package stands in from now on.
 * @param {string} key @param {unknown} error @returns {never}
 */
function standIn(key, error) {
    chooseModel(null);
    const { code, detail } = failureOf(error, "own_model_failed");
    throw new CodedError(code === "own_model_missing" ? code : "own_model_failed", detail, key);
}

/** Before it is chosen: as long as it does not start, the one in use stays. @param {string | null} key */
async function tryModel(key) {
    try {
        await replaceTagger(key);
    } catch (error) {
        const { code, detail, subject } = modelFailure(error, "own_model_failed", key ?? "");
        throw new CodedError(code, detail, subject);
    }
}

/** @param {Work} work @param {number} id @param {string} base64 */
function addPart({ parts }, id, base64) {
    const picture = parts.get(id) ?? { texts: [], size: 0 };
    picture.size += base64.length * 0.75;
    // A page's own scripts cannot get here, but a script of ours in a page that was taken over could.
    if (picture.size <= MAX_BYTES + 3) picture.texts.push(base64); // and what base64 fills up with
    parts.set(id, picture);
}

/** @param {Work} work @param {number} id @param {Source} source @param {AbortSignal} signal @returns {Promise<Blob>} */
async function pictureOf({ parts }, id, source, signal) {
    if (source.kind === "url") return fetchPicture(source.url, signal);
    const { texts = [] } = parts.get(id) ?? {};
    const buffers = await Promise.all(
        texts.map(async (text) => (await fetch(`data:application/octet-stream;base64,${text}`)).arrayBuffer()),
    );
    return new Blob(buffers, { type: source.mime });
}

/** With the cookies that the page's own picture came with. @param {string} url @param {AbortSignal} signal */
async function fetchPicture(url, signal) {
    if (!/^https?:/.test(url)) throw new CodedError("address_unreachable", `${url} is no web address.`);
    const how = { credentials: /** @type {const} */ ("include"), cache: /** @type {const} */ ("force-cache"), signal };
    const response = await fetch(url, how).catch((error) => {
        throw new CodedError("address_unreachable", String(error));
    });
    if (!response.ok) throw new CodedError("address_unreachable", `The server answered ${response.status}.`);
    if (Number(response.headers.get("content-length") ?? 0) > MAX_BYTES) throw tooLarge();
    return boundedBlob(response);
}

/** An answer need not say how long it is, nor end. @param {Response} response */
async function boundedBlob(response) {
    let size = 0;
    const bounded = new TransformStream({
        transform(chunk, controller) {
            size += chunk.byteLength;
            if (size > MAX_BYTES) throw tooLarge();
            controller.enqueue(chunk);
        },
    });
    const body = response.body?.pipeThrough(bounded);
    return new Response(body, { headers: { "Content-Type": response.headers.get("content-type") ?? "" } }).blob();
}

const tooLarge = () => new CodedError("picture_file_too_large", `The picture has more than ${MAX_BYTES} bytes.`);

/** @param {Port} port @param {FromTagger} message */
function tell(port, message) {
    try {
        port.postMessage(message);
    } catch {
        // The tab was closed meanwhile.
    }
}

/** @param {Port} port @param {Exclude<ToTagger, {type: "part" | "cancel"}>} message @param {unknown} error */
function tellFailure(port, message, error) {
    const language = "settings" in message ? message.settings.language : message.language;
    const { code, subject } = failureOf(error, "inference_failed");
    const { title, remedy } = errorWords(language, code, subject);
    tell(port, { type: "failed", id: message.id, failure: { code, title, remedy } });
}
