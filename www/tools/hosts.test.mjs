import assert from "node:assert/strict";
import test from "node:test";
import { FRAME_HEADER_CSP, OTHER_HEADERS, csp, headerCsp } from "./csp.mjs";
import { headersFile, notFoundPage, serverPieces } from "./hosts.mjs";

const FILES = [
    "index.html",
    "sw.js",
    "assets.json",
    "page.0123456789.js",
    "part.ABCD1234.js",
    "catalog.abcdef0123.html",
];
const FRAMES = ["/catalog.abcdef0123.html", "/catalog.html", "/sub/catalog.html"];
const OTHERS = ["/", "/index.html", "/sw.js", "/page.0123456789.js", "/none", "/mycatalog.html", "/catalog.json"];
const OPTIONS = { hasFrame: false };

/** What a host sends that reads `_headers`: all rules that fit, values of one name joined. @param {string} text @param {string} path */
function sent(text, path) {
    /** @type {Record<string, string>} */
    const headers = {};
    for (const rule of text.trim().split("\n\n")) {
        const [pattern, ...lines] = rule.split("\n");
        if (pattern !== "/*" && pattern !== path) continue;
        for (const line of lines) {
            const [, name = "", value = ""] = line.match(/^ {2}([\w-]+): (.+)$/) ?? assert.fail(line);
            headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
        }
    }
    return headers;
}

test("_headers sends each file the headers of csp.mjs, each policy alone", () => {
    const text = headersFile(FILES, OPTIONS);
    for (const path of ["/", "/index", ...FILES.map((name) => `/${name}`)]) {
        const { "Content-Security-Policy": policy, "Cache-Control": cache, ...others } = sent(text, path);
        assert.equal(policy, path.startsWith("/catalog") ? FRAME_HEADER_CSP : headerCsp(OPTIONS), path);
        assert.deepEqual(others, OTHER_HEADERS);
        assert.equal(cache !== undefined, /0123|ABCD/.test(path), path);
    }
    assert.equal(sent(text, "/catalog.abcdef0123")["Content-Security-Policy"], FRAME_HEADER_CSP, "without the ending");
    assert.match(notFoundPage(), /default-src 'none'/);
    const many = Array.from({ length: 90 }, (_, n) => `part.AAAAAA${10 + n}.js`);
    assert.ok(headersFile(many, OPTIONS).split("\n\n").length <= 100, "as many rules as Cloudflare takes");
    assert.ok(text.split("\n").every((line) => line.length < 2000));
});

test("the pieces for nginx, Apache and Caddy have the same headers, and the frame's policy for the frame alone", () => {
    const pieces = serverPieces(OPTIONS);
    assert.deepEqual(Object.keys(pieces), ["nginx.conf", "apache.conf", "Caddyfile"]);
    for (const [name, text] of Object.entries(pieces)) {
        for (const [header, value] of Object.entries(OTHER_HEADERS))
            assert.ok(text.includes(`${header} "${value}"`), `${name}: ${header}`);
        const policies = [...text.matchAll(/"((?:default-src|sandbox)[^"]*)"/g)].map(([, policy]) => policy);
        assert.deepEqual(policies.sort(), [headerCsp(OPTIONS), FRAME_HEADER_CSP].sort(), name);
        const pattern = text.match(/\S*catalog\(\S*html\$/)?.[0].replace(/^["(]+/, "") ?? assert.fail(name);
        const frame = new RegExp(pattern);
        const asked = (/** @type {string} */ path) => (name === "apache.conf" ? path.replace(/.*\//, "") : path);
        for (const path of FRAMES) assert.match(asked(path), frame, name);
        for (const path of OTHERS) assert.doesNotMatch(asked(path), frame, name);
    }
});

test("frames are allowed only where the catalog has hosts of its own", () => {
    assert.ok(csp({ hasFrame: true }).includes("frame-src 'self'"));
    assert.ok(csp({ hasFrame: false }).includes("frame-src 'none'"));
});
