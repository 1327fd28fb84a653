/**
 * Whether packed candidates and boxes are what a run can have found: tags that are there, components that the run has, numbers in their
 * ranges. The session refuses a whole library for one that is not, so a backup with such is not let in.
 * @import { Database, Row } from "./database.js"
 */

/** Floats of an entry between its tag and its component: score and confidence, or confidence and region. */
const KINDS = /** @type {const} */ ([
    { column: 2, size: 13, nFloats: 2, confidence: 1 },
    { column: 3, size: 25, nFloats: 5, confidence: 0 },
]);

/** @param {Database} database @returns {string | null} the first that is not, as a sentence without its full stop */
export function findForeignEntry(database) {
    const tags = new Set(database.all("SELECT id FROM tag", [], (row) => row.real(0)));
    const components = new Map(
        database.all("SELECT id, json_array_length(components) FROM run", [], (row) => [row.real(0), row.int(1)]),
    );
    /** @type {string | null} */
    let found = null;
    database.each("SELECT asset, run, candidates, boxes FROM tagging", [], (row) => {
        const n = components.get(row.real(1)) ?? 0;
        if (KINDS.every((kind) => isSound(row, kind, tags, n))) return true;
        found = `the tagging of asset ${row.real(0)} by run ${row.real(1)} has an entry that no run can have found`;
        return false;
    });
    return found;
}

/** @param {Row} row @param {typeof KINDS[number]} kind @param {ReadonlySet<number>} tags @param {number} nComponents */
function isSound(row, { column, size, nFloats, confidence }, tags, nComponents) {
    const bytes = row.bytes(column);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const n = bytes.length / size;
    for (let idx = 0; idx < n; idx++) {
        if (!tags.has(view.getUint32(4 * idx, true))) return false;
        const sure = view.getFloat32(4 * (n * (1 + confidence) + idx), true);
        if (!(sure >= 0 && sure <= 1)) return false;
        if (view.getUint8(size * n - n + idx) >= nComponents) return false;
    }
    for (let at = 4 * n; at < 4 * n * (1 + nFloats); at += 4)
        if (!Number.isFinite(view.getFloat32(at, true))) return false;
    return true;
}
