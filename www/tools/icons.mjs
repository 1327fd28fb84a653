/**
 * Makes the icons of the installed page from shells/page/icon.svg. To be run when the drawing changes; what it makes is kept in git.
 *
 *   CHROMIUM=/usr/bin/chromium node www/tools/icons.mjs
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const SHELL = fileURLToPath(new URL("../shells/page", import.meta.url));
/** `isFull`: to the edges, for systems that cut their own shape out of it; what counts lies in the inner four fifths. */
const ICONS = [
    { name: "icon-192", side: 192, isFull: false },
    { name: "icon-512", side: 512, isFull: false },
    { name: "icon-maskable-512", side: 512, isFull: true },
    { name: "apple-touch-icon", side: 180, isFull: true },
];

const drawing = await readFile(join(SHELL, "icon.svg"), "utf8");
const square = drawing.replace(/ rx="[\d.]+"/, "");
if (square === drawing) throw new Error("icon.svg has no rounded corners to take away.");
const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
});
await mkdir(join(SHELL, "icons"), { recursive: true });
for (const { name, side, isFull } of ICONS) {
    const page = await browser.newPage({ viewport: { width: side, height: side } });
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${isFull ? square : drawing}`);
    await writeFile(join(SHELL, "icons", `${name}.png`), await page.screenshot({ omitBackground: true }));
    await page.close();
}
await browser.close();
