/**
 * `tagsmith tag --provider` against the stand-in: what leaves, what is taken up, and that nothing that goes wrong there costs a local tag.
 * No browser takes part. The stand-in was written from documents, so this is no proof of the live services.
 */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { start } from "../command_line.mjs";
import { ROOT } from "../harness.mjs";
import { ADOBE, CREDENTIALS, startStandIn } from "./stand_in.mjs";

/** @typedef {{id: string, name: string, source: string, from: string, also_from?: string[], score: number | null}} Tag */
/** @typedef {{path: string, tags: Tag[], title?: string, alt_text?: string, error?: {code: string}}} Report */

const CASES = ["coffee/picture.jpg", "chelsea/picture.jpg", "rocket_progressive/picture.jpg"];

/** All different, and large enough for everybody. */
const MORE_CASES = [
    ...["astronaut/picture.jpg", "brick_grey_png/picture.png", "camera_grey/picture.jpg", "clock_webp/picture.webp"],
    ...["chelsea_orientation_6/picture.jpg", "drawn_balloons_gif/picture.gif", "drawn_crossword_one_bit/picture.png"],
    ...["drawn_traffic_light_alpha/picture.png", "hubble_full_chroma/picture.jpg", ...CASES],
];

/** @type {Awaited<ReturnType<typeof startStandIn>>} */
let services;
/** @type {string} */
let folder;
before(async () => {
    services = await startStandIn();
    folder = mkdtempSync(join(tmpdir(), "tagsmith-provider-"));
    mkdirSync(join(folder, "pictures"));
    CASES.forEach((path, idx) => cpSync(join(ROOT, "tests/cases", path), join(folder, "pictures", `${idx}.jpg`)));
});
after(async () => {
    await services.close();
    rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
    services.behave(null);
    services.forget();
});

/** @param {string} name @param {unknown} content */
function file(name, content) {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o600 });
    return path;
}

const SET_UPS = {
    google: () => ({ kind: "google", host: services.url }),
    microsoft: () => ({ kind: "microsoft", endpoint: services.url, version: "3.2" }),
    adobe: () => ({
        kind: "adobe",
        authorization_server: services.url,
        service_url: `${services.url}/na`,
        client_id: ADOBE.client_id,
        organization_id: ADOBE.organization,
        scopes: "openid, AdobeID",
        sign_in: "credentials",
        engine: `Feature:autotag:Service-${"0123456789abcdef".repeat(2)}`,
        names: "/result/0/tags/*/tag",
        confidences: "/result/0/tags/*/confidence",
    }),
};
/** @typedef {keyof typeof SET_UPS} Kind */
const KEYS = { google: CREDENTIALS.google.key, microsoft: CREDENTIALS.microsoft.key, adobe: ADOBE.client_secret };

/** @param {Kind} kind @param {string[]} options */
const asking = (kind, ...options) => [
    ...["tag", join(folder, "pictures"), "--no-objects", "--provider", kind],
    ...[
        "--provider-setup",
        file(`${kind}.json`, SET_UPS[kind]()),
        "--key-file",
        file(`${kind}.key`, `${KEYS[kind]}\n`),
        "--yes",
    ],
    ...options,
];

/** @param {string} stdout @returns {Report[]} */
const reports = (stdout) =>
    stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));

/** Nothing that was written or said has a key in it. @param {{stdout: string, stderr: string}} run */
function hasNoKeys({ stdout, stderr }) {
    for (const key of [...Object.values(KEYS), ADOBE.token]) assert.ok(!`${stdout}${stderr}`.includes(key), stderr);
}

/** The tags of the local model alone, by picture. */
async function localTags() {
    const { code, stdout } = await start(["tag", join(folder, "pictures"), "--no-objects"]).ended;
    assert.equal(code, 0);
    return reports(stdout).map(({ tags }) => tags.map(({ id }) => id));
}

/** Every local tag is still there. @param {Report[]} all @param {string[][]} local */
function keepsLocalTags(all, local) {
    assert.equal(all.length, local.length);
    all.forEach(({ tags }, idx) => {
        const ids = tags.filter(({ source }) => source === "auto").map(({ id }) => id);
        assert.deepEqual(ids.sort(), [...(local[idx] ?? [])].sort());
    });
}

