/**
 * The list of what was left out: copied, and cleared.
 * @import { Context } from "../context.js"
 * @import { LeftOutReason } from "../state.js"
 */
import { message } from "../../i18n/messages.js";
import * as state from "../state.js";
import { notify } from "./notices.js";

/** The reasons in the order in which they are listed: first what can still come in. @type {readonly LeftOutReason[]} */
const REASONS = ["same", "denied", "gone", "unreadable", "not_picture", "hidden", "system"];

/** The paths of what was left out, by reason. */
export function leftOutByReason() {
    const groups = REASONS.map((reason) => ({
        reason,
        paths: state.leftOut.value.filter((one) => one.reason === reason).map(({ path }) => path),
    }));
    return groups.filter(({ paths }) => paths.length > 0);
}

/** @param {Context} context */
export function createLeftOut({ platform }) {
    /** One line a name, whatever is in it; set in, so that no spreadsheet takes a name for a formula. */
    function asText() {
        const parts = leftOutByReason().map(({ reason, paths }) => {
            const heading = message(state.language.value, `left_out_${reason}`);
            return [heading, ...paths.map((path) => `  ${path.replace(/[\p{Cc}\u2028\u2029]/gu, " ")}`)].join("\n");
        });
        return `${parts.join("\n\n")}\n`;
    }

    async function copyLeftOut() {
        try {
            if (!platform.copyText) throw new Error("There is no clipboard.");
            await platform.copyText(asText());
            notify("said_copied");
        } catch {
            notify("said_not_copied");
        }
    }

    function clearLeftOut() {
        state.leftOut.value = [];
    }

    return { clearLeftOut, copyLeftOut };
}
