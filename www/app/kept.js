/**
 * What a session worker is filled with: pictures, failures and corrections as the page has them, and what was found as the store has it.
 * @import { Kept } from "../core/session_options.d.ts"
 * @import { Filling } from "../core/protocol.js"
 * @import { Library } from "./library.js"
 */
import { asAdded } from "./entries.js";
import * as state from "./state.js";

/** The first part is what is on screen; the larger the parts, the fewer times everything is counted. */
const FIRST_SIZE = 500;
const SIZE = 10_000;

/** @param {Library} library @param {(error: unknown, code: string) => void} onFailed @returns {Kept} */
export function createKept(library, onFailed) {
    /** @param {readonly number[]} ids @param {(id: number) => boolean} hasOthers @returns {AsyncGenerator<Filling>} */
    async function* fillings(ids, hasOthers) {
        /** Of what has just come in, nothing is asked: the library may have to be made first. @param {number} id */
        const isKept = (id) => {
            const picture = state.pictureOf(id);
            return picture !== undefined && (Boolean(picture.looks) || picture.file === null || hasOthers(id));
        };

        let nTold = 0;
        for (let first = 0, size = FIRST_SIZE; first < ids.length; first += size, size = SIZE) {
            const some = ids.slice(first, first + size);
            const stored = await storedOf(some.filter(isKept));
            const { length } = stored?.tags ?? [];
            yield fillingOf(some, stored, length > nTold);
            nTold = Math.max(nTold, length);
        }
    }

    /** Without what cannot be read the pictures are there all the same, and the page says so. @param {number[]} ids */
    async function storedOf(ids) {
        if (ids.length === 0) return null;
        try {
            const model = await library.modelRef();
            const taggings = library.call("taggings", { collection: library.collection, ids, model });
            const tags = library.call("tags", {}); // asked for after them, it has all that they name
            const texts = library.call("texts", { ids });
            return { taggings: await taggings, tags: await tags, texts: await texts };
        } catch (error) {
            onFailed(error, "library_unreadable");
            return null;
        }
    }

    /**
     * @param {readonly number[]} ids @param {Awaited<ReturnType<typeof storedOf>>} stored
     * @param {boolean} hasNewTags whether the table has grown @returns {Filling}
     */
    function fillingOf(ids, stored, hasNewTags) {
        const pictures = ids.flatMap((id) => state.pictureOf(id) ?? []); // some may be gone meanwhile
        return {
            tags: hasNewTags ? (stored?.tags ?? null) : null,
            adds: pictures.map(asAdded),
            fails: pictures.flatMap(({ id, error }) => (error ? [{ id, code: error.code, detail: error.detail }] : [])),
            corrections: pictures.flatMap(({ id, corrections }) => (corrections ? [{ id, corrections }] : [])),
            taggings: stored?.taggings ?? null,
            texts: stored?.texts ?? [],
        };
    }

    return {
        ids: () => [...state.pictures.keys()],
        fillings,
        isHere: (id) => state.pictures.has(id),
        hasTags(id) {
            const { looks = 0, error, corrections } = state.pictureOf(id) ?? {};
            return looks > 0 || error !== undefined || corrections !== undefined;
        },
    };
}
