/** What leaves the page: every format with hostile names, what is packed, where it is saved, and what is said when it is not. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseCsv } from "./csv.mjs";
import {
    addFiles,
    exportAs,
    exportReports,
    file,
    nCalls,
    pressExport,
    setThreshold,
    usePage,
    waitForIdle,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { painted } from "./painted.mjs";
import { removeAll } from "./rest.mjs";

/** @import { Page } from "./harness.mjs" */

const site = usePage({ model: "painted" });
const HIGH = { viewport: { width: 1440, height: 5000 } };
/** Picture → the sidecar that belongs to it. Each name is one that some system, program or format takes for something else. */
const HOSTILE = {
    "<img src=x onerror=alert(1)>.jpg": "_img src=x onerror=alert(1)_.jpg.xmp",
    '=HYPERLINK("http://elsewhere.test","open me"),1.png': "=HYPERLINK(_http_/elsewhere.test_,_open me_),1.png.xmp",
    "a;=1+2.png": "a;=1+2.png.xmp",
    " \t@SUM(1).png": " _@SUM(1).png.xmp",
    "/etc/passwd.png": "etc/passwd.png.xmp",
    "a/../../../up.png": "a/up.png.xmp",
    "..\\..\\up.png": ".._.._up.png.xmp",
    "C:\\con.png": "C__con.png.xmp",
    "con.png": "_con.png.xmp",
    "line\nfeed\r\n.png": "line_feed__.png.xmp",
    "\u202egnp.exe": "_gnp.exe.xmp",
    "]]>&amp;--'.png": "]]_&amp;--'.png.xmp",
    "träd 木 🐈.png": "träd 木 🐈.png.xmp",
    "cat.png": "cat.png.xmp",
    "CAT.png": "CAT (3).png.xmp",
    "cat (2).png": "cat (2).png.xmp",
    "dots. . ": "dots.xmp",
    [`${"ö".repeat(120)}.png`]: `${"ö".repeat(96)}.png.xmp`,
};

/** A grid of pictures with these names, and one that fails. @param {Page} page @param {string[]} names */
async function fillGrid(page, names) {
    const files = names.map((name, idx) => painted(name, idx % 3 === 0 ? "cup" : "cat"));
    await addFiles(page, [...files, file("fixtures/pictures/bad/empty.png")]);
    await waitUntilDone(page);
    await setThreshold(page, 5);
}

/**
 * The files of a ZIP, read and checked (lengths, checksums, no name twice) by another program than the one that wrote it.
 * @param {string} path @returns {{name: string, date: number[], text: string}[]}
 */
