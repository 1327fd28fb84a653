/** The stand-in for the services refuses what it should, and counts what it would have billed. No browser takes part. */
import assert from "node:assert/strict";
import { get } from "node:http";
import { after, afterEach, before, describe, test } from "node:test";
import {
    askChat,
    askClarifai,
    askGoogle,
    askImagga,
    askMicrosoft,
    askOllama,
    askPhotoprism,
    askResponses,
    askSensei,
    askTagsmith,
    askToken,
    multipart,
} from "./asking.mjs";
import { jpeg, segment } from "./jpeg_files.mjs";
import { startStandIn } from "./stand_in.mjs";

/** @typedef {import("./asking.mjs").Asked} Asked */

/** @type {import("./stand_in.mjs").StandIn} */
let services;
before(async () => void (services = await startStandIn()));
after(() => services.close());
afterEach(() => {
    services.behave(null);
    services.follow(null);
    services.forget();
});

/** @param {Asked} asked @param {{headers?: Record<string, string>, path?: string, method?: string}} [more] */
async function ask({ path, headers, body, method = "POST" }, more = {}) {
    const all = { ...headers, ...more.headers };
    const with_ = more.method ?? method;
    const answer = await fetch(services.url + (more.path ?? path), {
        ...{ method: with_, headers: all },
        ...(with_ === "GET" ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) };
}

const picture = jpeg(7);
const ASKED = {
    google: askGoogle([picture]),
    "microsoft 3.2": askMicrosoft(picture),
    "microsoft 2.0": askMicrosoft(picture, "/vision/v2.0/analyze?visualFeatures=Tags,Categories&language=en"),
    "microsoft 4.0": askMicrosoft(
        picture,
        "/computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags&language=en&model-version=latest",
    ),
    "the token of Adobe": askToken(),
    sensei: askSensei(picture),
    imagga: askImagga(picture),
    clarifai: askClarifai(picture),
    photoprism: askPhotoprism(picture),
    "tagsmith serve": askTagsmith(picture),
    ollama: askOllama(picture),
    "openai's chat": askChat(picture),
    "openai's responses": askResponses(picture),
};

/** What is refused, and how. @param {Asked} asked @param {RegExp} why @param {Parameters<typeof ask>[1]} [more] */
async function isRefused(asked, why, more) {
    services.forget();
    const { status } = await ask(asked, more);
    assert.ok(status >= 400 && status < 500, `answered ${status}`);
    assert.match(services.refusals[0]?.why ?? "nothing", why);
    assert.equal(services.nBilled, 0);
}

describe("the stand-in", () => {
    for (const [name, asked] of Object.entries(ASKED))
        test(`answers ${name} where it is asked as the documents say, the same for the same picture`, async () => {
            const [one, other] = [await ask(asked), await ask(asked)];
            assert.deepEqual([one.status, services.refusals], [200, []]);
            assert.equal(one.text, other.text);
        });

    test("bills each picture, and knows it by its content", async () => {
        const pictures = [jpeg(1), jpeg(2), jpeg(3)];
        await ask(askGoogle(pictures));
        await ask(askGoogle([jpeg(3)]));
        assert.deepEqual([...services.billed.values()], [1, 1, 2]);
        assert.deepEqual(
            services.log.map(({ n_billed: n }) => n),
            [3, 1],
        );
        await ask(ASKED.ollama);
        assert.equal(services.nBilled, 4, "one's own machine bills nobody");
        const path = "/computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags,caption";
        await ask(askMicrosoft(jpeg(4), path));
        assert.equal(services.nBilled, 6, "each feature is a unit");
    });

    test("refuses pictures with anything but pixels in them, and what is larger than it is of use", async () => {
        const metadata = [
            segment(0xe1, "Exif\0\0"),
            segment(0xed, "Photoshop 3.0\0"),
            segment(0xfe, "by me"),
            segment(0xe2, "ICC"),
        ];
        for (const one of metadata) await isRefused(askMicrosoft(jpeg(1, { more: [one] })), /has metadata/);
        await isRefused(askGoogle([jpeg(1, { width: 4000 })]), /4000 pixels long/);
        await isRefused(askMicrosoft(jpeg(1, { width: 50 })), /51 pixels/);
        await isRefused(askMicrosoft(Buffer.from("GIF89a, of old")), /no JPEG/);
        await isRefused(askMicrosoft(Buffer.concat([picture, Buffer.from("more")])), /no end, or more/);
        await isRefused(askMicrosoft(jpeg(1, { bytes: 4_200_000 })), /too many/);
    });

    test("refuses what Google forbids", async () => {
        const asked = askGoogle([picture]);
        const text = String(asked.body);
        await isRefused(askGoogle(Array(17).fill(picture)), /Too many images/);
        await isRefused(askGoogle([jpeg(1, { bytes: 7_600_000 })]), /too many/);
        await isRefused(
            { ...asked, body: text.replace('"content":"', '"content":"data:image/jpeg;base64,') },
            /data: prefix/,
        );
        await isRefused({ ...asked, body: text.replace('"content":"/9j/', '"content":"/9j/\\n') }, /line breaks/);
        await isRefused({ ...asked, body: text.replace('"content":"/9j/', '"content":"_9j/') }, /standard alphabet/);
        await isRefused({ ...asked, body: text.replace('"maxResults":20,', "") }, /maxResults/);
        await isRefused({ ...asked, body: text.replace("LABEL_DETECTION", "FACE_DETECTION") }, /Only LABEL/);
        await isRefused(
            { ...asked, body: text.replace('"features"', '"imageContext":{},"features"') },
            /Unknown name "imageContext"/,
        );
        const { "x-goog-api-key": _, ...keyless } = asked.headers;
        await isRefused({ ...asked, headers: keyless, path: `${asked.path}?key=x` }, /The key is in the address/);
        await isRefused(asked, /more than one credential/, { headers: { authorization: "Bearer x" } });
        await isRefused(asked, /not allowed/, { method: "PUT" });
        await isRefused(asked, /content type/, { headers: { "content-type": "text/plain" } });
    });

    test("refuses what Microsoft forbids", async () => {
        await isRefused(ASKED["microsoft 3.2"], /not supported/, { path: "/vision/v3.2/tag?language=tlh" });
        await isRefused(ASKED["microsoft 2.0"], /not supported/, { path: "/vision/v2.0/tag?language=sv" });
        await isRefused(ASKED["microsoft 3.2"], /no parameter overload/, { path: "/vision/v3.2/tag?overload=stream" });
        await isRefused(ASKED["microsoft 4.0"], /Resource not found/, {
            path: "/computervision/imageanalysis:analyze?features=tags",
        });
        await isRefused(ASKED["microsoft 3.2"], /content type/, { headers: { "content-type": "image/jpeg" } });
        await isRefused(ASKED["microsoft 3.2"], /key is in the address|no parameter/, {
            path: "/vision/v3.2/tag?subscription-key=x",
        });
    });

    test("refuses what Adobe forbids", async () => {
        const spaced = await ask(askToken("openid, AdobeID"));
        assert.deepEqual([spaced.status, spaced.json().error], [400, "invalid_scope"]);
        const wrong = await ask(askToken("openid,AdobeID", "another"));
        assert.deepEqual(wrong.json(), {
            error: "invalid_client",
            error_description: "invalid client_secret parameter",
        });
        await isRefused(ASKED.sensei, /Api Key/, { headers: { "x-api-key": "another" } });
        await isRefused(ASKED.sensei, /Prefer/, { headers: { prefer: "wait=1" } });
    });

    test("refuses multipart that is not what it says", async () => {
        const file = { name: "image", filename: "image.jpg", type: "image/jpeg", content: picture };
        const imagga = (/** @type {Pick<Asked, "headers" | "body">} */ { headers, body }) => ({
            ...ASKED.imagga,
            headers: { ...ASKED.imagga.headers, ...headers },
            body,
        });
        const whole = multipart([file]);
        await isRefused(imagga(multipart([file], "\n")), /does not begin/);
        await isRefused(imagga({ ...whole, body: Buffer.from(whole.body).subarray(0, 200) }), /no end/);
        await isRefused(
            imagga({ ...whole, headers: { "content-type": "multipart/form-data" } }),
            /content type|boundary/,
        );
        await isRefused(imagga(multipart([file, file])), /there are 2/);
        await isRefused(imagga(multipart([{ name: "image", content: picture }])), /must be a file/);
        await isRefused(imagga(multipart([{ ...file, filename: "C:\\me at home.jpg" }])), /tells more/);
    });

    test("refuses what language models do not read", async () => {
        const asked = ASKED["openai's chat"];
        const text = String(asked.body);
        await isRefused(askOllama(picture, { stream: true }), /line by line/);
        await isRefused(
            { ...ASKED.ollama, body: String(ASKED.ollama.body).replace('"/9j/', '"data:image/jpeg;base64,/9j/') },
            /prefix/,
        );
        await isRefused(askOllama(picture, { model: "absent" }), /not found/);
        await isRefused({ ...asked, body: text.replace(/\{"url":("[^"]+")\}/, "$1") }, /must be an object/);
        await isRefused({ ...asked, body: text.replace("data:image/jpeg;base64,", "") }, /no data URL/);
    });

    test("refuses whatever is told beside the request", async () => {
        for (const headers of [{ cookie: "a=b" }, { referer: "https://example.com/" }, { "x-requested-with": "x" }])
            await isRefused(ASKED["microsoft 3.2"], /Nobody asked for the header/, { headers });
    });

    test("tells a wrong credential from a missing one, and neither is a fault of form", async () => {
        const wrong = await ask(askGoogle([picture]), { headers: { "x-goog-api-key": "another" } });
        assert.equal(wrong.json().error.details[0].reason, "API_KEY_INVALID");
        const { "ocp-apim-subscription-key": _, ...headers } = ASKED["microsoft 3.2"].headers;
        const missing = await ask({ ...ASKED["microsoft 3.2"], headers });
        assert.match(missing.text, /missing subscription key/);
        assert.deepEqual(services.refusals, []);
        assert.equal(services.nBilled, 0);
    });

    test("throttles with a header that pages may read, one that they may not, or a text", async () => {
        const origin = { headers: { origin: "http://127.0.0.1:1" } };
        services.behave("throttled", { retryAfterS: 3 });
        const shown = await ask(ASKED["microsoft 3.2"], origin);
        assert.deepEqual(
            [shown.headers.get("retry-after"), shown.headers.get("access-control-expose-headers")],
            ["3", "Retry-After"],
        );
        services.behave("throttled", { retryAfterS: 3, where: "hidden" });
        const hidden = await ask(ASKED["microsoft 3.2"], origin);
        assert.deepEqual(
            [hidden.headers.get("retry-after"), hidden.headers.get("access-control-expose-headers")],
            ["3", null],
        );
        services.behave("throttled", { retryAfterS: 3, where: "text" });
        const told = await ask(ASKED["microsoft 3.2"], origin);
        assert.equal(told.headers.get("retry-after"), null);
        assert.match(told.text, /retry after 3 seconds/);
        assert.equal((await ask(ASKED["microsoft 3.2"])).status, 200);
    });

    test("is cut off before and after it has billed", async () => {
        services.behave("cut_before_billing");
        await assert.rejects(ask(askGoogle([picture])));
        assert.equal(services.nBilled, 0);
        services.behave("cut_after_billing");
        await assert.rejects(ask(askGoogle([picture])));
        assert.equal(services.nBilled, 1);
        assert.deepEqual(
            services.log.map(({ ended }) => ended),
            ["cut", "cut"],
        );
    });

    test("answers half, a page, late or never, and with one picture that failed", async () => {
        services.behave("truncated");
        assert.throws((await ask(askGoogle([picture]))).json);
        services.behave("html");
        assert.match((await ask(askGoogle([picture]))).text, /^<!DOCTYPE/);
        services.behave("partial");
        const { responses } = (await ask(askGoogle([jpeg(1), jpeg(2)]))).json();
        assert.deepEqual([responses[0].error.code, responses[1].labelAnnotations.length], [14, 5]);
        assert.equal(services.nBilled, 2, "the half answer, and one of two pictures");
        services.behave("stalls");
        const stalled = fetch(services.url + ASKED.google.path, {
            ...{ method: "POST", headers: ASKED.google.headers, body: String(ASKED.google.body) },
            signal: AbortSignal.timeout(200),
        });
        await assert.rejects(stalled);
    });

    test("lets pages in as the documents say, and nobody where it is told to refuse", async () => {
        const preflight = (/** @type {string} */ path, /** @type {string} */ origin) =>
            fetch(services.url + path, {
                method: "OPTIONS",
                headers: {
                    origin,
                    "access-control-request-method": "POST",
                    "access-control-request-headers": "content-type",
                },
            });
        const page = "https://tagsmith.test";
        assert.equal((await preflight(ASKED.google.path, page)).headers.get("access-control-allow-origin"), page);
        assert.equal((await preflight(ASKED["the token of Adobe"].path, page)).status, 403, "no page holds a secret");
        assert.equal((await preflight(ASKED.ollama.path, page)).status, 403, "one's own machine knows only itself");
        assert.equal((await preflight(ASKED.ollama.path, "http://127.0.0.1:1")).status, 204);
        services.behave("cors_refused", { times: Infinity });
        assert.equal((await preflight(ASKED.google.path, page)).status, 403);
        assert.deepEqual(
            services.preflights.map(({ isLetIn }) => isLetIn),
            [true, false, false, true, false],
        );
    });

    test("knows a look from a request, and no look has anything to hide", async () => {
        const look = { method: "GET", headers: { "sec-fetch-mode": "no-cors" } };
        const raw = (/** @type {string} */ path, /** @type {Record<string, string>} */ more = {}) =>
            new Promise((answered) =>
                get(services.url + path, { ...look, headers: { ...look.headers, ...more } }, ({ statusCode }) =>
                    answered(statusCode),
                ),
            );
        assert.equal(await raw(ASKED.google.path), 404);
        assert.deepEqual([services.looks, services.refusals, services.log], [[ASKED.google.path], [], []]);
        await raw(`${ASKED.google.path}?key=x`);
        await raw(ASKED.google.path, { "x-goog-api-key": "x" });
        assert.equal(services.refusals.length, 2);
    });

    test("tells of a clock that is wrong by the date of its answer", async () => {
        services.behave("clock_skew", { skewMs: 7_200_000 });
        const { status, headers } = await ask(ASKED.sensei);
        const ahead = Date.parse(headers.get("date") ?? "") - Date.now();
        assert.ok(status === 401 && ahead > 7_000_000, `${status}, ${ahead} ms`);
    });

    test("keeps no credential in its log", async () => {
        for (const asked of Object.values(ASKED)) await ask(asked);
        const { CREDENTIALS } = await import("./stand_in.mjs");
        const kept = JSON.stringify([services.log, services.refusals, services.preflights]);
        for (const one of Object.values(CREDENTIALS).flatMap((some) => Object.values(some)))
            assert.ok(!kept.includes(one));
    });
});
