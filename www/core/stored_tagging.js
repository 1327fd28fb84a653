/**
 * A tagging as it is kept, turned back into what a tagger gave: for whoever goes on with it, as the second look does. The layouts are in
 * docs/formats/library.md.
 * @import { StoredTaggings, Tagging } from "./engine_api.d.ts"
 */

/**
 * The model's of `stored`, what is kept of one picture; null where there is none, or a tag of it is not among those of the model.
 * @param {StoredTaggings} stored @param {ReadonlyMap<number, number>} positions in the vocabulary, by the ids of the table of tags
 * @returns {Tagging | null}
 */
export function taggingOf(stored, positions) {
    // Those of own taggers and providers come behind it.
    if (stored.ids.length === 0 || foundByOthers(stored).length === stored.ids.length) return null;
    const { facts } = stored;
    const [candidates, boxes] = [
        stored.candidates.subarray(0, stored.lengths[0]),
        stored.boxes.subarray(0, stored.box_lengths[0]),
    ];
    const [n, nBoxes] = [candidates.length / 13, boxes.length / 25];
    const tags = positionsIn(candidates, n, positions);
    const boxTags = positionsIn(boxes, nBoxes, positions);
    if (!tags || !boxTags) return null;
    return {
        ...JSON.parse(facts)[0],
        tags,
        scores: floats(candidates, 4 * n, n),
        confidences: floats(candidates, 8 * n, n),
        components: candidates.slice(12 * n),
        boxes: {
            tags: boxTags,
            confidences: floats(boxes, 4 * nBoxes, nBoxes),
            regions: floats(boxes, 8 * nBoxes, 4 * nBoxes),
            components: boxes.slice(24 * nBoxes),
        },
    };
}

/** @param {Uint8Array} bytes @param {number} n @param {ReadonlyMap<number, number>} positions */
function positionsIn(bytes, n, positions) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found = new Uint16Array(n);
    for (let idx = 0; idx < n; idx++) {
        const position = positions.get(view.getUint32(4 * idx, true));
        if (position === undefined) return null;
        found[idx] = position;
    }
    return found;
}

/** @param {Uint8Array} bytes @param {number} from @param {number} n */
function floats(bytes, from, n) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Float32Array.from({ length: n }, (_, idx) => view.getFloat32(from + 4 * idx, true));
}

/** The pictures in which a provider or an own tagger found something. @param {StoredTaggings | null} taggings @returns {number[]} */
export function foundByOthers(taggings) {
    const runs = new Set(taggings?.run_rows.filter(({ kind = "model" }) => kind !== "model").map(({ id }) => id));
    if (!taggings || runs.size === 0) return [];
    return Array.from(taggings.ids).filter((_, idx) => runs.has(taggings.runs[idx] ?? -1));
}
