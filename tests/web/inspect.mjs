/** What the tests of the inspector do in it, as people do: by its rows, its field and its buttons. */
import { addFiles, setThreshold, waitForIdle, waitUntilDone } from "./harness.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */
/** @typedef {import("./painted.mjs").Subject} Subject */

/** Pictures under a threshold at which the first has something to correct. @param {Page} page @param {Subject[]} [names] */
export async function tagSome(page, names = ["cat", "cup", "rocket"]) {
    await addFiles(
        page,
        names.map((name) => painted(`${name}.png`, name)),
    );
    await waitUntilDone(page);
    await setThreshold(page, 12);
}

/** Opens the inspector on a picture. @param {Page} page @param {string} path */
export async function openPicture(page, path) {
    await page.click(`.card[data-path="${path}"] .card-name`);
    await page.waitForSelector(`.details[data-path="${path}"]`);
    await waitForIdle(page);
}

/** Every row of the inspector. @param {Page} page */
export const rows = (page) =>
    page.$$eval(".details .tag-row", (all) =>
        all.map((row) => ({
            id: row.getAttribute("data-row") ?? "",
            name: row.querySelector(".tag-name")?.textContent ?? "",
            kind: row.hasAttribute("data-nearly")
                ? "nearly"
                : row.hasAttribute("data-rejected")
                  ? "rejected"
                  : (row.getAttribute("data-source") ?? ""),
            confidence: Number(row.getAttribute("data-confidence")),
            figure: row.querySelector(".tag-figure")?.textContent ?? null,
        })),
    );

/** The row of one tag; none where it is not there. @param {Page} page @param {string} id */
export const row = async (page, id) => (await rows(page)).find((one) => one.id === id);

/** Presses a button of a tag's row. @param {Page} page @param {string} id @param {string} name */
export async function press(page, id, name) {
    await page.click(`.details .tag-row[data-row="${id}"] [data-do="${name}"]`);
    await waitForIdle(page);
}

/** Presses one of the inspector's own buttons. @param {Page} page @param {string} name */
export async function use(page, name) {
    await page.click(`.details [data-do="${name}"]`);
    await waitForIdle(page);
}

/** Types into the field for tags, and Enter. @param {Page} page @param {string} text */
export async function addTag(page, text) {
    await page.fill('.details [data-do="add-tag"]', text);
    await page.press('.details [data-do="add-tag"]', "Enter");
    await waitForIdle(page);
}

/** What the button says that it would do. @param {Page} page @param {"undo" | "redo"} which */
export const nextStep = (page, which) => page.getAttribute(`.details [data-do="${which}"]`, "title");

/** What has the keyboard, in a word. @param {Page} page */
export const focused = (page) =>
    page.evaluate(() => {
        const { activeElement: element } = document;
        const row = element?.closest("[data-row]")?.getAttribute("data-row");
        const name = element?.getAttribute("data-do") ?? element?.className ?? "";
        return row ? `${row} ${name}` : name;
    });

/** Until it is said why a tag is there. @param {Page} page @param {string} [status] */
export const waitForHeat = (page, status = "shown") => page.waitForSelector(`.framed[data-status="${status}"]`);
