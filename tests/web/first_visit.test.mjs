/** What a first visit meets, and the proof that a request to anywhere else would be refused, and noticed if it were not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CSP, HEADER_CSP } from "../../www/tools/csp.mjs";
import { OTHER } from "./leaving.mjs";
import { cards, exportReports, file, usePage, waitUntilDone, waitUntilReady } from "./harness.mjs";

const site = usePage();
test("the first visit shows the empty page and says when the model is ready", async () => {
    const page = await site.open();
    await waitUntilReady(page);
    assert.equal(await page.title(), "Tagsmith");
    assert.equal(await page.textContent(".drop-area h2"), "Drop pictures or a folder");
    assert.match(
        (await page.textContent("[data-engine-line]")) ?? "",
        /^EfficientNet-Lite0, \d+(\.\d)? MB, ready in \d+(\.\d)? s$/,
    );
    assert.match((await page.getAttribute("html", "data-variant")) ?? "", /^(simd128|relaxed)$/);
    assert.equal(await page.locator(".threshold-bar, .card, .problem").count(), 0);
    assert.ok(await page.isDisabled('[data-do="export"]'), "there is nothing to export");
    assert.ok(
        site.watch.requests.some((url) => url.endsWith(".wasm")),
        "requests are seen",
    );
});

test("a sample picture of the empty page is tagged at a click", async () => {
    const page = await site.open();
    await page.click('[data-sample="coffee"]');
    await waitUntilDone(page);
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
    await waitUntilDone(page);
    const [card] = await cards(page);
    assert.equal(card?.tags[0]?.id, "espresso");
    assert.ok((card?.tags[0]?.confidence ?? 0) > 0.9);
    await page.click(".card");
    assert.match((await page.textContent(".details-facts")) ?? "", /512 × 341 · JPEG · 54 kB/);
    const [report] = await exportReports(page);
    assert.deepEqual([report.width, report.height, report.format], [512, 341, "jpeg"]);
});

test("the policy is in the header and in the page, word for word", async () => {
    const page = await site.open();
    const response = await fetch(site.url);
    assert.equal(response.headers.get("content-security-policy"), HEADER_CSP);
    assert.equal(await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', "content"), CSP);
    for (const part of ["default-src 'none'", "connect-src 'self'", "require-trusted-types-for 'script'"])
        assert.ok(CSP.split("; ").includes(part), part);
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
        return { markup, code, text, wasRun: "wasRun" in globalThis };
    });
    assert.deepEqual(outcomes, { markup: "TypeError", code: "EvalError", text: "TypeError", wasRun: false });
});

test("a form cannot send anything away", async () => {
    site.watch.expect(/form-action/);
    const page = await site.open();
    const submit = () =>
        page.evaluate((action) => {
            const form = Object.assign(document.createElement("form"), { action, method: "post" });
            document.body.append(form);
            form.submit();
        }, OTHER);
    await submit();
    await site.watch.waitForError(/form-action/);
    assert.equal(page.url(), site.url);
    assert.deepEqual(site.watch.outside, []);
    site.watch.forgetRequests();
});
