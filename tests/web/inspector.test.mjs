/** The inspector and the large view: what they show, why a tag is there, and that the keyboard alone does all of it. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, add_files, export_reports, file, from_www, n_calls, set_threshold, waitForIdle, use_page, wait_until_done } from "./harness.mjs";
import { add_tag, open_picture, press, row, rows, use } from "./inspect.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = use_page();
const AXE = readFileSync(from_www.resolve("axe-core/axe.min.js"), "utf8");
const SCREENSHOTS = join(ROOT, "target/screenshots");

/** @param {Page} page @param {string[]} names golden pictures, each as NAME.jpg */
async function tag_some(page, names = ["chelsea", "coffee", "rocket_progressive"]) {
    await add_files(page, names.map((name) => file(`cases/${name}/picture.jpg`, `${name}.jpg`)));
    await wait_until_done(page);
    await set_threshold(page, 12);
}

/** What axe-core finds that is serious or worse. @param {Page} page */
async function findings(page) {
    await page.evaluate(AXE);
    const { violations, passes } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
    assert.ok(passes.length > 5, "it has looked");
    const bad = violations.filter((/** @type {any} */ { impact }) => impact === "serious" || impact === "critical");
    return bad.map((/** @type {any} */ { id, impact, nodes }) => `${impact} ${id}: ${nodes.map((/** @type {any} */ node) => node.html).slice(0, 3).join(" | ")}`);
}

/** What has the keyboard, in a word. @param {Page} page */
const focused = (page) =>
    page.evaluate(() => {
        const { activeElement: element } = document;
        const row = element?.closest("[data-row]")?.getAttribute("data-row");
        const name = element?.getAttribute("data-do") ?? element?.className ?? "";
        return row ? `${row} ${name}` : name;
    });

test("the inspector shows all tags with their confidence, what was nearly one, the facts and the times", async () => {
    const page = await site.open();
    await tag_some(page);
    await open_picture(page, "chelsea.jpg");
    const [report] = await export_reports(page);
    const shown = (await rows(page)).filter(({ kind }) => kind === "auto");
    assert.deepEqual(shown.map(({ id, name }) => [id, name]), report.tags.map((/** @type {any} */ { id, name }) => [id, name]));
    for (const { figure, confidence } of shown) assert.equal(figure, String(Math.round(confidence * 100)));
    const bars = await page.$$eval(".details .tag-row[data-tag] .tag-bar", (all) =>
        all.map((bar) => bar.getBoundingClientRect().width / /** @type {Element} */ (bar.parentElement).getBoundingClientRect().width),
    );
    bars.forEach((share, idx) => assert.ok(Math.abs(share - (shown[idx]?.confidence ?? NaN)) < 0.01, "a bar is as long as the confidence"));

    const nearly = (await rows(page)).filter(({ kind }) => kind === "nearly");
    assert.ok(nearly.length > 0 && nearly.every(({ confidence }) => confidence < 0.9 && confidence >= 0.01), JSON.stringify(nearly));
    // One of another kind than what is shown: two of a kind compete.
    const first = nearly.find(({ id }) => id === "portrait") ?? assert.fail(JSON.stringify(nearly));
    await set_threshold(page, Math.floor(first.confidence * 100));
    assert.equal((await row(page, first.id))?.kind, "auto", "under a lower threshold it is a tag");

    const text = (await page.innerText(".details")).replace(/\s+/g, " ");
    for (const wanted of ["chelsea.jpg", "451 × 300 · JPEG", "1 of 3", "Decoding", "Resizing", "Network"]) assert.ok(text.includes(wanted), `${wanted} in ${text}`);
    const { infer } = report.timings_ms;
    const ms = new Intl.NumberFormat("en", { maximumFractionDigits: infer < 10 ? 1 : 0 }).format(infer);
    assert.ok(text.includes(`Network ${ms} ms`), `${ms} in ${text}`);
});

