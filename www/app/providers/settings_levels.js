/**
 * Settings at several levels, as an instance overrides the system: what a level does not say is as the one before it has it, field by field.
 *
 * @template {string} Level @typedef {{level: Level, values: Readonly<Record<string, unknown>>}} LevelValues
 */

/**
 * What holds, and which level says so. A field that is undefined is not set; false, 0, "" and null are.
 * @template {string} Level
 * @param {readonly LevelValues<Level>[]} levels from the widest to the narrowest
 * @returns {Record<string, {value: unknown, from: Level}>}
 */
export function resolve(levels) {
    /** @type {Map<string, {value: unknown, from: Level}>} */
    const all = new Map();
    for (const { level, values } of levels)
        for (const [field, value] of Object.entries(values))
            if (value !== undefined) all.set(field, { value, from: level });
    return Object.fromEntries(all);
}
