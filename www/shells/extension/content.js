/**
 * What comes into a page when somebody asks for its pictures: packed as one classic script, in a world that the page's own scripts do not see.
 * @import { ToContent } from "./messages.js"
 */
import "./own_world.js";
import { browser } from "./browser.js";
import { followMenus, meantPicture, pictureInFrame } from "./find_pictures.js";
import { PageList } from "./page_list.js";
import { isOurs } from "./messages.js";
import { openPanel } from "./panel.js";
import { pickPicture } from "./picker.js";
import { languageOf, loadSettings } from "./settings.js";

const scope = /** @type {{isTagsmithHere?: boolean}} */ (globalThis);

function start() {
    const list = new PageList();
    followMenus();
    browser.runtime.onMessage.addListener((/** @type {ToContent} */ message, sender, respond) => {
        // The background and the popup have no tab; another page's script has.
        const answer = isOurs(sender) && !sender.tab ? answerFor(message, list) : undefined;
        if (!answer) return undefined;
        answer.then(respond, () => respond(null));
        return true;
    });
}

/** @param {ToContent} message @param {PageList} list @returns {Promise<unknown> | undefined} */
function answerFor(message, list) {
    switch (message?.type) {
        case "show_panel":
            return showPanel(message);
        case "list_pictures":
            return list.find();
        case "tag_listed":
            return list.tag(message.key, message.model);
        case "cancel_listed":
            return Promise.resolve(list.cancel());
        case "point_at":
            return Promise.resolve(list.pointAt(message.key));
    }
    return undefined;
}

/** @param {Extract<ToContent, {type: "show_panel"}>} clicked */
async function showPanel(clicked) {
    const meant = pictureInFrame(clicked) ?? meantPicture(clicked);
    if (meant) return void openPanel(meant);
    const picked = await pickPicture(languageOf(await loadSettings()));
    if (picked) void openPanel(picked);
}

// It is injected each time, and stays.
if (!scope.isTagsmithHere) {
    scope.isTagsmithHere = true;
    start();
}
