/**
 * What a page that is a single file begins with: this script, which stands in it as it is. It shows that something happens, takes the files
 * as the browser comes to them, and starts the page's own script once that is there.
 */
import { Packed } from "../../platform/packed.js";

const scope =
    /** @type {{tagsmithPacked?: Packed, takeFile?: () => void, tagsmithIsOpen?: true} & typeof globalThis} */ (
        globalThis
    );
/** How many bytes each of the files has, in the order in which they come. @type {Record<string, number>} */
const sizes = JSON.parse(document.querySelector('meta[name="tagsmith-files"]')?.getAttribute("content") ?? "{}");
const packed = new Packed(Object.keys(sizes));
scope.tagsmithPacked = packed;

const bar = document.querySelector("progress");
if (bar) bar.max = Object.values(sizes).reduce((sum, size) => sum + size, 0);

/** The words of the other language go. */
const isSwedish =
    navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === "sv" || tag === "en") === "sv";
const language = isSwedish ? "sv" : "en";
document.documentElement.lang = language;
for (const other of document.querySelectorAll(`#opening [lang]:not([lang="${language}"])`)) other.remove();

/** Each file is followed by a script that calls this. */
scope.takeFile = () => {
    const { currentScript } = document;
    const element = currentScript?.previousElementSibling;
    if (!element) return;
    const size = packed.take(element);
    if (bar) bar.value += size;
    currentScript.remove();
};
document.addEventListener("DOMContentLoaded", () => packed.end());

begin().catch((error) => {
    const problem = document.querySelector("#opening [data-problem]");
    problem?.removeAttribute("hidden");
    if (problem) /** @type {HTMLElement} */ (problem).title = String(error);
    bar?.remove();
});

async function begin() {
    const code = await (await packed.open("page.js")).text();
    const script = document.createElement("script");
    script.text = trusted(code);
    document.head.append(script);
    if (!scope.tagsmithIsOpen) throw new Error("The page's script is not the one that this file was made with.");
}

/** The policy of the page lets this one script through, by its hash. @param {string} code @returns {string} */
function trusted(code) {
    const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: Function}}} */ (
        /** @type {unknown} */ (globalThis)
    );
    const policy = trustedTypes?.createPolicy("tagsmith-opening", {
        createScript: (/** @type {string} */ text) => text,
    });
    return policy ? policy.createScript(code) : code;
}
