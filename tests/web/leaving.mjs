/** Ways out of the page, tried for real. */

/** An origin that is not the page's. */
export const OTHER = "http://elsewhere.test/tag";

/** Every way out that page and workers have, one after the other; what each came to. Runs in the browser. @param {string} url */
export async function tryToLeave(url) {
    /** @type {Record<string, string>} */
    const outcomes = {};
    /** @param {string} name @param {() => Promise<unknown>} way */
    const attempt = async (name, way) => {
        const late = new Promise((_, fail) => setTimeout(() => fail(new Error("nothing came")), 3000));
        outcomes[name] = await Promise.race([way(), late]).then(
            () => "arrived",
            (error) => error.name ?? "refused",
        );
    };
    const eventOf = (/** @type {any} */ target, /** @type {string} */ good) =>
        new Promise((resolve, reject) => {
            target.addEventListener(good, resolve);
            target.addEventListener("error", reject);
        });
    await attempt("fetch", () => fetch(url, { mode: "no-cors" }));
    await attempt("socket", async () => eventOf(new WebSocket(url.replace("http", "ws")), "open"));
    await attempt("events", async () => eventOf(new EventSource(url), "open"));
    if (!globalThis.document) return outcomes;
    await attempt("picture", async () => eventOf(Object.assign(new Image(), { src: url }), "load"));
    await attempt("style", async () =>
        eventOf(
            document.head.appendChild(Object.assign(document.createElement("link"), { rel: "stylesheet", href: url })),
            "load",
        ),
    );
    await attempt("frame", async () => {
        const violated = new Promise((_, reject) =>
            document.addEventListener("securitypolicyviolation", reject, { once: true }),
        );
        const frame = Object.assign(document.createElement("iframe"), { src: url });
        document.body.append(frame);
        return Promise.race([eventOf(frame, "load"), violated]);
    });
    return outcomes;
}
