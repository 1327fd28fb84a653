/**
 * In a page that is a single file nothing can be fetched from anywhere: the build puts this in place of the browser's `fetch`, so that
 * whoever asks for a file of the build gets it out of the page.
 */

/** The addresses of the files. */
const SCHEME = "packed:";

/** @param {string} name */
export const packedUrl = (name) => new URL(`${SCHEME}/${name}`);

/** @returns {import("./packed.js").Packed} there before any script of the page (shells/demo/opening.js) */
export const packed = () => /** @type {any} */ (globalThis).tagsmithPacked;

/** @param {URL | string} url */
export async function fetch(url) {
    const { protocol, pathname } = new URL(url);
    if (protocol !== SCHEME) throw new TypeError(`${protocol} is out of reach: this page has no network.`);
    return packed().open(decodeURIComponent(pathname.slice(1)));
}
