/**
 * What the handlers of calls work with: the database, what is remembered beside it, and who hears of changes.
 * @import { Change } from "../protocol.js"
 * @import { Database } from "./database.js"
 * @import { Thumbnails } from "./thumbnails.js"
 */
import { CodedError } from "../../core/protocol.js";
import { identityOf } from "./opening.js";
import { TagTable } from "./tag_table.js";

/** @typedef {Omit<Change, "by">} Changed */

/** What was asked of a library that another one has taken the place of. */
export const libraryReplaced = () =>
    new CodedError("library_replaced", "Another library has taken the place of the one that this was for.");

export class Library {
    /** The tags of runs that were begun through this worker, by position. @type {Map<number, {tags: readonly {id: string, name: string}[], language: string}>} */
    runTags = new Map();

    /**
     * @param {Database} db @param {Thumbnails} thumbnails
     * @param {(by: string, changed: Changed) => void} announce to be called once it is committed
     */
    constructor(db, thumbnails, announce) {
        this.db = db;
        this.thumbnails = thumbnails;
        this.announce = announce;
        this.tags = new TagTable(db);
        /** Which library it is (opening.js). */
        this.id = identityOf(db);
    }
}