for (const kind of /** @type {Kind[]} */ (Object.keys(SET_UPS)))
    test(`${kind} is asked as its documents say, and its tags join the local ones`, async () => {
        const local = await localTags();
        const run = await start(asking(kind)).ended;
        assert.deepEqual(services.refusals, [], run.stderr);
        assert.equal(run.code, 0, run.stderr);
        hasNoKeys(run);
        const all = reports(run.stdout);
        keepsLocalTags(all, local);
        for (const { tags } of all) {
            const said = tags.filter(({ from, also_from = [] }) => [from, ...also_from].includes(`provider:${kind}`));
            assert.ok(said.length >= 5, JSON.stringify(tags));
            for (const { source, from } of said) assert.equal(source === "cloud", from === `provider:${kind}`);
        }
        assert.equal(services.nBilled, CASES.length);
        assert.match(run.stderr, new RegExp(`${kind} was asked \\d+ times? and answered for 3 pictures`));
    });

test("pictures of one content are sent once, and sixteen at a time where a provider takes so many", async () => {
    const many = join(folder, "many");
    mkdirSync(many);
    for (let idx = 0; idx < 20; idx++) cpSync(join(folder, "pictures", `${idx % 3}.jpg`), join(many, `${idx}.jpg`));
    const run = await start(asking("google").with(1, many)).ended;
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual([services.log.length, services.nBilled], [1, 3]);
    const all = reports(run.stdout);
    assert.equal(all.length, 20);
    for (const { tags } of all) assert.ok(tags.some(({ from }) => from === "provider:google"));
});

test("a ready-made set-up brings a title and an alternative text, from one's own machine and without a key", async () => {
    const own = file("own.json", {
        ...{ kind: "http", preset: "ollama", url: `${services.url}/api/chat`, is_own_machine: true, model: "llava" },
        ...{ headers: [], body: { json: OLLAMA }, prompt: "What is in it?", text: "/message/content" },
    });
    const run = await start([
        ...["tag", join(folder, "pictures"), "--no-objects", "--provider", "mine", "--provider-setup", own],
    ]).ended;
    assert.deepEqual(services.refusals, [], run.stderr);
    assert.equal(run.code, 0, run.stderr);
    for (const { title, alt_text, tags } of reports(run.stdout)) {
        assert.match(title ?? "", /^A /);
        assert.match(alt_text ?? "", / beside a /);
        assert.ok(tags.some(({ from, score }) => from === "provider:mine" && score === null));
    }
    assert.match(run.stderr, /no picture leaves it/);
});
const OLLAMA = JSON.stringify({
    ...{ model: "{model}", stream: false, format: "json", options: { temperature: 0 } },
    messages: [{ role: "user", content: "{prompt}", images: ["{image}"] }],
});

test("nothing leaves before it was said what would, and somebody agreed", async () => {
    const key = file("google.key", KEYS.google);
    const args = ["tag", join(folder, "pictures"), "--provider", "google", "--key-file", key];
    const { code, stdout, stderr } = await start(args).ended;
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(
        stderr,
        /3 pictures would leave this machine for vision\.googleapis\.com, shrunk .* counts as 3 units/,
    );
    assert.match(stderr, /Nothing was sent, and nothing tagged\. Add --yes/);
    // A relay on this machine sends them on.
    const relayed = await start(asking("google").filter((one) => one !== "--yes")).ended;
    assert.deepEqual([relayed.code, relayed.stdout, services.log.length], [2, "", 0]);
    assert.match(relayed.stderr, /3 pictures would leave this machine for google, by way of a server on it/);
});

/** Each fault, its code, and how often the provider is asked about one picture of three. @type {[Kind, Parameters<typeof services.behave>[0], string][]} */
const FAULTS = [
    ["google", "wrong_key", "provider_key_wrong"],
    ["microsoft", "wrong_key", "provider_key_wrong"],
    ["microsoft", "quota", "provider_quota_used_up"],
    ["google", "no_rights", "provider_not_permitted"],
    ["google", "html", "provider_answer_unreadable"],
    ["microsoft", "truncated", "provider_answer_unreadable"],
    ["microsoft", "cut_before_billing", "provider_answer_lost"],
    ["google", "cut_after_billing", "provider_answer_lost"],
];
for (const [kind, fault, wanted] of FAULTS)
    test(`${kind}, ${fault}: a sentence with ${wanted}, and the local tags`, async () => {
        const local = await localTags();
        services.behave(fault, { times: Infinity });
        const run = await start(asking(kind)).ended;
        assert.equal(run.code, 1, run.stderr);
        hasNoKeys(run);
        assert.match(run.stderr, new RegExp(`local tags alone, without those of ${kind}: .+\\(${wanted}\\)`));
        const all = reports(run.stdout);
        keepsLocalTags(all, local);
        assert.ok(all.every(({ tags }) => tags.every(({ source }) => source === "auto")));
        for (const units of services.billed.values())
            assert.equal(units, 1, "what may have been paid is not sent again");
    });

