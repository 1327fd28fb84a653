/** The inspector: what it shows of a picture, and its field for tags. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
    addFiles,
    exportReports,
    file,
    nCalls,
    setThreshold,
    usePage,
    waitForIdle,
    waitUntilDone,
} from "./harness.mjs";
import { focused, openPicture, row, rows, tagSome, use } from "./inspect.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });

test("the inspector shows all tags with their confidence, what was nearly one, the facts and the times", async () => {
    const page = await site.open();
    await tagSome(page);
    await openPicture(page, "cat.png");
    const [report] = await exportReports(page);
    const shown = (await rows(page)).filter(({ kind }) => kind === "auto");
    assert.deepEqual(
        shown.map(({ id, name }) => [id, name]),
        report.tags.map((/** @type {any} */ { id, name }) => [id, name]),
    );
    for (const { figure, confidence } of shown) assert.equal(figure, String(Math.round(confidence * 100)));
    const bars = await page.$$eval(".details .tag-row[data-tag] .tag-bar", (all) =>
        all.map(
            (bar) =>
                bar.getBoundingClientRect().width /
                /** @type {Element} */ (bar.parentElement).getBoundingClientRect().width,
        ),
    );
    bars.forEach((share, idx) =>
        assert.ok(Math.abs(share - (shown[idx]?.confidence ?? NaN)) < 0.01, "a bar is as long as the confidence"),
    );

    const nearly = (await rows(page)).filter(({ kind }) => kind === "nearly");
    assert.ok(
        nearly.length > 0 && nearly.every(({ confidence }) => confidence < 0.9 && confidence >= 0.01),
        JSON.stringify(nearly),
    );
    const first = nearly.find(({ id }) => id === "castle") ?? assert.fail(JSON.stringify(nearly));
    await setThreshold(page, Math.floor(first.confidence * 100));
    assert.equal((await row(page, first.id))?.kind, "auto", "under a lower threshold it is a tag");

    const text = (await page.innerText(".details")).replace(/\s+/g, " ");
    for (const wanted of ["cat.png", "160 × 120 · PNG", "1 of 3", "Decoding", "Resizing", "Model"])
        assert.ok(text.includes(wanted), `${wanted} in ${text}`);
    const { infer } = report.timings_ms;
    const ms = new Intl.NumberFormat("en", { maximumFractionDigits: infer < 10 ? 1 : 0 }).format(infer);
    assert.ok(text.includes(`Model ${ms} ms`), `${ms} in ${text}`);
});

test("a picture that failed says why and what to do, and can be tried again", async () => {
    const page = await site.open();
    await addFiles(page, [
        file("fixtures/pictures/bad/half_baseline_420.jpg", "cut.jpg"),
        painted("picture.jpg", "cup"),
    ]);
    await waitUntilDone(page);
    await openPicture(page, "cut.jpg");
    assert.equal(await page.getAttribute(".details-failure", "data-code"), "picture_damaged");
    assert.match(
        await page.innerText(".details-failure"),
        /^This picture is damaged or incomplete\. Copy it from the original again\.\s+Details: .{10,}/,
    );
    await page.fill('.details [data-do="add-tag"]', "receipt");
    await page.press('.details [data-do="add-tag"]', "Enter");
    await page.waitForSelector('.details [data-tag="own:receipt"]'); // a person's tag needs no model
    const nTagged = await nCalls(page, "tag");
    await use(page, "retry");
    await waitUntilDone(page);
    assert.equal(await nCalls(page, "tag"), nTagged + 1);
    await use(page, "next");
    assert.equal(await page.getAttribute(".details", "data-path"), "picture.jpg");
    assert.equal(await page.getAttribute('.details [data-do="next"]', "aria-disabled"), "true");
    await use(page, "take-off");
    await page.waitForSelector(".details", { state: "detached" });
    assert.equal(await page.locator(".card").count(), 1);
});

test("the field for tags is a combobox by the book", async () => {
    const page = await site.open();
    await tagSome(page, ["cat"]);
    await openPicture(page, "cat.png");
    const field = '.details [data-do="add-tag"]';
    const list = await page.getAttribute(field, "aria-controls");
    const about = async () => ({
        expanded: await page.getAttribute(field, "aria-expanded"),
        active: await page.getAttribute(field, "aria-activedescendant"),
        shown: await page.isVisible(`#${list}`),
        marked: await page.$$eval(`#${list} [aria-selected="true"]`, (all) => all.map(({ id }) => id)),
    });
    await page.focus(field);
    assert.deepEqual(await about(), { expanded: "false", active: null, shown: false, marked: [] });
    await page.keyboard.type("can");
    await page.waitForSelector(`#${list} [role="option"]`);
    await waitForIdle(page);
    assert.deepEqual(
        await about(),
        { expanded: "true", active: null, shown: true, marked: [] },
        "nothing is chosen for anyone",
    );
    const options = await page.$$eval(`#${list} [role="option"]`, (all) =>
        all.map(({ id, textContent }) => ({ id, name: textContent?.trim() ?? "" })),
    );
    assert.ok(options.length > 2 && options[0]?.name.startsWith("can"), JSON.stringify(options)); // others by an alias
    for (const [key, idx] of /** @type {const} */ ([
        ["ArrowDown", 0],
        ["ArrowDown", 1],
        ["ArrowUp", 0],
        ["ArrowUp", -1],
        ["ArrowDown", 0],
    ])) {
        await page.keyboard.press(key);
        await waitForIdle(page);
        const wanted = options.at(idx)?.id ?? null;
        assert.deepEqual(
            await about(),
            { expanded: "true", active: wanted, shown: true, marked: [wanted] },
            `${key} → ${idx}`,
        );
    }
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.deepEqual(await about(), { expanded: "false", active: null, shown: false, marked: [] });
    assert.equal(await focused(page), "add-tag", "the first Escape closes the list");
    assert.equal(await page.inputValue(field), "can");
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.equal(await focused(page), "card-name", "the second leaves the field");
    assert.ok(await page.isVisible(".details"), "and the inspector stays");

    await page.focus(field);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    const [own] = (await rows(page)).filter(({ kind }) => kind === "manual");
    assert.equal(own?.name, options[0]?.name, "Enter takes what is marked");
    assert.equal(await page.inputValue(field), "");
    await page.keyboard.type("Anna,");
    await waitForIdle(page);
    await page.keyboard.type(" can");
    await page.waitForSelector(`#${list} [role="option"]`);
    await page.click(`#${list} [role="option"] >> nth=1`);
    await waitForIdle(page);
    const names = (await rows(page)).filter(({ kind }) => kind === "manual").map(({ name }) => name);
    assert.deepEqual(names, [options[0]?.name, "Anna", options[1]?.name], "a comma adds too, and so does a click");
    assert.equal(await focused(page), "add-tag", "and the field keeps the keyboard");

    await page.keyboard.type("ann");
    await page.waitForSelector(`#${list} [data-completion="own:anna"]`);
    assert.match(
        await page.innerText(`#${list} [data-completion="own:anna"]`),
        /^Anna\s+your tag$/,
        "own words are offered again",
    );
    await page.keyboard.type("[]");
    await waitForIdle(page);
    assert.equal(await page.inputValue(field), "ann[]");
    assert.equal(await page.inputValue('[data-do="threshold"]'), "12", "what is typed is no key of the page");
});