test("a picture that failed says why and what to do, and can be tried again", async () => {
    const page = await site.open();
    await add_files(page, [file("fixtures/pictures/bad/half_baseline_420.jpg", "cut.jpg"), file("cases/coffee/picture.jpg")]);
    await wait_until_done(page);
    await open_picture(page, "cut.jpg");
    assert.equal(await page.getAttribute(".details-failure", "data-code"), "picture_damaged");
    assert.match(await page.innerText(".details-failure"), /^This picture is damaged or cut off\. Copy it again from where it came from\.\s+What happened: .{10,}/);
    assert.equal(await page.locator('.details [data-do="add-tag"]').count(), 0, "there is nothing to correct");
    const n_tagged = await n_calls(page, "tag");
    await use(page, "retry");
    await wait_until_done(page);
    assert.equal(await n_calls(page, "tag"), n_tagged + 1);
    await use(page, "next");
    assert.equal(await page.getAttribute(".details", "data-path"), "picture.jpg");
    assert.equal(await page.getAttribute('.details [data-do="next"]', "aria-disabled"), "true");
    await use(page, "take-off");
    await page.waitForSelector(".details", { state: "detached" });
    assert.equal(await page.locator(".card").count(), 1);
});

/** A grey square with a cat's face on one half of it, as a browser makes it. @param {Page} page @param {"left" | "right"} half */
async function cat_on(page, half) {
    const cat = readFileSync(join(ROOT, "tests/cases/chelsea/picture.jpg")).toString("base64");
    const data = await page.evaluate(
        async ({ cat, half }) => {
            const bytes = Uint8Array.from(atob(cat), (char) => char.charCodeAt(0));
            const face = await createImageBitmap(new Blob([bytes]), 90, 0, 300, 300);
            const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 640 });
            const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
            context.fillStyle = "#8a8d90";
            context.fillRect(0, 0, 640, 640);
            context.drawImage(face, half === "right" ? 330 : 30, 180, 280, 280);
            return canvas.toDataURL("image/png").split(",")[1] ?? "";
        },
        { cat, half },
    );
    return { name: `${half}.png`, mimeType: "image/png", buffer: Buffer.from(data, "base64") };
}

/** How much heat lies on each half of the picture as it is drawn, and where the part lies that the network saw. @param {Page} page @param {string} [root] */
const heat_of = (page, root = ".details") =>
    page.$eval(`${root} .framed`, (frame) => {
        const place = /** @type {Element} */ (frame.querySelector(".heat")).getBoundingClientRect();
        const whole = frame.getBoundingClientRect();
        const image = /** @type {HTMLImageElement} */ (frame.querySelector(".heat img"));
        const canvas = Object.assign(document.createElement("canvas"), { width: image.naturalWidth, height: image.naturalHeight });
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        const halves = { left: 0, right: 0 };
        for (let idx = 0; idx < canvas.width * canvas.height; idx++) {
            const x = place.x + (((idx % canvas.width) + 0.5) / canvas.width) * place.width;
            halves[x < whole.x + whole.width / 2 ? "left" : "right"] += data[idx * 4 + 3] ?? 0;
        }
        const parts = [(place.x - whole.x) / whole.width, (place.y - whole.y) / whole.height, place.width / whole.width, place.height / whole.height];
        return { ...halves, region: parts.map((share) => Math.round(share * 1000) / 1000) };
    });

/** To half a pixel of a small picture. @param {number[]} found @param {number[]} wanted @param {string} what */
function assert_near(found, wanted, what) {
    assert.ok(found.length === wanted.length && found.every((value, idx) => Math.abs(value - (wanted[idx] ?? NaN)) <= 0.004), `${what}: ${found}`);
}

/** @param {Page} page @param {string} [status] */
const wait_for_heat = (page, status = "shown") => page.waitForSelector(`.framed[data-status="${status}"]`);

test("“why this tag” lights up the half of the picture that the thing is on, and the words say so", async () => {
    const page = await site.open();
    await add_files(page, [await cat_on(page, "left"), await cat_on(page, "right")]);
    await wait_until_done(page);
    await set_threshold(page, 3);
    for (const half of /** @type {const} */ (["left", "right"])) {
        const other = half === "left" ? "right" : "left";
        await open_picture(page, `${half}.png`);
        const tag = (await rows(page)).find(({ kind }) => kind === "auto") ?? assert.fail(`no tags on ${half}.png`);
        await press(page, tag.id, "why");
        await wait_for_heat(page);
        assert.equal(await page.getAttribute(".framed", "data-explains"), tag.id);
        const heat = await heat_of(page);
        assert.ok(heat[half] > 2 * heat[other], `${half}: ${JSON.stringify(heat)}`);
        assert_near(heat.region, [0.063, 0.063, 0.875, 0.875], "224 of 256 pixels in the middle");
        const words = (await page.innerText(".heat-words")).trim();
        assert.ok(words.startsWith(`The brighter, the more it spoke for “${tag.name}”. The network saw the framed part.`), words);
        assert.match(words, new RegExp(`Brightest .*${half}\\.$`));
    }
});

