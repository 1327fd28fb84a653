/**
 * The files that lie in a page that is a single file: each packed, as text, in an element of its own (tools/build_demo.mjs), in the order in
 * which they are needed. They are there as the browser comes to them, and unpacked when somebody asks for one.
 * @typedef {{content: Promise<Blob>, resolve: (content: Blob) => void, reject: (error: Error) => void}} Awaited
 */
import { toBytes } from "./text_bytes.js";

/** What browsers want to know of a file. @type {Record<string, string>} */
const TYPES = {
    css: "text/css",
    jpg: "image/jpeg",
    js: "text/javascript",
    json: "application/json",
    png: "image/png",
    txt: "text/plain;charset=utf-8",
    wasm: "application/wasm",
    webp: "image/webp",
};

export class Packed {
    /** @type {Map<string, Awaited>} */
    #files;

    /** @param {readonly string[]} names of all that the page has */
    constructor(names) {
        this.#files = new Map(names.map((name) => [name, awaited()]));
    }

    /** @param {Element} element which is taken away, as it would be there twice */
    take(element) {
        const name = element.getAttribute("data-file") ?? "";
        const bytes = toBytes(element.textContent ?? "");
        element.remove();
        this.#files.get(name)?.resolve(new Blob([bytes]));
        return bytes.length;
    }

    /** The page is there as a whole: what has not come by now never will. */
    end() {
        for (const [name, { reject }] of this.#files) reject(new Error(`${name} is missing: the file is not whole.`));
    }

    /** @param {string} name @returns {Promise<Response>} */
    async open(name) {
        const file = this.#files.get(name);
        if (!file) throw new Error(`There is no ${name} in this file.`);
        const stream = (await file.content).stream().pipeThrough(new DecompressionStream("gzip"));
        const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
        return new Response(stream, { headers: { "Content-Type": type } });
    }
}

/** @returns {Awaited} */
function awaited() {
    /** @type {Pick<Awaited, "resolve" | "reject">} */
    let how = { resolve: () => {}, reject: () => {} };
    const content = /** @type {Promise<Blob>} */ (
        new Promise((resolve, reject) => {
            how = { resolve, reject };
        })
    );
    content.catch(() => {}); // whoever asks for it hears of it
    return { content, ...how };
}
