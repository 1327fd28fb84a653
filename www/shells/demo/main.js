/** The page as a single file: puts platform, app and views together. */
import { actions, start } from "../../app/actions.js";
import { removePeerConnections } from "../../core/peer_connections.js";
import { speakAs } from "../../i18n/messages.js";
import { openPlatform, readAssets } from "../../platform/file.js";
import { mountApp } from "../../views/app.js";
import { partsOf } from "../../views/parts.js";
import { readOptions } from "../page/options.js";
import { mountNote } from "./note.js";
import { PAGE_WORDS } from "./words.js";

removePeerConnections(globalThis);
Object.assign(globalThis, { tagsmithIsOpen: true });
void open();

async function open() {
    const assets = readAssets(document);
    speakAs(PAGE_WORDS);
    start(await openPlatform(document, assets), partsOf(document), readOptions(location.search));
    void actions.keepPage();
    void actions.keepObjects();
    await actions.restoreLanguage(); // nothing is shown in another language first
    document.querySelector("#opening")?.remove();
    mountApp(document);
    mountNote(document, assets);
}