test("an explanation is kept, goes when it is asked for again or another picture opens, and may be asked of any tag", async () => {
    const page = await site.open();
    await tag_some(page);
    await open_picture(page, "chelsea.jpg");
    const [first, second] = (await rows(page)).filter(({ kind }) => kind === "auto");
    const [nearly] = (await rows(page)).filter(({ kind }) => kind === "nearly");
    assert.ok(first && second && nearly);
    await page.click(".heat-why");
    await wait_for_heat(page);
    assert.equal(await page.getAttribute(".framed", "data-explains"), first.id, "the first tag, on the picture itself");
    const { region } = await heat_of(page);
    assert_near(region, [0.209, 0.063, 0.582, 0.875], "the square in the middle of a picture of 451 × 300");
    await press(page, second.id, "why");
    await wait_for_heat(page);
    assert.equal(await page.getAttribute(".framed", "data-explains"), second.id);
    assert.equal(await page.getAttribute(`.tag-row[data-row="${second.id}"] [data-do="why"]`, "aria-pressed"), "true");
    await press(page, second.id, "why");
    assert.equal(await page.locator(".heat").count(), 0, "the same again hides it");
    await press(page, nearly.id, "why");
    await wait_for_heat(page);
    assert.equal(await n_calls(page, "explain"), 3);
    await press(page, first.id, "why");
    await wait_for_heat(page);
    assert.equal(await n_calls(page, "explain"), 3, "it was asked before");
    await use(page, "enlarge");
    await wait_for_heat(page);
    assert_near((await heat_of(page, ".large")).region, region, "and it lies right in the large view");
    await use(page, "next");
    await use(page, "previous");
    assert.equal(await page.locator(".heat").count(), 0, "another picture has been open");

    await add_tag(page, "Sotnos");
    assert.equal(await page.locator('.tag-row[data-row="own:sotnos"] [data-do="why"]').count(), 0, "no network knows a word of one's own");
    await press(page, first.id, "accept-tag");
    await press(page, first.id, "why");
    await wait_for_heat(page);
});

test("what cannot be explained says why, in the language of the page", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tagsmith-"));
    const path = join(folder, "coffee.jpg");
    copyFileSync(join(ROOT, "tests/cases/coffee/picture.jpg"), path);
    const page = await site.open();
    await page.setInputFiles('[data-input="files"]', path);
    await wait_until_done(page);
    await open_picture(page, "coffee.jpg");
    rmSync(folder, { recursive: true }); // under the page's hands, as it happens
    await page.click(".heat-why");
    await wait_for_heat(page, "failed");
    assert.equal(await page.getAttribute(".heat-failed", "data-code"), "file_unreadable");
    assert.match(await page.innerText(".heat-words"), /^This file cannot be read\. It may have been moved or changed\./);
    await page.selectOption('[data-do="language"]', "sv");
    await waitForIdle(page);
    assert.match(await page.innerText(".heat-words"), /^Filen går inte att läsa\./);
    assert.equal((await rows(page)).length > 0, true, "what is known of it stays");
});