function unzip(path) {
    const program = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    all = archive.infolist()
    assert len({one.filename for one in all}) == len(all)
    print(json.dumps([{"name": one.filename, "date": one.date_time, "text": archive.read(one).decode()} for one in all]))`;
    return JSON.parse(
        execFileSync("python3", ["-W", "error", "-c", program, path], { encoding: "utf8", maxBuffer: 1 << 26 }),
    );
}

/** @param {string} name */
function assertIsSafe(name) {
    for (const part of name.split("/")) {
        assert.ok(part.length > 0 && Buffer.byteLength(part) <= 200, name);
        assert.doesNotMatch(
            part,
            /^\.{1,2}$|[\\:*?"<>|\p{Cc}\u202a-\u202e]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)\s*(\.|$)/iu,
            name,
        );
    }
}

/**
 * The lists of a sidecar, as a browser's own XML parser reads them. In a page of its own: ours lets nobody parse anything.
 * @param {Page} blank @param {string} xml
 */
const readSidecar = (blank, xml) =>
    blank.evaluate((xml) => {
        const parsed = new DOMParser().parseFromString(xml, "application/xml");
        const problem = parsed.querySelector("parsererror")?.textContent ?? null;
        const list = (/** @type {string} */ namespace, /** @type {string} */ name, /** @type {string} */ container) => {
            const [property] = parsed.getElementsByTagNameNS(namespace, name);
            const rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
            const [holder] = property?.getElementsByTagNameNS(rdf, container) ?? [];
            return Array.from(holder?.children ?? [], (entry) => entry.textContent);
        };
        return {
            problem,
            elements: [...new Set(Array.from(parsed.getElementsByTagName("*"), ({ nodeName }) => nodeName))],
            subject: list("http://purl.org/dc/elements/1.1/", "subject", "Bag"),
            lightroom: list("http://ns.adobe.com/lightroom/1.0/", "hierarchicalSubject", "Bag"),
            digikam: list("http://www.digikam.org/ns/1.0/", "TagsList", "Seq"),
        };
    }, xml);

/** @param {any} report @returns {string[]} */
const namesOf = ({ tags }) => [...new Set(tags.map((/** @type {{name: string}} */ { name }) => name))];

/** @type {{id: string, names: {en: string}, parents?: string[]}[]} */
const VOCABULARY = JSON.parse(
    readFileSync(new URL("../../models/efficientnet-lite0/vocabulary.json", import.meta.url), "utf8"),
).tags;
/** @param {string} id */
const entryOf = (id) => VOCABULARY.find((tag) => tag.id === id) ?? assert.fail(id);
/** @param {string} id */
const nameOf = (id) => entryOf(id).names.en;
/** Names from the top down to a tag, by first parents. @param {string} id @returns {string[]} */
const wayTo = (id) => [...(entryOf(id).parents?.slice(0, 1).flatMap(wayTo) ?? []), nameOf(id)];

/** What the page below has asked for, by name. @type {string[]} */
const requested = [];
/** A grid with all hostile names, for tests that only read it: the first of them is the one that has exported nothing yet. */
const hostile = site.inTurn(async () => {
    const page = await site.open("", HIGH);
    requested.length = 0;
    page.on("request", (request) => requested.push(new URL(request.url()).pathname.slice(1)));
    await fillGrid(page, Object.keys(HOSTILE));
    return page;
});

test("a spreadsheet has one row per picture and no formula, and its module comes with the first export", async () => {
    const page = await hostile();
    assert.deepEqual(
        requested.filter((name) => name.startsWith("exports")),
        [],
    );
    const { name, path } = await exportAs(page, "xlsx");
    assert.match(name, /^tagsmith-19-\d{4}-\d\d-\d\d\.xlsx$/);
    const parts = Object.fromEntries(unzip(path).map(({ name, text }) => [name, text]));
    const sheet = parts["xl/worksheets/sheet1.xml"] ?? "";
    assert.equal(sheet.match(/<row /g)?.length, 20, "the headings and a picture each");
    assert.doesNotMatch(sheet, /<f>/);
    assert.match(parts["xl/sharedStrings.xml"] ?? "", /<t>=HYPERLINK\(/);
    const date = /<dcterms:created [^>]*>2000-01-01T/;
    assert.match(parts["docProps/core.xml"] ?? "", date, "the same pictures give the same bytes, whenever");

    const { text } = await exportAs(page, "csv-excel");
    const [header, ...rows] = parseCsv(text.replace(/^\ufeff/, ""));
    assert.equal(header?.[0], "File");
    assert.equal(rows.length, 19);
    for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[\s"]*[=+\-@＝＋－＠]/, cell);
    const told = rows.flatMap((row) => row[header?.indexOf("Problem") ?? 0] || []);
    assert.deepEqual(told, await page.locator(".card-reason strong").allInnerTexts(), "the words of the card");
    const fetched = requested.filter((name) => /^exports\b.*\.wasm$/.test(name));
    assert.equal(fetched.length, 1, "once");
});

test("hostile names are only text in tables and lists", async () => {
    const page = await hostile();
    const reports = await exportReports(page);
    assert.deepEqual(
        reports.map(({ path }) => path),
        [...Object.keys(HOSTILE), "empty.png"],
    );

    const json = await exportAs(page, "json");
    assert.match(json.name, /^tagsmith-19-\d{4}-\d\d-\d\d\.json$/);
    assert.deepEqual(JSON.parse(json.text), reports);
    assert.match(json.text, /^\[\n {2}\{\n {4}"path": /, "indented for people");

    const { text } = await exportAs(page, "csv");
    const [, ...rows] = parseCsv(text);
    assert.deepEqual(
        [...new Set(rows.map(([path]) => path?.replace(/(^|[;\t])'/g, "$1")))],
        reports.map(({ path }) => path),
    );
    for (const row of rows) {
        // A spreadsheet that takes the semicolon for the separator must not find a formula either.
        for (const cell of row.flatMap((cell) => cell.split(/[;\t\r\n]/)))
            assert.doesNotMatch(cell, /^[\s"]*[=+\-@＝＋－＠]/, cell);
    }
    assert.equal(await page.locator('img[src="x"]').count(), 0, "markup in a name is only a name");
});

test("sidecars are well-formed, hold what is shown, and lie in a ZIP under harmless names", async () => {
    const page = await hostile();
    const reports = await exportReports(page);
    const { name, path } = await exportAs(page, "xmp");
    assert.match(name, /^tagsmith-xmp-18-\d{4}-\d\d-\d\d\.zip$/);
    const files = unzip(path);
    assert.deepEqual(
        files.map((file) => file.name),
        Object.values(HOSTILE),
        "one a picture, none for the one that failed",
    );
    const blank = await page.context().newPage();
    for (const [idx, { name, text, date }] of files.entries()) {
        assertIsSafe(name);
        assert.equal(date[0], new Date().getFullYear());
        const { problem, elements, ...lists } = await readSidecar(blank, text);
        assert.equal(problem, null, name);
        const names = namesOf(reports[idx]);
        assert.ok(names.length > 0);
        const { tags } = reports[idx];
        const all = tags.flatMap((/** @type {any} */ { name, parents }) => [name, ...parents.map(nameOf)]);
        assert.deepEqual(lists.subject, [...new Set(all)], "with what lies above them");
        const ways = (/** @type {string} */ separator) =>
            tags.map((/** @type {any} */ { id }) =>
                wayTo(id)
                    .map((name) => name.replaceAll(separator, "-"))
                    .join(separator),
            );
        assert.deepEqual([lists.lightroom, lists.digikam], [ways("|"), ways("/")], "from the top down");
        const known =
            "x:xmpmeta rdf:RDF rdf:Description dc:subject rdf:Bag rdf:li lr:hierarchicalSubject digiKam:TagsList rdf:Seq".split(
                " ",
            );
        assert.deepEqual(elements, known);
    }
    await blank.close();
    const folded = files.map(({ name }) => name.toLowerCase());
    assert.equal(new Set(folded).size, folded.length, "no two of them are one file anywhere");
});

test("captions are one line of names for each picture, in the language of the page", async () => {
    const page = await site.open("", HIGH);
    await page.selectOption('[data-do="language"]', "sv");
    await fillGrid(page, ["a/träd.jpg", "a/träd.png", "b.tar.jpg", "con.jpg"]);
    const reports = await exportReports(page);
    const { name, path } = await exportAs(page, "captions");
    assert.match(name, /^tagsmith-captions-4-\d{4}-\d\d-\d\d\.zip$/);
    const files = unzip(path);
    assert.deepEqual(
        files.map((file) => file.name),
        ["a/träd.jpg.txt", "a/träd.png.txt", "b.tar.txt", "_con.txt"],
    );
    files.forEach(({ text }, idx) =>
        assert.equal(
            text,
            `${namesOf(reports[idx])
                .map((name) => name.replaceAll(",", ""))
                .join(", ")}\n`,
        ),
    );
    await addFiles(page, [painted("wall.png", "wall")]);
    await waitUntilDone(page);
    await setThreshold(page, 99);
    const bare = unzip((await exportAs(page, "captions")).path);
    assert.equal(bare.length, 5, "a picture that shows nothing has a caption too: an empty one");
    const shown = (await exportReports(page)).filter(({ tags }) => tags);
    bare.forEach(({ text }, idx) => assert.equal(text === "", shown[idx].tags.length === 0));
    assert.ok(
        bare.some(({ text }) => text === ""),
        JSON.stringify(shown.map(({ path, tags }) => [path, tags.length])),
    );
});

const inTurn = site.inTurn(() => site.open("", HIGH));

/** A page without pictures. */
async function emptied() {
    const page = await inTurn();
    await waitUntilReady(page);
    await removeAll(page);
    return page;
}

test("a single picture's file comes as it is, under the picture's name", async () => {
    const page = await emptied();
    await fillGrid(page, ["coffee cup.jpg"]);
    const sidecar = await exportAs(page, "xmp");
    assert.equal(sidecar.name, "coffee cup.jpg.xmp");
    assert.match(
        sidecar.text,
        /^<\?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"\?>[\s\S]*<\?xpacket end="w"\?>\n$/,
    );
    const caption = await exportAs(page, "captions");
    assert.equal(caption.name, "coffee cup.txt");
    assert.match(caption.text, /^espresso(, [^,\n]+)*\n$/);
});

test("what is selected is exported, and nothing else", async () => {
    const page = await emptied();
    const names = ["a.jpg", "b.png", "c.png", "d.jpg"];
    await fillGrid(page, names);
    for (const name of ["b.png", "d.jpg"]) {
        await page.focus(`.card[data-path="${name}"] .card-name`);
        await page.keyboard.press("Space");
        await waitForIdle(page);
    }
    assert.deepEqual(
        (await exportReports(page)).map(({ path }) => path),
        ["b.png", "d.jpg"],
    );
    const { path } = await exportAs(page, "xmp");
    assert.deepEqual(
        unzip(path).map(({ name }) => name),
        ["b.png.xmp", "d.jpg.xmp"],
    );
});

test("where no picture is tagged nothing is asked and nothing is saved", async () => {
    const page = await site.open("", {
        ...HIGH,
        hasPicker: true,
        prepare: (page) => page.addInitScript(pick, "chosen"),
    });
    await addFiles(page, [file("fixtures/pictures/bad/empty.png")]);
    await waitUntilDone(page);
    await page.click('[data-do="export"]');
    await page.click('[data-do="export-xmp"]');
    await page.waitForSelector('.problem[data-code="nothing_to_export"]');
    assert.equal(await page.locator(".dialog[open]").count(), 0);
    assert.deepEqual(await asked(page), []);
});

/** @typedef {"chosen" | "cancelled" | "forbidden"} Answer */

/**
 * Runs in the page in place of the browser's question, which a program cannot answer: the person chooses a file of the origin's own
 * file system, or changes their mind, or the browser forbids to ask. A test may put another answer in `answer`.
 * @param {string} given an answer
 */
function pick(given) {
    const asked = /** @type {unknown[]} */ ([]);
    const showSaveFilePicker = async (/** @type {{suggestedName: string}} */ wishes) => {
        const calls = /** @type {any} */ (globalThis).callsToWorkers;
        const { answer } = /** @type {any} */ (globalThis);
        asked.push({ ...wishes, isRightAfterClick: navigator.userActivation.isActive, nMade: calls.report ?? 0 });
        if (answer === "forbidden")
            throw new DOMException("Cross origin sub frames aren't allowed to show a file picker.", "SecurityError");
        if (answer === "cancelled") throw new DOMException("The user aborted a request.", "AbortError");
        const folder = await navigator.storage.getDirectory();
        return folder.getFileHandle(`my ${wishes.suggestedName}`, { create: true });
    };
    Object.assign(globalThis, { showSaveFilePicker, asked, answer: given });
}

/** What the person was asked. @param {Page} page @returns {Promise<any[]>} */
const asked = (page) => page.evaluate(() => /** @type {any} */ (globalThis).asked);

/** The origin's own files, beside the folders of the library: name → bytes. @param {Page} page */
const savedFiles = (page) =>
    page.evaluate(async () => {
        /** @type {Record<string, string>} */
        const files = {};
        const folder = await navigator.storage.getDirectory();
        for await (const [name, handle] of /** @type {any} */ (folder).entries()) {
            if (handle.kind === "directory") continue;
            files[name] = Array.from(new Uint8Array(await (await handle.getFile()).arrayBuffer()), (byte) =>
                String.fromCharCode(byte),
            ).join("");
        }
        return files;
    });

const openWithPicker = async () => {
    const prepare = (/** @type {Page} */ page) => page.addInitScript(pick, "chosen");
    const page = await site.open("", { ...HIGH, hasPicker: true, prepare });
    await fillGrid(page, ["a.jpg", "b.png"]);
    return page;
};
const withPicker = site.inTurn(openWithPicker);

/** The page in turn, where nobody was asked yet and no file was made. @param {Answer} answer */
async function answering(answer) {
    const page = await withPicker();
    await page.evaluate((answer) => {
        const its = /** @type {any} */ (globalThis);
        its.answer = answer;
        its.asked.length = 0;
        delete its.callsToWorkers.report;
    }, answer);
    return page;
}

test("someone who changes their mind hears nothing of it", async () => {
    const page = await answering("cancelled");
    const said = () => page.textContent('[data-view="said"]');
    const before = await said();
    await pressExport(page, "json");
    await waitForIdle(page);
    assert.equal((await asked(page)).length, 1);
    assert.equal(await said(), before);
    assert.equal(await page.locator(".problem").count(), 0);
    assert.equal(await nCalls(page, "report"), 0, "and nothing was made");
});

test("where the browser forbids to ask, the file is downloaded", async () => {
    const page = await answering("forbidden");
    const { name, text } = await exportAs(page, "jsonl");
    assert.equal((await asked(page)).length, 1);
    assert.match(name, /^tagsmith-3-[\d-]+\.jsonl$/);
    assert.equal(text.split("\n").length, 4);
});

test("a browser that can ask where to save asks first, and saves there", async () => {
    const page = await answering("chosen");
    await pressExport(page, "csv");
    await page.waitForFunction(() =>
        /my tagsmith/.test(document.querySelector('[data-view="said"]')?.textContent ?? ""),
    );
    await pressExport(page, "xmp");
    await page.waitForFunction(() =>
        /my tagsmith-xmp/.test(document.querySelector('[data-view="said"]')?.textContent ?? ""),
    );

    const [table, sidecars] = await asked(page);
    assert.match(table.suggestedName, /^tagsmith-3-[\d-]+\.csv$/);
    assert.deepEqual(table.types, [{ accept: { "text/csv": [".csv"] } }]);
    assert.deepEqual(
        [table.isRightAfterClick, table.nMade, sidecars.nMade],
        [true, 0, 1],
        "asked before anything is made",
    );
    assert.deepEqual(sidecars.types, [{ accept: { "application/zip": [".zip"] } }]);
    const files = await savedFiles(page);
    assert.deepEqual(Object.keys(files).sort(), [`my ${table.suggestedName}`, `my ${sidecars.suggestedName}`].sort());
    const [header] = parseCsv(files[`my ${table.suggestedName}`] ?? "");
    assert.equal(header?.[0], "path");
    assert.match(files[`my ${sidecars.suggestedName}`] ?? "", /^PK\x03\x04[\s\S]*a\.jpg\.xmp[\s\S]*b\.png\.xmp/);
});

test("a full disk is said, leaves no half file, and costs nothing", async () => {
    const page = await openWithPicker();
    const devtools = await page.context().newCDPSession(page);
    const { origin } = new URL(site.url);
    // Beside the library room for a new file's entry, and not for what goes in.
    const { usage } = await devtools.send("Storage.getUsageAndQuota", { origin });
    await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: usage + 1000 });
    await pressExport(page, "json");
    await page.waitForSelector('.problem[data-code="file_not_saved"]');
    assert.match(
        (await page.textContent(".problem")) ?? "",
        /The file couldn’t be saved\. Check that there is free disk space/,
    );
    assert.deepEqual(await savedFiles(page), {});

    await devtools.send("Storage.overrideQuotaForOrigin", { origin });
    await page.click('[data-do="dismiss"]');
    await pressExport(page, "json");
    await page.waitForFunction(() =>
        /my tagsmith/.test(document.querySelector('[data-view="said"]')?.textContent ?? ""),
    );
    const [content] = Object.values(await savedFiles(page));
    assert.equal(JSON.parse(content ?? "").length, 3);
    assert.ok((content ?? "").length > 1000);
});
