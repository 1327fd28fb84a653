import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { BROWSERS, localeFiles, manifestFor } from "./extension_manifest.mjs";

const readme = readFileSync(new URL("../shells/extension/README.md", import.meta.url), "utf8");

test("every permission has its reason, and pages of the web get nothing", () => {
    for (const browser of BROWSERS) {
        const manifest = /** @type {any} */ (manifestFor(browser, "1.2.3"));
        for (const name of [...manifest.permissions, ...manifest.optional_host_permissions])
            assert.match(readme, new RegExp(`^\\|.*\`${name.replaceAll("*", "\\*")}\`.*\\| \\S`, "m"), name);
        assert.ok(!manifest.host_permissions && !manifest.content_scripts && !manifest.web_accessible_resources);
        const policy = manifest.content_security_policy.extension_pages;
        assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
        assert.doesNotMatch(policy, /unsafe-(eval|inline)'(?<!wasm-unsafe-eval')/);
    }
});

test("each browser gets the background it has", () => {
    const [chromium, firefox] = BROWSERS.map((browser) => /** @type {any} */ (manifestFor(browser, "1.2.3")));
    assert.ok(chromium.background.service_worker && !firefox.background.service_worker);
    assert.deepEqual(firefox.browser_specific_settings.gecko.data_collection_permissions, { required: ["none"] });
    assert.ok(Number.parseInt(firefox.browser_specific_settings.gecko.strict_min_version, 10) >= 146);
    assert.ok(!firefox.permissions.includes("offscreen") && !firefox.permissions.includes("sidePanel"));
});

test("what the manifest says by name is there in every language", () => {
    const names = [...JSON.stringify(BROWSERS.map((one) => manifestFor(one, "1"))).matchAll(/__MSG_(\w+)__/g)].map(
        ([, name]) => name,
    );
    const locales = Object.values(localeFiles()).map((text) => JSON.parse(text));
    assert.equal(locales.length, 2);
    for (const locale of locales) {
        for (const name of [...names, "menu_tag"]) assert.ok(locale[String(name)]?.message, name);
        assert.ok(locale.description.message.length <= 132, "a store takes no more");
    }
});
