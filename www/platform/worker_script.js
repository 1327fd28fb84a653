/** How a page starts its workers, and the one policy of Trusted Types that may name scripts. */
import { fetchFile } from "../core/engine.js";

/**
 * The worker's script as a `blob:` address. A worker from there is under the page's own content security policy, whatever headers the
 * host sends; one from the network would be under those of its own answer alone, and on a plain static host there are none.
 */
export class WorkerScript {
    /** @type {Promise<unknown> | null} */
    #blobUrl = null;

    /** @param {URL} url */
    constructor(url) {
        this.source = url;
    }

    /** @param {string} name */
    async start(name) {
        return new Worker(/** @type {URL} */ (await this.#url()), { name: `tagsmith ${name}` });
    }

    /** What `new Worker` takes, fetched once. A fetch that failed is tried again the next time. */
    #url() {
        this.#blobUrl ??= this.#fetch().catch((error) => {
            this.#blobUrl = null;
            throw error;
        });
        return this.#blobUrl;
    }

    async #fetch() {
        const script = await (await fetchFile(this.source)).blob();
        return trustedScript(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    }
}

/** Which origins its address may name is the service worker's to say. */
const PROVIDER = /^provider(\.[0-9a-f]{10})?\.js(\?[^#]*)?$/;

/** The one policy that may name scripts: the workers', and the service worker of this build. @type {{createScriptURL: (url: string) => unknown} | undefined} */
let policy;

/** @param {string} url */
export function trustedScript(url) {
    const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: Function}}} */ (
        /** @type {unknown} */ (globalThis)
    );
    policy ??= trustedTypes?.createPolicy("tagsmith", {
        createScriptURL(/** @type {string} */ wanted) {
            const { href } = new URL(".", document.baseURI);
            const name = wanted.startsWith(href) ? wanted.slice(href.length) : "";
            if (wanted.startsWith(`blob:${origin}/`) || name === "sw.js" || PROVIDER.test(name)) return wanted;
            throw new TypeError(`Not a script of this build: ${wanted}`);
        },
    });
    return policy ? policy.createScriptURL(url) : url;
}
