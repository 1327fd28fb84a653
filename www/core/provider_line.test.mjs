import assert from "node:assert/strict";
import test from "node:test";
import { Line, MAX_ANSWER_BYTES } from "./provider_line.js";

const URL_OF = "https://one.example/v1/tag?key=secret";
const REQUEST = /** @type {import("../../wasm/src/types.d.ts").HttpRequest} */ ({
    method: "POST",
    url: URL_OF,
    headers: [["content-type", "application/json"]],
    body: new TextEncoder().encode("{}12"),
});
const NEVER = new AbortController().signal;

/**
 * A line to a server that does as told. `post` and `look` answer or throw; what was asked is noted.
 * @param {{post?: (signal: AbortSignal) => Promise<Response> | Response, look?: () => Promise<Response> | Response, isOnline?: boolean,
 *   canLook?: boolean, timeoutMs?: number, pageProtocol?: string}} [how]
 */
function lineTo({
    post = () => new Response("ok"),
    look = () => new Response(),
    isOnline = true,
    canLook = true,
    timeoutMs = 1000,
    pageProtocol = "https:",
} = {}) {
    /** @type {string[]} */
    const asked = [];
    const how = { post, look };
    const line = new Line({
        async fetch(url, { method = "", signal }) {
            asked.push(`${method} ${url}`);
            return method === "GET" ? how.look() : how.post(/** @type {AbortSignal} */ (signal));
        },
        timeoutMs,
        canLook,
        isOnline: () => isOnline,
        pageProtocol,
    });
    return { line, asked, how };
}
const refuse = () => Promise.reject(new TypeError("Failed to fetch"));

/** @param {import("./provider_line.js").Heard} heard */
const summary = ({ sent, failure }) => [sent.outcome, failure?.code ?? null, failure?.billed ?? null, sent.n_bytes];

test("an answer comes with its status, its headers and the bytes that were sent", async () => {
    const { line, asked } = lineTo({ post: () => new Response("text", { status: 200, headers: { "X-One": "1" } }) });
    const { sent, answer, failure } = await line.ask(REQUEST, NEVER);
    assert.deepEqual([sent.status, sent.outcome, sent.n_bytes, failure], [200, "answered", 4, null]);
    assert.deepEqual(new TextDecoder().decode(answer?.body), "text");
    assert.ok(answer?.headers.some(([name, value]) => name === "x-one" && value === "1"));
    assert.deepEqual(asked, ["GET https://one.example/v1/tag", `POST ${URL_OF}`], "a look, without the key");
    await line.ask(REQUEST, NEVER);
    assert.equal(asked.length, 3, "who has answered is not looked for again");
});

test("nothing is sent to nobody, and that is no bill", async () => {
    const { line, asked } = lineTo({ look: refuse });
    assert.deepEqual(summary(await line.ask(REQUEST, NEVER)), ["unreached", "provider_unreachable", "no", 0]);
    assert.deepEqual(asked, ["GET https://one.example/v1/tag"]);
});

test("a device that is offline sends nothing, but still asks its own network", async () => {
    const { line, asked } = lineTo({ isOnline: false });
    assert.deepEqual(summary(await line.ask(REQUEST, NEVER)), ["unreached", "provider_offline", "no", 0]);
    assert.deepEqual(asked, []);
    const own = await line.ask({ ...REQUEST, url: "http://localhost:11434/api" }, NEVER);
    assert.equal(own.sent.outcome, "answered");
});

test("who answers and lets no page read it is told from a connection that was cut, once answers were read", async () => {
    const { line, how } = lineTo({ post: refuse });
    assert.deepEqual(summary(await line.ask(REQUEST, NEVER)), ["lost", "provider_blocked", "maybe", 4]);
    how.post = () => new Response("ok");
    await line.ask(REQUEST, NEVER);
    how.post = refuse;
    assert.deepEqual(summary(await line.ask(REQUEST, NEVER)), ["lost", "provider_answer_lost", "maybe", 4]);
    how.look = refuse;
    assert.deepEqual(
        summary(await line.ask(REQUEST, NEVER)),
        ["unreached", "provider_unreachable", "no", 0],
        "it is looked first",
    );
});

