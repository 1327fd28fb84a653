/** What a collection is called. */
import { message } from "../i18n/messages.js";
import * as state from "./state.js";

/** A longer name is cut: nobody reads it, and it has to fit where names stand. */
export const MAX_NAME = 200;

/** What is typed or read from a folder as a name: on one line, without the signs that turn the direction of writing. @param {string} text */
export const asName = (text) =>
    Array.from(
        text
            .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu, " ")
            .replace(/\s+/g, " ")
            .trim(),
    )
        .slice(0, MAX_NAME)
        .join("");

/** One without a name is called as the page calls it. @param {{name: string}} collection */
export const nameOf = ({ name }) => asName(name) || message(state.language.value, "my_pictures");
