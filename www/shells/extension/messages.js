/**
 * Every message between the parts of the extension, typed once.
 *
 * To the background, which alone has all of the browser's calls. Asked with `askBackground`:
 * @typedef {(
 *   | {type: "wake_tagger"}
 *   | {type: "has_permission", origin: string}
 *   | {type: "ask_permission", origin: string}
 *   | {type: "open_library", windowId?: number | undefined}
 *   | {type: "open_options"}
 * )} ToBackground
 * @typedef {{wake_tagger: null, has_permission: boolean, ask_permission: boolean, open_library: null, open_options: null}} BackgroundAnswers
 *
 * To the content script of a frame, from the background or the popup:
 * @typedef {(
 *   | {type: "show_panel", srcUrl: string | null, targetElementId: number | null, closedFrame: string | null}
 *   | {type: "list_pictures"}
 *   | {type: "tag_listed", key: string, model: string | null}
 *   | {type: "cancel_listed"}
 *   | {type: "point_at", key: string}
 * )} ToContent
 *
 * `model`: which one is chosen; it only says whether what is known of a picture holds. `closedFrame`: the address of the frame where the menu was opened, where extensions may not go.
 *
 * A picture of a page, as the popup lists it. `alt`: its alternative text, or what else it is called; "" where it is said to be decoration, null where there is none.
 * @typedef {{key: string, kind: string, address: string, alt: string | null, lacksAlt: boolean, width: number, height: number}} ListedPicture
 *
 * Through the port to the tagger. A picture comes as parts in base64, or as an address where only the extension may fetch it. `keep` puts it into
 * the library's inbox with what a person rejected, and what no longer: `leftOpen`.
 * @typedef {{kind: "parts", mime: string} | {kind: "url", url: string}} Source
 * @typedef {(
 *   | {type: "part", id: number, base64: string}
 *   | {type: "tag", id: number, source: Source, path: string, settings: TagSettings}
 *   | {type: "keep", id: number, source: Source, path: string, rejected: RejectedTag[], leftOpen: RejectedTag[], language: Language}
 *   | {type: "try_model", id: number, key: string | null, language: Language}
 *   | {type: "take_back", id: number, entry: number, language: Language}
 *   | {type: "cancel", id: number}
 * )} ToTagger
 * @typedef {(
 *   | {type: "tagged", id: number, report: Report}
 *   | {type: "kept", id: number, entry: number, isThere: boolean}
 *   | {type: "tried", id: number}
 *   | {type: "taken_back", id: number, isThere: boolean}
 *   | {type: "failed", id: number, failure: Told}
 * )} FromTagger
 *
 * `kept`: `isThere` where the library has the picture already.
 *
 * What went wrong, as it is shown. `origin`: the host whose pictures the extension may not read yet.
 * @typedef {{code: string, title: string, remedy: string, origin?: string}} Told
 * @typedef {{id: string, name: string}} RejectedTag
 * @typedef {{preset: Preset, threshold: number, maxTags: number | null, language: Language}} TagSettings
 * @typedef {import("../../i18n/messages.js").Language} Language
 *
 * @typedef {import("../../core/report.d.ts").Report} Report
 * @typedef {import("../../core/report.d.ts").ReportTag} ReportTag
 *
 * @import { Preset } from "./presets.js"
 * @import { Sender } from "./browser_api.d.ts"
 */
import { browser } from "./browser.js";

/** The name of the port to the tagger. */
export const TAGGER_PORT = "tagger";
/** Of a picture's file, as the engine's own limit; what is larger is not sent anywhere. */
export const MAX_BYTES = 64 * 2 ** 20;
/** So much of a picture goes into one message: browsers end a message of 64 MiB. */
export const PART_BYTES = 12 * 2 ** 20;

/** @template {ToBackground["type"]} T @param {Extract<ToBackground, {type: T}>} message @returns {Promise<BackgroundAnswers[T]>} */
export const askBackground = (message) => browser.runtime.sendMessage(message);

/** Whether a message comes from this extension itself, and not from a web page or another one. @param {Sender | undefined} sender */
export const isOurs = (sender) => sender?.id === browser.runtime.id;
