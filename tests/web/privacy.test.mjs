/** Nothing leaves: what page and workers try is refused, on a host that sends headers and on one that sends none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HEADERS } from "../../www/tools/serve.mjs";
import { addFiles, file, usePage, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { OTHER, tryToLeave } from "./leaving.mjs";

const withHeaders = usePage();
const plain = usePage({ headers: Object.fromEntries(Object.keys(HEADERS).map((name) => [name, ""])) });

/** @param {ReturnType<typeof usePage>} site */
async function everythingIsRefused(site) {
    site.watch.expect(/Content Security Policy/);
    const page = await site.open();
    await waitUntilReady(page);
    await addFiles(page, [file("cases/coffee/picture.jpg")]);
    await waitUntilDone(page);
    const places = [
        page.evaluate(tryToLeave, OTHER),
        ...page.workers().map((worker) => worker.evaluate(tryToLeave, OTHER)),
    ];
    assert.ok(places.length >= 3, "the page, a tagger and the batch");
    for (const outcomes of await Promise.all(places)) {
        assert.ok(Object.keys(outcomes).length >= 3);
        for (const [way, outcome] of Object.entries(outcomes)) assert.notEqual(outcome, "arrived", way);
    }
    assert.deepEqual(site.watch.outside, [], "nothing has left");
    assert.ok(site.watch.foreign.length > 0, "what was refused is seen all the same");
    site.watch.forgetRequests();
}

test("page and workers are refused every request to another origin", () => everythingIsRefused(withHeaders));

test("on a host that sends no security headers the page's own policy holds, in the workers too", async () => {
    const response = await fetch(plain.url);
    assert.equal(response.headers.get("content-security-policy"), null, "the host sends none");
    await everythingIsRefused(plain);
});