test("what is refused for the moment is sent again when the provider says so", async () => {
    services.behave("throttled", { times: 2, retryAfterS: 1 });
    services.behave("unavailable", { times: 1 });
    const run = await start(asking("microsoft")).ended;
    assert.equal(run.code, 0, run.stderr);
    assert.equal(services.nBilled, 3);
    assert.ok(services.log.length >= 6);
});

test("it is asked no oftener than --max-requests allows, and never more at once than --requests", async () => {
    const run = await start(asking("microsoft", "--max-requests", "2", "--requests", "1")).ended;
    assert.equal(run.code, 1, run.stderr);
    assert.match(run.stderr, /1 picture has the local tags alone.*--max-requests allows.*\(provider_cap_reached\)/);
    assert.deepEqual([services.log.length, services.nBilled, services.mostAtOnce], [2, 2, 1]);
});

test("thresholds of the provider hold for its tags alone", async () => {
    const local = await localTags();
    const run = await start(asking("google", "--provider-threshold", "0.9", "--provider-max-tags", "1")).ended;
    const all = reports(run.stdout);
    keepsLocalTags(all, local);
    for (const { tags } of all)
        assert.ok(tags.filter(({ from }) => from === "provider:google").length <= 1, JSON.stringify(tags));
});

test("interrupted, it sends no more, and nothing that was sent is lost", async () => {
    const many = join(folder, "different");
    mkdirSync(many);
    MORE_CASES.forEach((path, idx) => cpSync(join(ROOT, "tests/cases", path), join(many, `${idx}-${basename(path)}`)));
    // Slower than the local model, then quicker: either may be ahead.
    for (const ms of [700, 0]) {
        services.forget();
        services.wait(ms);
        const { child, said, ended } = start(asking("microsoft", "--requests", "2").with(1, many));
        while (!said.stdout.includes("\n")) await wait(5);
        child.kill("SIGINT");
        const run = await ended;
        services.wait(0);
        assert.equal(run.code, 130, run.stderr);
        const all = reports(run.stdout);
        assert.ok(all.length > 0 && all.length < MORE_CASES.length, String(all.length));
        assert.equal(services.nBilled, all.length, "what was answered is written, and nothing else was sent");
        for (const { tags } of all) assert.ok(tags.some(({ from }) => from === "provider:microsoft"));
        assert.match(run.stderr, new RegExp(`interrupted after ${all.length} of ${MORE_CASES.length} pictures`));
        if (ms > 0) assert.match(run.stderr, /no more is sent\. \d requests? (is|are) under way/);
    }
});

test("a wrong call ends with a sentence before anything is asked", async () => {
    const key = file("google.key", KEYS.google);
    const of = file("of.json", SET_UPS.microsoft());
    const pictures = join(folder, "pictures");
    const calls = /** @type {[string[], RegExp][]} */ ([
        [["--provider", "nobody"], /No provider is called "nobody".*imagga/],
        [["--provider", "google"], /key is missing.*--key-file.*TAGSMITH_KEY/],
        [["--provider", "google", "--key-file", file("empty", "")], /is empty/],
        [["--provider", "google", "--key-file", file("two", "one two")], /That is no key/],
        [["--provider", "google", "--key-file", key, "--provider-setup", of], /set-up is of "microsoft"/],
        [["--provider", "microsoft", "--key-file", key], /provider_setup_invalid|endpoint/i],
        [["--provider", "google", "--provider-setup", file("odd.json", "[]")], /no JSON object/],
        [["--provider", "Mine!", "--provider-setup", of], /small letters/],
        [["--provider", "google", "--key", "x"], /--key/],
        [["--yes"], /--provider/],
        [["--provider", "google", "--key-file", key, "--resume", join(folder, "x")], /--resume/],
    ]);
    for (const [args, said] of calls) {
        const { code, stdout, stderr } = await start(["tag", pictures, ...args]).ended;
        assert.deepEqual([code, stdout], [2, ""], args.join(" "));
        assert.match(stderr, said);
        assert.ok(!stderr.includes(KEYS.google));
    }
    assert.equal(services.log.length, 0);
});

test("the key may come from the environment", async () => {
    const args = ["tag", join(folder, "pictures"), "--no-objects", "--provider", "google", "--yes"];
    const run = await start([...args, "--provider-setup", file("google.json", SET_UPS.google())], {
        TAGSMITH_KEY: KEYS.google,
    }).ended;
    assert.equal(run.code, 0, run.stderr);
    assert.equal(services.nBilled, 3);
});
