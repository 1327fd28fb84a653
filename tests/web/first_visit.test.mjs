/** What a first visit meets, and the proof that a request to anywhere else would be refused, and noticed if it were not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CSP, HEADERS } from "../../www/tools/csp.mjs";
import { cards, exportReports, file, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";

const site = usePage();
const visited = site.inTurn(async () => {
    const page = await site.open();
    await waitUntilReady(page);
    return page;
});

test("the first visit shows the empty page, which says what one gets and nothing of the machine", async () => {
    const page = await visited();
    assert.equal(await page.title(), "Tagsmith");
    assert.equal(await page.textContent(".drop-area h2"), "Find tags for your pictures");
    assert.match((await page.textContent(".drop-gain")) ?? "", /Search.*keywords.*table/);
    assert.doesNotMatch((await page.textContent("body")) ?? "", /EfficientNet|\d MB|\d s\b|Loading/);
    await page.keyboard.press("?");
    assert.match(
        (await page.textContent(".help [data-engine-line]")) ?? "",
        /^Model: EfficientNet-Lite0, \d+(\.\d)? MB, ready in \d+(\.\d)? s$/,
    );
    assert.match((await page.getAttribute("html", "data-variant")) ?? "", /^(simd128|relaxed)$/);
    assert.equal(await page.locator(".threshold-bar, .card, .problem").count(), 0);
    assert.equal(await page.locator('[data-do="export"], [data-do="undo"]').count(), 0, "there is nothing for them");
    assert.ok(
        site.watch.requests.some((url) => url.endsWith(".wasm")),
        "requests are seen",
    );
    await page.keyboard.press("Escape");
});

test("a sample picture of the empty page is tagged at a click, as it says beneath it, in every language of the tags", async () => {
    /** @param {import("./harness.mjs").Page} page */
    const promisedOn = (page) =>
        page.$$eval("[data-sample]", (all) =>
            all.map((sample) => ({
                sample: sample.getAttribute("data-sample") ?? "",
                tags: Array.from(sample.querySelectorAll("[data-sample-tag]"), (tag) => ({
                    id: tag.getAttribute("data-sample-tag"),
                    name: tag.textContent,
                })),
            })),
        );
    const page = await site.open("", { viewport: { width: 1440, height: 3000 } });
    const languages = ["sv", "de", "fr", "es", "ja", "en"];
    const promised = new Map();
    // What is promised is there before the model is, which nobody waits for six times.
    const model = /\.onnx$/;
    await page.route(model, () => {});
    for (const language of languages) {
        await page.evaluate(
            (settings) => localStorage.setItem("tagsmith.settings", settings),
            `{"tag_language":"${language}"}`,
        );
        await page.reload();
        await page.waitForSelector("[data-sample]");
        promised.set(language, await promisedOn(page));
    }
    await page.unroute(model);
    await page.reload();
    await page.waitForSelector("[data-sample]");
    const press = () =>
        page.$$eval("[data-sample]", (all) =>
            all.forEach((sample) => void (/** @type {HTMLElement} */ (sample).click())),
        );
    await holdCalls(page, "look_again", 0, press); // these are the first tags; what else is in the picture comes later
    await waitUntilDone(page);
    await page.keyboard.press(",");
    for (const language of languages) {
        await page.selectOption('[data-setting="tag_language"]', language);
        await waitForIdle(page);
        const found = (await cards(page)).map(({ path, tags }) => ({
            sample: path.split(".")[0],
            tags: tags.map(({ id, name }) => ({ id, name })),
        }));
        assert.ok(found.length === 3 && found.every(({ tags }) => tags.length > 0));
        // They are fetched side by side, so they come in any order.
        const bySample = (
            /** @type {{sample?: string | undefined}} */ a,
            /** @type {{sample?: string | undefined}} */ b,
        ) => String(a.sample).localeCompare(String(b.sample));
        assert.deepEqual(promised.get(language).sort(bySample), found.sort(bySample), language);
    }
    await letCallsGo(page);
    await waitUntilDone(page);
    const after = await cards(page);
    for (const { sample, tags } of promised.get("en")) {
        const ids = after.find(({ path }) => path.startsWith(`${sample}.`))?.tags.map(({ id }) => id);
        for (const { id } of tags) assert.ok(ids?.includes(id), `${id} is still on ${sample}: ${ids}`);
    }
});

test("on a phone the empty page has its name, and says nothing of keys", async () => {
    const page = await site.open("", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await waitUntilReady(page);
    assert.ok(await page.isVisible("text=Tagsmith"));
    assert.ok(await page.isVisible(".drop-gain"));
    assert.doesNotMatch(await page.innerText("body"), /Ctrl|⌘/);
    await page.click('[data-do="add"]');
    await page.waitForSelector('[data-do="add-files"]');
    assert.doesNotMatch(await page.innerText("body"), /Ctrl|⌘/);
});

test("a dropped picture gets its first tag, its confidence and its facts", async () => {
    const page = await visited();
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
    const page = await visited();
    const response = await fetch(site.url);
    assert.equal(response.headers.get("content-security-policy"), HEADERS["Content-Security-Policy"]);
    assert.equal(await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', "content"), CSP);
    for (const part of ["default-src 'none'", "connect-src 'self'", "require-trusted-types-for 'script'"])
        assert.ok(CSP.split("; ").includes(part), part);
});

test("no text becomes code: neither eval, nor a script in the page, nor markup in an element", async () => {
    site.watch.expect(/Content Security Policy|TrustedHTML|TrustedScript/);
    const page = await visited();
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

/** An origin that is not the page's. */
const OTHER = "http://elsewhere.test/tag";

test("a form cannot send anything away", async () => {
    site.watch.expect(/form-action/);
    const page = await visited();
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
