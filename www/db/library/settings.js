/**
 * @import { Library } from "./library.js"
 */
const PUT = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/** @param {Library} library @param {Record<string, unknown>} settings by name */
export function putSettings({ db }, settings) {
    for (const [name, value] of Object.entries(settings)) db.run(PUT, [name, JSON.stringify(value)]);
}
