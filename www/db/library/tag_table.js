/**
 * The tags that are stored: a number for every tag that a tagging or a correction names, given when it is first named.
 * @import { Database } from "./database.js"
 */
import addTag from "../queries/add_tag.sql";
import tagId from "../queries/tag_id.sql";

export class TagTable {
    #db;
    /** @type {Map<string, number>} */
    #ids = new Map();

    /** @param {Database} db */
    constructor(db) {
        this.#db = db;
        db.onRollback(() => this.#ids.clear());
    }

    /** @param {{id: string, name: string, language?: string | null | undefined}} tag */
    idOf({ id: ref, name, language = null }) {
        const known = this.#ids.get(ref) ?? this.#db.first(tagId, [ref], (row) => row.real(0));
        const id = known ?? /** @type {number} */ (this.#db.first(addTag, [ref, name, language], (row) => row.real(0)));
        this.#ids.set(ref, id);
        return id;
    }
}
