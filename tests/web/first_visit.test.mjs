/** What a first visit meets, and the proof that a request to anywhere else would be refused, and noticed if it were not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CSP, HEADER_CSP } from "../../www/tools/csp.mjs";
import { add_files, cards, export_reports, file, use_page, wait_until_done, wait_until_ready } from "./harness.mjs";

const site = use_page();
const OTHER = "http://elsewhere.test/tag";

/** Every way out that page and workers have, one after the other; what each came to. Runs in the browser. @param {string} url */
async function try_to_leave(url) {
    /** @type {Record<string, string>} */
    const outcomes = {};
    /** @param {string} name @param {() => Promise<unknown>} way */
    const attempt = async (name, way) => {
        const late = new Promise((_, fail) => setTimeout(() => fail(new Error("nothing came")), 3000));
        outcomes[name] = await Promise.race([way(), late]).then(() => "arrived", (error) => error.name ?? "refused");
    };
    const event_of = (/** @type {any} */ target, /** @type {string} */ good) =>
        new Promise((resolve, reject) => {
            target.addEventListener(good, resolve);
            target.addEventListener("error", reject);
        });
    await attempt("fetch", () => fetch(url, { mode: "no-cors" }));
    await attempt("socket", async () => event_of(new WebSocket(url.replace("http", "ws")), "open"));
    await attempt("events", async () => event_of(new EventSource(url), "open"));
    if (!globalThis.document) return outcomes;
    await attempt("picture", async () => event_of(Object.assign(new Image(), { src: url }), "load"));
    await attempt("style", async () => event_of(document.head.appendChild(Object.assign(document.createElement("link"), { rel: "stylesheet", href: url })), "load"));
    await attempt("frame", async () => {
        const violated = new Promise((_, reject) => document.addEventListener("securitypolicyviolation", reject, { once: true }));
        const frame = Object.assign(document.createElement("iframe"), { src: url });
        document.body.append(frame);
        return Promise.race([event_of(frame, "load"), violated]);
    });
    return outcomes;
}

test("the first visit shows the empty page and says when the model is ready", async () => {
    const page = await site.open();
    await wait_until_ready(page);
    assert.equal(await page.title(), "Tagsmith");
    assert.equal(await page.textContent(".drop-area h2"), "Drop pictures or a folder");
    assert.match((await page.textContent("[data-engine-line]")) ?? "", /^EfficientNet-Lite0, \d+(\.\d)? MB, ready in \d+(\.\d)? s$/);
    assert.match((await page.getAttribute("html", "data-variant")) ?? "", /^(simd128|relaxed)$/);
    assert.equal(await page.locator(".instrument, .card, .problem").count(), 0);
    assert.ok(await page.isDisabled('[data-do="export"]'), "there is nothing to export");
    assert.ok(site.watch.requests.some((url) => url.endsWith(".wasm")), "requests are seen");
});

test("a sample picture of the empty page is tagged at a click", async () => {
    const page = await site.open();
    await page.click('[data-sample="coffee"]');
    await wait_until_done(page);
    const [card] = await cards(page);
    assert.deepEqual([card?.path, card?.state, card?.tags[0]?.id], ["coffee.jpg", "done", "espresso"]);
});

test("a dropped picture gets its first tag, its confidence and its facts", async () => {
    const page = await site.open();
    const { name, buffer } = file("cases/coffee/picture.jpg");
    const transfer = await page.evaluateHandle(
        ([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0))], name));
            return transfer;
        },
        /** @type {const} */ ([name, buffer.toString("base64")]),
    );
    await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
    await page.waitForSelector(".drop-zone.is-dragging");
    await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
    await wait_until_done(page);
    const [card] = await cards(page);
    assert.equal(card?.tags[0]?.id, "espresso");
    assert.ok((card?.tags[0]?.confidence ?? 0) > 0.9);
    await page.click(".card");
    assert.match((await page.textContent(".details-facts")) ?? "", /512 × 341 · JPEG · 54 kB/);
    const [report] = await export_reports(page);
    assert.deepEqual([report.width, report.height, report.format], [512, 341, "jpeg"]);
});

test("the policy is in the header and in the page, word for word", async () => {
    const page = await site.open();
    const response = await fetch(site.url);
    assert.equal(response.headers.get("content-security-policy"), HEADER_CSP);
    assert.equal(await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', "content"), CSP);
    for (const part of ["default-src 'none'", "connect-src 'self'", "require-trusted-types-for 'script'"]) assert.ok(CSP.split("; ").includes(part), part);
});

test("no text becomes code: neither eval, nor a script in the page, nor markup in an element", async () => {
    site.watch.expect(/Content Security Policy|TrustedHTML|TrustedScript/);
    const page = await site.open();
    const outcomes = await page.evaluate(async () => {
        await new Promise((resolve) => setTimeout(resolve)); // the browser's tools may do more than a page: not in their turn
        /** @param {() => unknown} way */
        const attempt = (way) => {
            try {
                way();
                return "done";
            } catch (error) {
                return /** @type {Error} */ (error).name;
            }
        };
        const script = document.createElement("script");
        const markup = attempt(() => (document.createElement("p").innerHTML = "<b>x</b>"));
        const code = attempt(() => new Function("globalThis.was_run = true")());
        const text = attempt(() => (script.textContent = "globalThis.was_run = true"));
        document.head.append(script);
        return { markup, code, text, was_run: "was_run" in globalThis };
    });
    assert.deepEqual(outcomes, { markup: "TypeError", code: "EvalError", text: "TypeError", was_run: false });
});

test("page and workers are refused every request to another origin", async () => {
    site.watch.expect(/Content Security Policy/);
    const page = await site.open();
    await wait_until_ready(page);
    await add_files(page, [file("cases/coffee/picture.jpg")]);
    await wait_until_done(page);
    const places = [page.evaluate(try_to_leave, OTHER), ...page.workers().map((worker) => worker.evaluate(try_to_leave, OTHER))];
    assert.ok(places.length >= 3, "the page, a tagger and the batch");
    for (const outcomes of await Promise.all(places)) {
        assert.ok(Object.keys(outcomes).length >= 3);
        for (const [way, outcome] of Object.entries(outcomes)) assert.notEqual(outcome, "arrived", way);
    }
    assert.deepEqual(site.watch.outside, [], "nothing has left");
    assert.ok(site.watch.foreign.length > 0, "what was refused is seen all the same");
    site.watch.forget_requests();
});

test("a form cannot send anything away", async () => {
    site.watch.expect(/form-action/);
    const page = await site.open();
    await page.evaluate((action) => {
        const form = Object.assign(document.createElement("form"), { action, method: "post" });
        document.body.append(form);
        form.submit();
    }, OTHER);
    await page.waitForTimeout(500);
    assert.equal(page.url(), site.url);
    assert.deepEqual(site.watch.outside, []);
    site.watch.forget_requests();
});
