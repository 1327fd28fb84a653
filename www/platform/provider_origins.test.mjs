import assert from "node:assert/strict";
import test from "node:test";
import { ownSpace } from "../core/addresses.js";
import { addressFor, isProviderOrigin, originsIn } from "./provider_origins.js";

test("an origin is taken letter for letter, over https, or over http where it is one's own", () => {
    for (const origin of [
        "https://vision.googleapis.com",
        "https://a-b.cognitiveservices.azure.com:8443",
        "http://localhost:11434",
        "http://127.0.0.1:8751",
        "http://192.168.1.20:2342",
        "http://nas.local",
        "http://nas",
        "https://xn--bcher-kva.example",
    ])
        assert.ok(isProviderOrigin(origin), origin);
    for (const text of [
        "http://vision.googleapis.com",
        "http://172.32.0.1",
        "http://10.example.com",
        "https://vision.googleapis.com/",
        "https://vision.googleapis.com:443",
        "https://Vision.googleapis.com",
        "https://bücher.example",
        "https://a;script-src *",
        "https://a;b",
        "https://a,b",
        "https://a'b",
        "https://*.example.com",
        "https://user@example.com",
        "https://[::1]",
        "http://[::1]:11434",
        "https://example.com.",
        "data:text/plain,x",
        "blob:https://example.com/1",
        "null",
        "*",
        "https:",
        "",
    ])
        assert.ok(!isProviderOrigin(text), text);
});

test("an address asks for a handful of origins, each once, and for nothing else", () => {
    const one = "https://one.example";
    const asked = new URL(addressFor("https://page.example/provider.js", [one, "http://localhost:1"]));
    assert.deepEqual(originsIn(asked.search), [one, "http://localhost:1"]);
    assert.deepEqual(originsIn(""), []);
    assert.deepEqual(originsIn(`?to=${one}&embedder=require-corp`), [one]);
    const many = Array.from({ length: 7 }, (_, n) => `to=https://${n}.example`).join("&");
    for (const search of [`?to=${one}&to=${one}`, `?to=${one}&x=1`, `?to=${one}&to=*`, "?to=", `?${many}`])
        assert.equal(originsIn(search), null, search);
});

test("one's own addresses are told from others, and this machine from its network", () => {
    for (const [host, space] of /** @type {const} */ ([
        ["localhost", "loopback"],
        ["me.localhost", "loopback"],
        ["127.8.0.1", "loopback"],
        ["[::1]", "loopback"],
        ["10.0.0.1", "local"],
        ["172.16.0.1", "local"],
        ["172.31.255.1", "local"],
        ["100.64.0.1", "local"],
        ["169.254.1.1", "local"],
        ["[fd00::1]", "local"],
        ["[fe80::1]", "local"],
        ["printer.home.arpa", "local"],
        ["172.15.0.1", null],
        ["100.128.0.1", null],
        ["11.0.0.1", null],
        ["127.0.0.1.example.com", null],
        ["10.0.0.1.example.com", null],
        ["[2001:db8::1]", null],
        ["local.example", null],
    ]))
        assert.equal(ownSpace(host), space, host);
});
