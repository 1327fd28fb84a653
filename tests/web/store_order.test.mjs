/** Calls of the store in one breath: they are answered in the order in which they are made, so that nothing overtakes what it rests on. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "../../www/tools/serve.mjs";
import { LastingBrowser } from "./lasting_browser.mjs";
import { storePage } from "./store_page.mjs";
import { callStored, openStored } from "./stored_library.mjs";

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => (server = await serve({ dir: await storePage(), port: 0 })));
after(() => server?.close());

test("a result that comes in the same breath as its file is kept", async () => {
    const browser = await LastingBrowser.start(server.url);
    try {
        const page = await browser.open();
        await page.waitForFunction(() => "tagsmith" in globalThis);
        const { collection } = await openStored(page);
        const id = await callStored(page, "reserve_ids", { n: 1 });
        await page.evaluate(
            ([collection, id]) => {
                const { store } = Reflect.get(globalThis, "tagsmith");
                const files = [{ id, path: "gone.png", size: 1, modified_ms: 1 }];
                const failure = { code: "file_unreadable", detail: "It is gone." };
                void store.call("add_files", { collection, files });
                return store.call("record", { results: [{ file: id, failure }] });
            },
            /** @type {const} */ ([collection, id]),
        );
        const { failures } = await callStored(page, "files", { collection });
        assert.equal(failures[id]?.code, "file_unreadable");
    } finally {
        await browser.end();
    }
});
