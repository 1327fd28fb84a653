/** The page below a path of a host that sends no headers of ours, as GitHub Pages has it: nothing is asked for beside that path, and it works offline. */
import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HEADERS } from "../../www/tools/csp.mjs";
import { serve } from "../../www/tools/serve.mjs";
import { addFiles, cards, usePage, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { painted } from "./painted.mjs";
import { paintedPage } from "./painted_page.mjs";

const BELOW = "ada/tagsmith/";
const WITHOUT = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, ""]));

/** @type {string} */
let root;
const site = usePage({
    model: "painted",
    isWhole: true,
    start: async () => {
        root = await mkdtemp(join(tmpdir(), "tagsmith-host-"));
        await mkdir(join(root, "ada"));
        await symlink(await paintedPage(), join(root, "ada/tagsmith"), "dir");
        const { url, close } = await serve({ dir: root, port: 0, headers: WITHOUT });
        return { url: url + BELOW, close };
    },
});
after(() => rm(root, { recursive: true }));

/** What a picture gets. @param {import("./harness.mjs").Page} page @param {string} name @param {"cup" | "cat"} what */
async function tagOf(page, name, what) {
    await addFiles(page, [painted(name, what)]);
    await waitUntilDone(page);
    return (await cards(page)).find(({ path }) => path === name)?.tags[0]?.id;
}

test("below a path, without headers, the page tags, keeps to its path, and works with the network cut", async () => {
    const page = await site.open("", { serviceWorkers: "allow" });
    assert.equal(await tagOf(page, "cup.png", "cup"), "espresso");
    await page.waitForSelector('html[data-offline="ready"]');
    const { scopes, kept } = await page.evaluate(async () => ({
        scopes: (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
        kept: await Promise.all(
            (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)),
        ),
    }));
    assert.deepEqual(scopes, [site.url]);
    assert.ok(kept.flat().length > 10);
    const asked = site.watch.requests.filter((url) => url.startsWith("http"));
    for (const url of [...asked, ...kept.flat()]) assert.ok(url.startsWith(site.url), url);
    assert.ok(asked.length > 10);
    await page.context().setOffline(true);
    await page.reload();
    await waitUntilReady(page);
    assert.equal(await tagOf(page, "cat.png", "cat"), "tabby-cat");
});
