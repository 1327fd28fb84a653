/**
 * @import { Which } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import order from "../queries/order.sql";

/** The setting with the id of the next file: no file gets one that another had. */
export const NEXT_ID = "next_file_id";

/** The files that are meant, in their order. @param {Library} library @param {Which} which @returns {Uint32Array<ArrayBuffer>} */
export function idsOf({ db }, { collection, ids, from = 0, n }) {
    if (ids) return Uint32Array.from(ids);
    const all = Uint32Array.from(db.all(order, [collection], (row) => row.real(0)));
    return from === 0 && n === undefined ? all : all.slice(from, n === undefined ? undefined : from + n);
}
