/**
 * What is set, by name: each page and program has its own names, and leaves those of others alone.
 * @import { WithStep } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import putSetting from "../queries/put_setting.sql";
import { LIBRARY_ID } from "./opening.js";
import { NEXT_ID } from "./order.js";
import { withStep } from "./steps.js";

/** @param {Library} library @returns {Record<string, unknown>} */
export function settingsOf({ db }) {
    const query = "SELECT name, value FROM setting WHERE name NOT IN (?1, ?2)";
    return Object.fromEntries(db.all(query, [NEXT_ID, LIBRARY_ID], (row) => [row.text(0), JSON.parse(row.text(1))]));
}

/** As part of a transaction. @param {Library} library @param {Record<string, unknown>} settings */
export function putSettings({ db }, settings) {
    for (const [name, value] of Object.entries(settings)) db.run(putSetting, [name, JSON.stringify(value)]);
}

export const settingCalls = {
    /** @param {Library} library */
    settings: (library) => settingsOf(library),

    /** @param {Library} library @param {{settings: Record<string, unknown>} & WithStep} params @param {string} by */
    save_settings(library, { settings, step, move }, by) {
        withStep(library, { step, move }, () => putSettings(library, settings));
        library.announce(by, { settings: true, ...((step || move) && { steps: true }) });
        return null;
    },
};
