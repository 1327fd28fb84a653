/** The watch of harness.mjs at work: without the policy, each way out is taken, and each is seen. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { usePage } from "./harness.mjs";
import { startOutside } from "./watch.mjs";

const site = usePage({
    model: "painted",
    headers: { "Content-Security-Policy": "", "Cross-Origin-Embedder-Policy": "" },
});

/** A request that leaves; how it ends does not matter. Runs in page and worker. @param {string} url */
const leave = (url) => fetch(url, { mode: "no-cors" }).catch(() => {});

/** By the browser's tools and by the proxy. @param {string} url */
const nSeen = (url) => site.watch.foreign.filter((seen) => seen === url).length;

test("without the policy, a request of the page is seen", async () => {
    const page = await site.open("", { path: "assets.json" });
    site.watch.expect(/Failed to load resource/);
    await page.evaluate(leave, "http://elsewhere.test/page");
    assert.equal(nSeen("http://elsewhere.test/page"), 2, site.watch.foreign.join());
    site.watch.forgetRequests();
});

test("without the policy, a request of a worker is seen", async () => {
    const page = await site.open("", { path: "assets.json" });
    const [worker] = await Promise.all([
        page.waitForEvent("worker"),
        page.evaluate(
            () =>
                void Object.assign(globalThis, {
                    worker: new Worker(URL.createObjectURL(new Blob(["onmessage = () => {}"]))),
                }),
        ),
    ]);
    await worker.evaluate(leave, "http://elsewhere.test/worker");
    assert.equal(nSeen("http://elsewhere.test/worker"), 2, site.watch.foreign.join());
    site.watch.forgetRequests();
});

test("an error in the console, in the page or in a worker is seen", async () => {
    const page = await site.open("", { path: "assets.json" });
    await page.evaluate(() => console.error("written"));
    await site.watch.waitForError(/written/);
    await page.evaluate(
        () =>
            void setTimeout(() => {
                throw new Error("thrown");
            }),
    );
    await site.watch.waitForError(/thrown/);
    await page.evaluate(() => void new Worker(URL.createObjectURL(new Blob(["throw new Error('within a worker')"]))));
    await site.watch.waitForError(/within a worker/);
    assert.throws(() => site.watch.take().assertClean(), /errors in the console/);
});

test("the proxy closes though a browser keeps its half of a connection open", { timeout: 20_000 }, async (context) => {
    const outside = await startOutside();
    const socket = connect({ port: outside.port, host: "127.0.0.1", allowHalfOpen: true }).on("error", () => {});
    context.after(() => socket.destroy());
    socket.write("CONNECT elsewhere.test:443 HTTP/1.1\r\nHost: elsewhere.test:443\r\n\r\n");
    await once(socket, "data");
    await outside.close();
    assert.deepEqual(outside.requests, ["elsewhere.test:443"]);
});
