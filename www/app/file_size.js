/** Sizes as people read them. */
import { message } from "../i18n/messages.js";
import * as state from "./state.js";

/** One digit behind the point is enough to compare. @param {number} value */
const rounded = (value) => Math.round(value * 10) / 10;

/** @param {number} bytes */
export function fileSize(bytes) {
    const { value: language } = state.language;
    // What there is is never nothing.
    const kilobytes = bytes > 0 ? Math.max(1, Math.round(bytes / 1e3)) : 0;
    if (bytes < 1e6) return message(language, "kilobytes", { kilobytes });
    if (bytes < 1e9) return message(language, "megabytes", { megabytes: rounded(bytes / 1e6) });
    return message(language, "gigabytes", { gigabytes: rounded(bytes / 1e9) });
}
