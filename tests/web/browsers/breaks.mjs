/**
 * A small break of the page for each step of the job, at which exactly that step must fail: a step that cannot fail proves nothing.
 *
 * `script` runs in the page before its own scripts; `file` is served with `from` in place of `to`.
 * @typedef {{script: () => void} | {file: RegExp, from: RegExp, to: string}} Break
 */

/** @type {Record<keyof typeof import("./job.mjs").STEPS, Break>} */
export const BREAKS = {
    open: { file: /^\/engine-.*\.wasm$/, from: /^.*$/s, to: "" },
    add: { script: () => addEventListener("change", (event) => event.stopImmediatePropagation(), true) },
    "same tags": { file: /^\/model\..*\.json$/, from: /\b127\b/g, to: "100" },
    threshold: { script: () => swallow("input", "threshold") },
    correct: { script: () => swallow("click", "reject-tag") },
    undo: { script: () => swallow("click", "undo") },
    "own tag": { script: () => swallow("keydown", "add-tag") },
    why: { script: () => swallow("click", "why") },
    csv: { script: () => spoil("text/csv", (text) => text.replaceAll("own:", "")) },
    jsonl: { script: () => spoil("application/x-ndjson", (text) => text.replaceAll('"width":', '"width":1')) },
    xmp: { script: () => spoil("application/zip", (text) => text.slice(1)) },
    "self-test": { file: /^\/self_test\..*\.json$/, from: /"confidence":\s*0\.\d/, to: '"confidence":0.0' },
    narrow: { script: () => void setInterval(() => document.body.style.setProperty("min-width", "400px"), 50) },
    quiet: { script: () => on("click", "export", () => void (new Image().src = "https://elsewhere.invalid/x.png")) },
    // WebKitGTK keeps nothing, which the page has to say.
    reload: {
        script: () => void setInterval(() => document.querySelector('[data-line="nothing-kept"]')?.remove(), 50),
    },
    "without a network": { file: /^\/sw\.js$/, from: /^.*$/s, to: "" },
};

/** Keeps an event from everything that has this `data-do`. @param {string} kind @param {string} name */
function swallow(kind, name) {
    const stop = (/** @type {Event} */ event) => {
        if (!isOn(event, name)) return;
        event.stopImmediatePropagation();
        event.preventDefault();
    };
    addEventListener(kind, stop, true);
}

/** @param {string} kind @param {string} name @param {() => void} act */
function on(kind, name, act) {
    addEventListener(kind, (event) => void (isOn(event, name) && act()), true);
}

/** @param {Event} event @param {string} name */
function isOn({ target }, name) {
    return target instanceof Element && target.closest(`[data-do="${name}"]`) !== null;
}

/** Alters what is saved as that type, byte by byte as a text of signs below 256. @param {string} type @param {(text: string) => string} change */
function spoil(type, change) {
    const { createObjectURL } = URL;
    const { click } = HTMLAnchorElement.prototype;
    /** @type {Map<string, Blob>} */
    const blobs = new Map();
    URL.createObjectURL = (/** @type {any} */ blob) => {
        const url = createObjectURL(blob);
        if (blob.type.startsWith(type)) blobs.set(url, blob);
        return url;
    };
    HTMLAnchorElement.prototype.click = async function () {
        const blob = blobs.get(this.href);
        if (blob) {
            const text = Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(
                "",
            );
            this.href = createObjectURL(new Blob([Uint8Array.from(change(text), (sign) => sign.charCodeAt(0))]));
        }
        click.call(this);
    };
}

/** What a script of a break may call. */
const MEANS = [swallow, on, isOn, spoil].join("\n");

/** Breaks what a host serves. @param {import("../host.mjs").Host} host @param {Break} broken */
export function breakHost(host, broken) {
    if ("file" in broken) return host.alter(broken.file, (text) => text.replace(broken.from, broken.to));
    // Before the page's own code, but for what it imports, which does nothing by itself.
    const script = `(() => {\n${MEANS}\n(${broken.script})();\n})();\n`;
    host.alter(/^\/page\..*\.js$/, (text) => script + text);
}