test("the large view shows the file itself, and where the browser cannot, its thumbnail and a line that says so", async () => {
    const page = await site.open();
    await add_files(page, [
        file("cases/chelsea/picture.jpg", "cat.jpg"),
        file("fixtures/pictures/good/rgb_16.tif", "scan.tif"),
        file("fixtures/pictures/bad/text.jpg", "text.jpg"),
    ]);
    await wait_until_done(page);
    await open_picture(page, "cat.jpg");
    await use(page, "enlarge");
    await page.waitForSelector('.large-picture[data-file="shown"]');
    const shown = await page.$eval(".large-file", (image) => {
        const { naturalWidth, naturalHeight, src } = /** @type {HTMLImageElement} */ (image);
        const { width, height } = image.getBoundingClientRect();
        const stage = /** @type {Element} */ (document.querySelector(".large-place")).getBoundingClientRect();
        return { natural: [naturalWidth, naturalHeight], ratio: width / height, fill: Math.max(width / stage.width, height / stage.height), src };
    });
    assert.deepEqual(shown.natural, [451, 300], "no thumbnail");
    assert.ok(Math.abs(shown.ratio - 451 / 300) < 0.01 && Math.abs(shown.fill - 1) < 0.01, JSON.stringify(shown));
    assert.ok(await page.isHidden(".large-line"));

    await use(page, "next");
    await page.waitForSelector('.large-picture[data-file="failed"]');
    assert.equal(await page.innerText(".large-line"), "Your browser cannot show this file. You see its small preview.");
    assert.ok(await page.$eval(".large-small", (image) => /** @type {HTMLImageElement} */ (image).naturalWidth > 0));
    const is_gone = await page.evaluate((url) => fetch(url).then(() => false, () => true), shown.src);
    assert.ok(is_gone, "the address of the one before was given up");
    site.watch.allow(/ERR_FILE_NOT_FOUND|Content Security Policy|Refused to connect|Failed to load resource/); // by asking for it

    await use(page, "next");
    assert.equal(await page.getAttribute(".large", "data-path"), "text.jpg");
    assert.match(await page.innerText(".large-blank"), /This file is not a picture we know\./);
    await use(page, "close");
    await page.waitForSelector(".large", { state: "detached" });
});

test("the large view and all its corrections are done by the keyboard alone, and it comes back where it left", async () => {
    const page = await site.open();
    await tag_some(page);
    await page.focus(".card-name");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".details");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".large");
    assert.equal(await page.getAttribute(".large", "role"), "dialog");
    assert.equal(await page.getAttribute(".large", "aria-label"), "Large view of chelsea.jpg");
    assert.equal(await focused(page), "large");
    assert.ok(await page.$eval(".page", (behind) => /** @type {HTMLElement} */ (behind).inert), "what lies behind is out of reach");
    for (let n = 0; n < 30; n++) {
        await page.keyboard.press("Tab");
        assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest(".large") !== null), "Tab stays in it");
    }
    await page.focus(".large");
    const ways = /** @type {const} */ ([
        ["ArrowRight", "coffee.jpg"],
        ["ArrowRight", "rocket_progressive.jpg"],
        ["ArrowRight", "rocket_progressive.jpg"],
        ["Home", "chelsea.jpg"],
        ["ArrowLeft", "chelsea.jpg"],
    ]);
    for (const [key, wanted] of ways) {
        await page.keyboard.press(key);
        await waitForIdle(page);
        assert.equal(await page.getAttribute(".large", "data-path"), wanted, key);
    }

    const [first, second] = (await rows(page)).filter(({ kind }) => kind === "auto");
    assert.ok(first && second);
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), `${first.id} why`);
    await page.keyboard.press("w");
    await wait_for_heat(page);
    await page.keyboard.press("a");
    await waitForIdle(page);
    assert.equal((await row(page, first.id))?.kind, "manual");
    assert.ok((await focused(page)).startsWith(first.id), `the keyboard stays on its row: ${await focused(page)}`);
    await page.keyboard.press("ArrowDown");
    assert.ok((await focused(page)).startsWith(second.id), await focused(page));
    await page.keyboard.press("x");
    await waitForIdle(page);
    assert.equal((await row(page, second.id))?.kind, "rejected");
    assert.notEqual(await focused(page), "", "the keyboard is not lost with the row");
    await page.keyboard.press("t");
    assert.equal(await focused(page), "add-tag");
    await page.keyboard.type("Sotnos");
    await page.keyboard.press("Enter");
    await waitForIdle(page);
    assert.equal((await row(page, "own:sotnos"))?.kind, "manual");
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "large", "Escape leaves the field first");
    await page.keyboard.press("z");
    await waitForIdle(page);
    assert.equal(await row(page, "own:sotnos"), undefined);
    await page.keyboard.press("Shift+Z");
    await waitForIdle(page);
    assert.equal((await row(page, "own:sotnos"))?.kind, "manual");
    assert.match((await page.textContent('[data-view="said"]')) ?? "", /Done again: Added “Sotnos”\./);

    await page.keyboard.press("Escape");
    await page.waitForSelector(".large", { state: "detached" });
    assert.equal(await focused(page), "enlarge", "back in the inspector");
    assert.equal(await page.$eval(".page", (behind) => /** @type {HTMLElement} */ (behind).inert), false);
    await page.keyboard.press("Escape");
    await page.waitForSelector(".details", { state: "detached" });
    assert.equal(await focused(page), "card-name");
});

