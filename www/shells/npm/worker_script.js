/** What `new Worker` takes, wherever the package was loaded from. */

/** @type {{createScriptURL: (url: string) => unknown} | undefined} */
let policy;

/** The browser starts no worker from another origin; one of this origin may load its script from there. @param {URL} script */
export function scriptOf(script) {
    if (script.origin === location.origin || script.protocol === "data:") return trusted(script.href);
    const loader = new Blob([`importScripts(${JSON.stringify(script.href)});`], { type: "text/javascript" });
    return trusted(URL.createObjectURL(loader));
}

/** For pages under Trusted Types, which have to name the policy "tagsmith". @param {string} url */
function trusted(url) {
    const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: Function}}} */ (
        /** @type {unknown} */ (globalThis)
    );
    policy ??= trustedTypes?.createPolicy("tagsmith-package", { createScriptURL: (/** @type {string} */ one) => one });
    return policy ? policy.createScriptURL(url) : url;
}
