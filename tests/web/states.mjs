/**
 * The page in each of its states, each brought about from pictures that have been tagged: for whatever must hold in all of them. A step
 * works at every width, so that the same state can be looked at on a phone and on a desk.
 */
import { addFiles, file, setThreshold, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { inMenu, makeCollection, openCollections, openFromMore } from "./collections.mjs";
import { card } from "./grid.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

/** A cat with much to say of, others, and a broken file. @param {Page} page */
export async function tagPictures(page) {
    await waitUntilReady(page);
    const names = /** @type {const} */ (["cat", "cup", "man", "puzzle", "light", "rocket", "clock"]);
    await addFiles(page, [
        ...names.map((name) => painted(`${name}.jpg`, name)),
        file("fixtures/pictures/bad/empty.png"),
    ]);
    await waitUntilDone(page);
}

/** Where it is narrow the sidebar is a sheet that has to be opened. @param {Page} page */
export async function openSidebar(page) {
    const button = page.locator('[data-do="filter"]');
    if ((await button.isVisible()) && (await button.getAttribute("aria-expanded")) !== "true") await button.click();
    await waitForIdle(page);
}

/** @param {Page} page @param {string} words */
async function search(page, words) {
    await openSidebar(page);
    await page.fill('[data-do="search"]', words);
    await waitForIdle(page);
}

/** @param {Page} page */
async function selectAll(page) {
    await page.focus(`${card("cat.jpg")} .card-name`);
    await page.keyboard.press("Control+a");
    await page.waitForSelector(".selection");
    await waitForIdle(page);
}

/** Opens the inspector by the keyboard, as the card may be under a sheet. @param {Page} page @param {string} name */
async function inspect(page, name) {
    await page.focus(`${card(name)} .card-name`);
    await page.keyboard.press("Enter");
    await page.waitForSelector(`.details[data-path="${name}"]`);
    await waitForIdle(page);
}

/** @param {Page} page */
async function openOwnTags(page) {
    await page.click('[data-do="more"]');
    await page.click('[data-do="own-tags"]');
    await page.waitForSelector('[data-do="new-tagger-name"]');
    await waitForIdle(page);
}

/** @param {Page} page @param {string} key @param {string} dialog */
async function openDialog(page, key, dialog) {
    await page.focus(".card-name[tabindex='0']");
    await page.keyboard.press(key);
    await page.waitForSelector(`dialog[open][data-dialog="${dialog}"]`);
    await waitForIdle(page);
}

/** @param {Page} page */
async function manageTags(page) {
    await openSidebar(page);
    await page.click('[data-do="manage-tags"]');
    await page.waitForSelector("dialog[open] [data-tag-row]");
    await waitForIdle(page);
}

/** @param {Page} page @param {string} name */
async function openMenu(page, name) {
    await page.click(`[data-do="${name}"]`);
    await page.waitForSelector(`[data-menu="${name}"] .menu-popup:not([hidden])`);
    await waitForIdle(page);
}

/** Without a service worker none can be had, which is said there. @param {Page} page */
async function openServices(page) {
    await openFromMore(page, "providers");
    await page.waitForSelector("dialog[open] [data-provider-row]");
    await page.waitForSelector("dialog[open] .failure-box");
    await waitForIdle(page);
}

/** @param {Page} page @param {string} id */
async function openService(page, id) {
    await openServices(page);
    await page.click(`[data-provider-row="${id}"] [data-do="open-provider"]`);
    await page.waitForSelector(`.provider[data-provider="${id}"]`);
    await waitForIdle(page);
}

/** Each begins with the tagged pictures. @type {Record<string, (page: Page) => Promise<unknown>>} */
export const STATES = {
    pictures: async () => {},
    async "small pictures"(page) {
        await page.click('[data-do="smaller"]');
        await waitForIdle(page);
    },
    "add menu": (page) => openMenu(page, "add"),
    "export menu": (page) => openMenu(page, "export"),
    "more menu": (page) => openMenu(page, "more"),
    async inspector(page) {
        await inspect(page, "cat.jpg");
        await page.fill('.details [data-do="add-tag"]', "my cat");
        await page.press('.details [data-do="add-tag"]', "Enter");
        await waitForIdle(page);
        await page
            .locator('.details [data-tag="tripod"] [data-do="reject-tag"], .details [data-row] [data-do="reject-tag"]')
            .last()
            .click();
        await waitForIdle(page);
    },
    async "inspector, not shown"(page) {
        await setThreshold(page, 25);
        await inspect(page, "cat.jpg");
        await page.waitForSelector(".tag-row.is-near-miss .tag-because");
    },
    async "inspector, why"(page) {
        await inspect(page, "cat.jpg");
        await page.locator('.details .tag-row [data-do="why"]').first().click();
        await page.waitForSelector(".heat-words p");
        await waitForIdle(page);
    },
    async "inspector, suggestions"(page) {
        await inspect(page, "cat.jpg");
        await page.fill('.details [data-do="add-tag"]', "ca");
        await page.waitForSelector(".details .add-tag-list li");
    },
    "inspector, failed": (page) => inspect(page, "empty.png"),
    async large(page) {
        await inspect(page, "cat.jpg");
        await page.keyboard.press("Enter");
        await page.waitForSelector(".large");
        await waitForIdle(page);
    },
    selection: selectAll,
    async "selection, suggestions"(page) {
        await selectAll(page);
        await page.fill('.selection [data-do="add-tag"]', "ca");
        await page.waitForSelector(".selection .add-tag-list li");
    },
    async "selection, accept"(page) {
        await selectAll(page);
        await openMenu(page, "accept_tag");
        await page.waitForSelector('[data-do="accept-tag-of"]');
    },
    async "selection, remove"(page) {
        await selectAll(page);
        await openMenu(page, "remove_tag");
        await page.waitForSelector('[data-do="remove-tag"]');
        await page.keyboard.type("o");
        await waitForIdle(page);
    },
    sidebar: openSidebar,
    "search, found": (page) => search(page, "tabby"),
    "search, nothing": (page) => search(page, "zzz"),
    async "several filters, sorted"(page) {
        await page.selectOption('[data-do="sort"]', "name");
        await openSidebar(page);
        await page.locator(".sidebar-tags .sidebar-row").first().hover();
        await page.locator('.sidebar-tags [data-do="filter-and"]').first().click();
        await page.locator('.sidebar-tags [data-do="filter-not"]').last().dispatchEvent("click");
        await waitForIdle(page);
    },
    async "all tags"(page) {
        await openSidebar(page);
        await page.click('[data-do="all-tags"]');
        await waitForIdle(page);
    },
    "tag list": manageTags,
    async "tag list, rename"(page) {
        await manageTags(page);
        await page.locator('[data-do="rename-tag"]').first().click();
        await page.waitForSelector('[data-do="tag-text"]');
    },
    async "tag list, merge and rules"(page) {
        await manageTags(page);
        await page.locator('[data-do="hide-tag"]').last().click();
        await page.waitForSelector("[data-rule]");
        await page.locator('[data-do="merge-tag"]').first().click();
        await page.fill('[data-do="tag-text"]', "ca");
        await waitForIdle(page);
    },
    async "run that was stopped"(page) {
        const more = ["1.jpg", "2.jpg", "3.jpg"].map((name) => painted(name, "wall"));
        await holdCalls(page, "tag", 0, () => addFiles(page, more));
        await page.click('[data-do="cancel"]');
        await letCallsGo(page);
        await page.waitForSelector('[data-do="tag-stopped"]');
        await waitForIdle(page);
    },
    async reviewed(page) {
        await inspect(page, "cat.jpg");
        await page.click('.details [data-do="review"]');
        await waitForIdle(page);
        await page.keyboard.press("Escape");
        await inspect(page, "cat.jpg");
    },
    async threshold(page) {
        await page.focus(".card-name[tabindex='0']");
        for (let n = 0; n < 4; n++) await page.keyboard.press("]");
        await waitForIdle(page);
    },
    async message(page) {
        await page.focus(".card-name[tabindex='0']");
        await page.keyboard.press("Delete");
        await page.waitForSelector(".toast");
    },
    async "export dialog"(page) {
        await openMenu(page, "export");
        await page.click('[data-do="export-captions"]');
        await page.waitForSelector("dialog[open] [data-do='save-export']");
        await waitForIdle(page);
    },
    async "message with a button, and what was left out"(page) {
        await addFiles(page, [painted("cup.jpg", "cup")]);
        await page.click('[data-do="notice"]');
        await page.waitForSelector('dialog[open][data-dialog="left_out"]');
        await waitForIdle(page);
    },
    async "collections menu"(page) {
        await makeCollection(page, "Zoo");
        await page.click('[data-do="collections"]');
        await page.waitForSelector('[data-do="choose-collection"] >> nth=1');
        await waitForIdle(page);
    },
    async "collections, deleting"(page) {
        await openCollections(page);
        await page.click('[data-do="delete-collection"]');
        await page.waitForSelector(".collections-question");
    },
    async "collections, renaming"(page) {
        await openCollections(page);
        await page.click('[data-do="rename-collection"]');
        await page.waitForSelector('[data-do="collection-name"]');
    },
    async "selection, copying"(page) {
        await makeCollection(page, "Zoo");
        await inMenu(page, "choose-collection", "My pictures");
        await selectAll(page);
        await openMenu(page, "selection_more");
        await page.waitForSelector('[data-do="copy-to"]');
    },
    async runs(page) {
        await openFromMore(page, "runs");
        await page.click('[data-do="toggle-run"]');
        await page.waitForSelector("[data-library-row].is-off");
        await waitForIdle(page);
    },
    async storage(page) {
        await openFromMore(page, "storage");
        await page.waitForSelector('[data-count="backup"]:not([data-value=""])');
    },
    async "storage, refused"(page) {
        await openFromMore(page, "storage");
        const file = { name: "holiday.tagsmith", mimeType: "", buffer: Buffer.from("no backup") };
        await page.setInputFiles('[data-input="backup"]', file);
        await page.waitForSelector('[data-offer="failed"]');
    },
    async "own tags"(page) {
        await openOwnTags(page);
        await page.locator(".own-limits summary").click();
        await waitForIdle(page);
    },
    async "own tags, a tagger"(page) {
        await openOwnTags(page);
        await page.fill('[data-do="new-tagger-name"]', "Shoes");
        await page.press('[data-do="new-tagger-name"]', "Enter");
        await page.waitForSelector('.own[data-tagger] [data-section="when"]');
        for (const id of ["own-weekly", "own-after-n"]) {
            await page.check(`#${id}`);
            await waitForIdle(page);
        }
    },
    async "only my words"(page) {
        await openFromMore(page, "settings");
        await page.click('[data-do="open-words"]');
        await page.fill('[data-do="type-words"]', "pets\n\tcat\n\tcats\ntripod");
        await page.click('[data-do="add-words"]');
        await page.waitForSelector("[data-near]");
        for (const summary of await page.locator(".words summary").all()) await summary.click();
        await waitForIdle(page);
    },
    "tagging services": openServices,
    "tagging service, set-up": (page) => openService(page, "microsoft"),
    async "tagging service, of an old guide"(page) {
        await openService(page, "adobe");
        for (const summary of await page.locator(".provider summary").all()) await summary.click();
        await waitForIdle(page);
    },
    async "tagging service, one's own"(page) {
        await openServices(page);
        await page.click('[data-do="add-endpoint"]');
        await page.waitForSelector("#provider-own-name");
        await page.locator(".provider summary").first().click();
        await waitForIdle(page);
    },
    async "request log"(page) {
        await openServices(page);
        await page.click('[data-do="open-log"]');
        await page.waitForSelector(".request-log [role=status]");
    },
    async "title, being written"(page) {
        await inspect(page, "cat.jpg");
        await page.locator('.details [data-do="edit-text"]').first().click();
        await page.waitForSelector(".text-box:focus");
        await page.keyboard.type("A cat on a wall");
        await page.click('[data-do="save-text"]');
        await page.waitForSelector('.details [data-text="title"][data-source="person"]');
        await page.locator('.details [data-text="description"] [data-do="edit-text"]').click();
        await page.waitForSelector(".text-box");
        await waitForIdle(page);
    },
    settings: (page) => openDialog(page, ",", "settings"),
    help: (page) => openDialog(page, "?", "help"),
    async models(page) {
        await page.click('[data-do="more"]');
        await page.click('[data-menu="more"] [data-do="models"]');
        await page.waitForSelector('dialog[open][data-dialog="models"] [data-model]');
        await waitForIdle(page);
    },
};
