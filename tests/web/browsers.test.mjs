/** The whole job in three browsers: Chromium, Firefox and WebKitGTK, each as the distribution has it. */
// @alone: WebKit is slow enough with both cores for itself
import { test } from "node:test";
import { PATIENCE_MS } from "./browsers/browser.mjs";
import { BROWSERS, openBrowser } from "./browsers/browsers.mjs";
import { copyPictures, doJob } from "./browsers/job.mjs";
import { PAGE } from "./harness.mjs";
import { startHost } from "./host.mjs";

for (const { name, missing } of BROWSERS) {
    test(`the whole job is done in ${name}, and goes on without a network`, { skip: missing() }, async (t) => {
        const host = await startHost(PAGE);
        const { pictures, remove } = copyPictures();
        t.after(remove);
        t.after(() => host.close());
        const browser = await openBrowser(name, PATIENCE_MS);
        t.after(() => browser.close());
        t.diagnostic(`${name} ${browser.version}`);
        await doJob({ browser, host, pictures });
    });
}
