/** What may be wrong with any view: not accessible, or larger than the window. looks.test.mjs proves that both are found. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromWww, waitForTransitions } from "./harness.mjs";
import { likeness } from "./rest.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const AXE = readFileSync(fromWww.resolve("axe-core/axe.min.js"), "utf8");

/** What is wider than the window: the page itself, a part that scrolls sideways, or an element that is cut off at its edge. @param {Page} page */
export const tooWide = (page) =>
    page.evaluate(() => {
        const found = [];
        for (const element of document.querySelectorAll("html, body, body *")) {
            // What scrolls sideways on purpose says so: a strip of pictures.
            if (element.closest('svg svg, [hidden], [data-scroll="x"]') || !element.checkVisibility()) continue;
            const { overflowX, clipPath, textOverflow } = getComputedStyle(element);
            const isScroller = element === document.documentElement || overflowX === "auto" || overflowX === "scroll";
            const { right, left, width } = element.getBoundingClientRect();
            const isForReadersOnly = width <= 1 || clipPath !== "none";
            const isWide = isScroller && element.scrollWidth > element.clientWidth && textOverflow !== "ellipsis";
            const isOut = right > innerWidth + 0.5 || left < -0.5;
            if (isWide || (isOut && !isForReadersOnly))
                found.push(
                    `${element.tagName}.${element.getAttribute("class")} ${Math.round(left)}–${Math.round(right)}`,
                );
        }
        return found;
    });

/** Whether the page itself would scroll: only its parts do. @param {Page} page */
export const tooHigh = (page) =>
    page.evaluate(() => {
        const px = document.documentElement.scrollHeight - innerHeight;
        return px > 0 ? [`the page is ${px} px higher than the window`] : [];
    });

/** What axe-core finds that is serious or worse. @param {Page} page */
export async function findings(page) {
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
    // Of what passes the rules are enough: to find and send the path of every element would take twice as long as looking.
    const { violations, nPassed } = await page.evaluate(async () => {
        const { axe } = /** @type {any} */ (globalThis);
        // What is found by the others is less than serious, and would be left out below.
        const values = axe._audit.rules.flatMap((/** @type {any} */ { id, impact, enabled, tags }) => {
            const isRun = enabled && !tags.some((/** @type {string} */ tag) => /experimental|deprecated/.test(tag));
            return isRun && impact !== "moderate" && impact !== "minor" ? [id] : [];
        });
        const { violations, passes } = await axe.run({
            resultTypes: ["violations"],
            runOnly: { type: "rule", values },
        });
        return { violations, nPassed: passes.length };
    });
    assert.ok(nPassed > 5, "it has looked");
    const bad = violations.filter((/** @type {any} */ { impact }) => impact === "serious" || impact === "critical");
    return bad.map(
        (/** @type {any} */ { id, impact, nodes }) =>
            `${impact} ${id}: ${nodes
                .map((/** @type {any} */ node) => node.html)
                .slice(0, 3)
                .join(" | ")}`,
    );
}

/** A phone, a tablet, a desk. */
export const SIZES = [
    { width: 360, height: 740 },
    { width: 768, height: 1024 },
    { width: 1440, height: 900 },
];

/**
 * What is wrong in any of the page's looks: at every width, light and dark. In both schemes the same is there, as is held here; so colours
 * alone differ, which do not hang on the width, and axe reads the dark page at the widest.
 * @param {Page} page @param {(place: string) => Promise<string[]>} [search] what else is looked for in each
 * @returns {Promise<Record<string, string[]>>} by width and scheme, where there is anything
 */
export async function wrongInAnyLook(page, search = () => tooWide(page)) {
    /** @type {Record<string, string[]>} */
    const wrong = {};
    for (const size of SIZES) {
        await page.setViewportSize(size);
        /** @type {Partial<Record<"light" | "dark", string[]>>} */
        const seen = {};
        for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
            await page.emulateMedia({ colorScheme });
            await waitForTransitions(page);
            const place = `${size.width}-${colorScheme}`;
            const found = await search(place);
            if (colorScheme === "light" || size === SIZES.at(-1)) found.push(...(await findings(page)));
            if (found.length > 0) wrong[place] = found;
            seen[colorScheme] = await likeness(page);
        }
        assert.deepEqual(seen.dark, seen.light, `${size.width}`);
    }
    await page.emulateMedia({ colorScheme: "light" });
    return wrong;
}

/**
 * What is to be pressed and is smaller than that, in CSS pixels. A link in a sentence is as high as its line; nothing else is let off.
 * @param {Page} page @param {{atLeast: number, smaller: readonly string[]}} wanted `smaller`: what needs no more than the 24 pixels of WCAG 2.5.8
 */
export const smallTargets = (page, wanted) =>
    page.evaluate(({ atLeast, smaller }) => {
        const targets =
            "a[href], button, input:not([hidden]), select, textarea, summary, [role=option], [role^=menuitem]";
        const found = [];
        for (const element of document.querySelectorAll(targets)) {
            // To press the words beside a box is to press the box.
            const isBox = element.matches('[type="checkbox"], [type="radio"]');
            const target = isBox ? (element.closest("label") ?? element) : element;
            const { width, height, right, bottom } = target.getBoundingClientRect();
            const isSeen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
            const isPressed = getComputedStyle(element).pointerEvents !== "none" && right > 0 && bottom > 0;
            const isInSentence = element.matches("p a");
            if (!isSeen || !isPressed || width < 2 || isInSentence) continue;
            const least = smaller.length > 0 && element.matches(smaller.join()) ? Math.min(24, atLeast) : atLeast;
            if (width > least - 0.5 && height > least - 0.5) continue;
            const name = element.getAttribute("data-do") ?? element.className;
            found.push(`${element.localName} ${name} ${Math.round(width)} × ${Math.round(height)}`);
        }
        return [...new Set(found)];
    }, wanted);

/** Changes the language of the page, behind a dialog too, where nobody could choose it. @param {Page} page @param {string} language */
export const speak = (page, language) =>
    page.$eval(
        ".top-language",
        (select, language) => {
            /** @type {HTMLSelectElement} */ (select).value = language;
            select.dispatchEvent(new Event("change"));
        },
        language,
    );
