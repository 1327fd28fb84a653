/** What keeps the library from being opened, read or written, on the page; the store goes on with what it was given once it can. */
import { CodedError, failureOf } from "../../core/protocol.js";
import * as state from "../state.js";

/** @param {unknown} error @param {string} [code] where it has none of its own */
export function reportUnwritten(error, code = "library_unwritten") {
    if (Object(error).name === "AbortError") return;
    const failure = failureOf(error, code);
    if (failure.code === "library_damaged") state.isLibraryDamaged.value = true;
    // What could not be fetched was the store, and trying again is opening it again.
    state.problem.value = failure.code === "engine_unreachable" ? { ...failure, code } : failure;
}

/** @param {unknown} error */
export const reportUnread = (error) => reportUnwritten(error, "library_unreadable");

/** What the library found when it looked itself over. @param {readonly string[]} tables */
export const reportDamage = (tables) => reportUnread(new CodedError("library_damaged", tables.join(", ")));

/** There is no room: what is to be written waits for it. @param {boolean} isStalled */
export function reportStalled(isStalled) {
    state.isFull.value = isStalled;
    if (isStalled) state.problem.value = { code: "library_full", detail: "" };
    else if (state.problem.value?.code === "library_full") state.problem.value = null;
}
