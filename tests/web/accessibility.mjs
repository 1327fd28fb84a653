/** What may be wrong with any view: not accessible, or wider than the window. looks.test.mjs proves that both are found. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromWww } from "./harness.mjs";

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

/** What axe-core finds that is serious or worse. @param {Page} page */
export async function findings(page) {
    await page.evaluate(AXE);
    const { violations, passes } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
    assert.ok(passes.length > 5, "it has looked");
    const bad = violations.filter((/** @type {any} */ { impact }) => impact === "serious" || impact === "critical");
    return bad.map(
        (/** @type {any} */ { id, impact, nodes }) =>
            `${impact} ${id}: ${nodes
                .map((/** @type {any} */ node) => node.html)
                .slice(0, 3)
                .join(" | ")}`,
    );
}
