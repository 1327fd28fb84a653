/**
 * The browser's own language model (Prompt API: Chrome 148 and later, on desktops that can run it). It is of the window, not of workers, and
 * nothing of what it is asked leaves the device. Written after its public description; nobody here has run a real one.
 * @import { BrowserModel } from "./platform.d.ts"
 *
 * @typedef {EventTarget} Monitor tells `downloadprogress`, with a share as `loaded`
 * @typedef {{
 *   clone: (how: {signal: AbortSignal | undefined}) => Promise<Session>, destroy: () => void,
 *   prompt: (messages: readonly object[], how: {responseConstraint: object, signal: AbortSignal | undefined}) => Promise<string> }} Session
 * @typedef {{
 *   availability: (wanted: object) => Promise<string>,
 *   create: (wanted: {monitor: (monitor: Monitor) => void, signal: AbortSignal | undefined} & object) => Promise<Session> }} LanguageModel
 */

const STATES = /** @type {const} */ (["unavailable", "downloadable", "downloading", "available"]);

/** Pictures and questions in English go in, text of a language comes out. @param {string} language */
const wanted = (language) => ({
    expectedInputs: [{ type: "image" }, { type: "text", languages: ["en"] }],
    expectedOutputs: [{ type: "text", languages: [language] }],
});

/** Null where the browser has none. @param {{LanguageModel?: LanguageModel}} scope the window @returns {BrowserModel | null} */
export function findBrowserModel({ LanguageModel: api }) {
    if (!api) return null;
    return {
        async availability(language) {
            const said = await api.availability(wanted(language));
            return STATES.find((state) => state === said) ?? "unavailable";
        },
        async open({ language, onProgress, signal }) {
            const session = await api.create({
                ...wanted(language),
                signal,
                monitor: (monitor) =>
                    monitor.addEventListener("downloadprogress", (event) =>
                        onProgress(/** @type {ProgressEvent} */ (event).loaded),
                    ),
            });
            return {
                /** In a copy of the session that has heard of no other picture. */
                async ask(picture, prompt, constraint, how = {}) {
                    const alone = await session.clone({ signal: how.signal });
                    const content = [
                        { type: "text", value: prompt },
                        { type: "image", value: picture },
                    ];
                    try {
                        const options = { responseConstraint: constraint, signal: how.signal };
                        return await alone.prompt([{ role: "user", content }], options);
                    } finally {
                        alone.destroy();
                    }
                },
                close: () => session.destroy(),
            };
        },
    };
}