test("the field for tags is a combobox by the book", async () => {
    const page = await site.open();
    await tag_some(page, ["chelsea"]);
    await open_picture(page, "chelsea.jpg");
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
    assert.deepEqual(await about(), { expanded: "true", active: null, shown: true, marked: [] }, "nothing is chosen for anyone");
    const options = await page.$$eval(`#${list} [role="option"]`, (all) => all.map(({ id, textContent }) => ({ id, name: textContent?.trim() ?? "" })));
    assert.ok(options.length > 2 && options[0]?.name.startsWith("can"), JSON.stringify(options)); // others by an alias
    for (const [key, idx] of /** @type {const} */ ([["ArrowDown", 0], ["ArrowDown", 1], ["ArrowUp", 0], ["ArrowUp", -1], ["ArrowDown", 0]])) {
        await page.keyboard.press(key);
        await waitForIdle(page);
        const wanted = options.at(idx)?.id ?? null;
        assert.deepEqual(await about(), { expanded: "true", active: wanted, shown: true, marked: [wanted] }, `${key} → ${idx}`);
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
    assert.match(await page.innerText(`#${list} [data-completion="own:anna"]`), /^Anna\s+yours$/, "own words are offered again");
    await page.keyboard.type("[]");
    await waitForIdle(page);
    assert.equal(await page.inputValue(field), "ann[]");
    assert.equal(await page.inputValue('[data-do="threshold"]'), "12", "what is typed is no key of the page");
});

/** @type {Record<string, (page: Page) => Promise<unknown>>} */
const STATES = {
    async inspector(page) {
        await open_picture(page, "chelsea.jpg");
        await add_tag(page, "Sotnos");
        const [first, second] = (await rows(page)).filter(({ kind }) => kind === "auto");
        await press(page, first?.id ?? "", "accept-tag");
        await press(page, second?.id ?? "", "reject-tag");
    },
    async combobox(page) {
        await open_picture(page, "chelsea.jpg");
        await page.focus('.details [data-do="add-tag"]');
        await page.keyboard.type("ca");
        await page.waitForSelector('.details [role="option"]');
        await page.keyboard.press("ArrowDown");
    },
    async heat(page) {
        await open_picture(page, "chelsea.jpg");
        await page.click(".heat-why");
        await wait_for_heat(page);
    },
    async large(page) {
        await open_picture(page, "rocket_progressive.jpg");
        await use(page, "enlarge");
        await page.waitForSelector('.large-picture[data-file="shown"]');
    },
    async "large-heat"(page) {
        await this["large"]?.(page);
        await page.click(".heat-why");
        await wait_for_heat(page);
    },
};

for (const [state, bring_about] of Object.entries(STATES)) {
    test(`the ${state} is accessible and fits, light and dark, wide and narrow`, async () => {
        mkdirSync(SCREENSHOTS, { recursive: true });
        const page = await site.open("", { reducedMotion: "reduce" });
        await tag_some(page);
        await bring_about.call(STATES, page);
        /** @type {Record<string, unknown>} */
        const wrong = {};
        for (const size of [{ width: 1440, height: 900 }, { width: 768, height: 1024 }, { width: 360, height: 740 }]) {
            await page.setViewportSize(size);
            for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
                await page.emulateMedia({ colorScheme });
                await page.waitForTimeout(300);
                const place = `${state}-${size.width}-${colorScheme}`;
                await page.screenshot({ path: join(SCREENSHOTS, `${place}.png`) });
                const too_wide = await page.$$eval(".details, .details *, .large, .large-stage *", (all) => {
                    const is_out = (/** @type {Element} */ one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 0.5;
                    return all.filter((one) => is_out(one) && !one.closest(".heat")).map((one) => one.outerHTML.slice(0, 80));
                });
                const found = [...(await findings(page)), ...too_wide];
                if (found.length > 0) wrong[place] = found;
            }
        }
        assert.deepEqual(wrong, {});
    });
}
