/**
 * The texts of an answer, field by field.
 * @import { Found } from "./outcomes.js"
 */

const FIELDS = /** @type {const} */ (["title", "description", "alt_text"]);

/** Those that say something. @param {Found} found @returns {{field: (typeof FIELDS)[number], text: string}[]} */
export const fieldsOf = (found) =>
    FIELDS.flatMap((field) => {
        const text = found[field]?.trim();
        return text ? [{ field, text }] : [];
    });
