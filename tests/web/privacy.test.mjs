/** Nothing leaves: what page and workers try is refused, on a host that sends headers and on one that sends none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HEADERS } from "../../www/tools/serve.mjs";
import { add_files, file, use_page, wait_until_done, wait_until_ready } from "./harness.mjs";
import { OTHER, try_to_leave } from "./leaving.mjs";

const with_headers = use_page();
const plain = use_page({ headers: Object.fromEntries(Object.keys(HEADERS).map((name) => [name, ""])) });

/** @param {ReturnType<typeof use_page>} site */
async function everything_is_refused(site) {
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
}

test("page and workers are refused every request to another origin", () => everything_is_refused(with_headers));

test("on a host that sends no security headers the page's own policy holds, in the workers too", async () => {
    const response = await fetch(plain.url);
    assert.equal(response.headers.get("content-security-policy"), null, "the host sends none");
    await everything_is_refused(plain);
});
