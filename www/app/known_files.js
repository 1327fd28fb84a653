/**
 * Which files are here already. A file of the same path, size and date is the same; one of the same size may be, and its content decides.
 * What comes in together is never compared with itself: a folder that has something twice has two files.
 * @import { FoundFile } from "../platform/platform.d.ts"
 *
 * An addition is what came in at once; only its identity counts.
 * @typedef {object} Addition
 * `hashOf`: a file's SHA-256; null where it cannot be known. `isHere`: whether a file that came in once still is.
 * @typedef {{hashOf: (file: File) => Promise<string | null>, canHash: () => boolean, isHere: (file: File) => boolean}} Files
 */

export class KnownFiles {
    #files;
    /** All that came in, by size and then by addition: files are few of a size, but pictures of a scanner all may be. @type {Map<number, Map<Addition, Set<FoundFile>>>} */
    #bySize = new Map();
    /** By path, size and date. @type {Map<string, Map<Addition, FoundFile>>} */
    #byName = new Map();

    /** @param {Files} files */
    constructor(files) {
        this.#files = files;
    }

    /**
     * Parts what comes in: what is surely new, what surely is here, and what may be, which counts as here until it turns out not to be.
     * @param {readonly FoundFile[]} found @param {Addition} addition
     */
    part(found, addition) {
        /** @type {{fresh: FoundFile[], same: (FoundFile & {other: File})[], doubtful: FoundFile[]}} */
        const groups = { fresh: [], same: [], doubtful: [] };
        for (const one of found) {
            const other = this.#knownByName(one, addition);
            if (other) groups.same.push({ ...one, other });
            else {
                const isDoubtful = this.#files.canHash() && !this.#others(one, addition).next().done;
                groups[isDoubtful ? "doubtful" : "fresh"].push(one);
                this.note(one, addition);
            }
        }
        return groups;
    }

    /** A file of the same content that another addition had; null where none had. @param {FoundFile} found @param {Addition} addition */
    async sameAs(found, addition) {
        const hash = await this.#files.hashOf(found.file);
        if (hash === null) return null;
        for (const other of this.#others(found, addition))
            if ((await this.#files.hashOf(other.file)) === hash && this.#files.isHere(other.file)) return other.file;
        return null;
    }

    /** @param {FoundFile} found @param {Addition} addition */
    note(found, addition) {
        const some = mapIn(this.#bySize, found.file.size);
        const ofAddition = some.get(addition) ?? new Set();
        some.set(addition, ofAddition.add(found));
        mapIn(this.#byName, nameOf(found)).set(addition, found);
    }

    /** It did not come in after all. @param {FoundFile} found @param {Addition} addition */
    forget(found, addition) {
        this.#bySize.get(found.file.size)?.get(addition)?.delete(found);
        const some = this.#byName.get(nameOf(found));
        if (some?.get(addition) === found) some.delete(addition);
    }

    /** @param {FoundFile} found @param {Addition} addition @returns {File | null} */
    #knownByName(found, addition) {
        for (const [other, { file }] of this.#byName.get(nameOf(found)) ?? [])
            if (other !== addition && this.#files.isHere(file)) return file;
        return null;
    }

    /** Files of other additions, as large as this one, that are here. @param {FoundFile} found @param {Addition} addition */
    *#others({ file }, addition) {
        for (const [other, files] of this.#bySize.get(file.size) ?? []) {
            if (other === addition) continue;
            for (const one of files) if (this.#files.isHere(one.file)) yield one;
        }
    }
}

/** @param {FoundFile} found */
const nameOf = ({ file, path }) => `${file.size} ${file.lastModified} ${path}`;

/** @template Key, Inner, Value @param {Map<Key, Map<Inner, Value>>} maps @param {Key} key @returns {Map<Inner, Value>} */
function mapIn(maps, key) {
    const known = maps.get(key) ?? new Map();
    maps.set(key, known);
    return known;
}

/** The files' SHA-256 by WebCrypto; each is asked for once. @param {(file: File) => string | null} known what was found out otherwise */
export function hashes(known) {
    /** @type {WeakMap<File, Promise<string | null>>} */
    const asked = new WeakMap();
    return (/** @type {File} */ file) => {
        const hash = known(file);
        if (hash) return Promise.resolve(hash);
        const asking = asked.get(file) ?? sha256Of(file);
        asked.set(file, asking);
        return asking;
    };
}

/** Pages that are no secure context have no WebCrypto. */
export const canHash = () => globalThis.crypto?.subtle !== undefined;

/** What cannot be read has none: its card will say why. @param {Blob} file @returns {Promise<string | null>} */
export async function sha256Of(file) {
    try {
        const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
        return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
    } catch {
        return null;
    }
}