test("a browser that does not tell whether anybody was there is not made to", async () => {
    const { line, asked } = lineTo({ canLook: false, post: refuse });
    assert.deepEqual(summary(await line.ask(REQUEST, NEVER)), ["lost", "provider_unreachable", "maybe", 4]);
    assert.deepEqual(asked, [`POST ${URL_OF}`]);
});

/** A body that gives some and then what `end` does. @param {(controller: ReadableStreamDefaultController) => void} end */
const bodyThat = (end) => {
    let n = 0;
    return new ReadableStream({
        pull(controller) {
            if (n++ === 0) controller.enqueue(new TextEncoder().encode('{"a":'));
            else end(controller);
        },
    });
};

test("an answer that breaks off may have been paid, and a refusal is one whatever becomes of its text", async () => {
    const broken = () => bodyThat((controller) => controller.error(new TypeError("network error")));
    const { line, how } = lineTo({ post: () => new Response(broken()) });
    const cut = await line.ask(REQUEST, NEVER);
    assert.deepEqual([...summary(cut), cut.sent.status], ["lost", "provider_answer_lost", "maybe", 4, 200]);
    how.post = () => new Response(broken(), { status: 503 });
    const refused = await line.ask(REQUEST, NEVER);
    assert.deepEqual([refused.sent.outcome, refused.answer?.status], ["refused", 503]);
    assert.equal(new TextDecoder().decode(refused.answer?.body), '{"a":');
});

test("an answer without end is not read", async () => {
    const chunk = new Uint8Array(1 << 20);
    let n = 0;
    const endless = new ReadableStream({
        pull(controller) {
            n++;
            controller.enqueue(chunk);
        },
    });
    const heard = await lineTo({ post: () => new Response(endless) }).line.ask(REQUEST, NEVER);
    assert.deepEqual(summary(heard), ["answered", "provider_answer_unreadable", "maybe", 4]);
    assert.ok(n <= MAX_ANSWER_BYTES / chunk.length + 2, String(n));
});

/** Never answers. @param {AbortSignal} signal @returns {Promise<Response>} */
const hang = (signal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("", "AbortError"))));

test("a request has an end: its time, or whoever cancels it", async () => {
    assert.deepEqual(summary(await lineTo({ post: hang, timeoutMs: 20 }).line.ask(REQUEST, NEVER)), [
        "lost",
        "provider_timed_out",
        "maybe",
        4,
    ]);
    const { line, asked } = lineTo({ post: hang, timeoutMs: 60_000 });
    const cancel = new AbortController();
    const heard = line.ask(REQUEST, cancel.signal);
    while (asked.length < 2) await new Promise((resolve) => setTimeout(resolve));
    cancel.abort();
    assert.deepEqual(summary(await heard), ["lost", "provider_answer_lost", "maybe", 4]);
    assert.deepEqual(summary(await line.ask(REQUEST, cancel.signal)), ["unreached", "provider_answer_lost", "no", 0]);
});

test("an address of one's own network over http, which this browser lets no page ask, is told before anything is sent", async () => {
    const { line, asked } = lineTo();
    const heard = await line.ask({ ...REQUEST, url: "http://192.168.1.2:2342/api" }, NEVER);
    assert.deepEqual(summary(heard), ["unreached", "provider_local_refused", "no", 0]);
    assert.deepEqual(asked, []);
    const { line: fromHttp } = lineTo({ pageProtocol: "http:" });
    assert.equal(
        (await fromHttp.ask({ ...REQUEST, url: "http://192.168.1.2:2342/api" }, NEVER)).sent.outcome,
        "answered",
    );
});
