/** The library: the whole page, in a side panel or a tab of the extension. */
import { actions, start } from "../../app/actions.js";
import { removePeerConnections } from "../../core/peer_connections.js";
import { openPlatform } from "../../platform/extension.js";
import { mountApp } from "../../views/app.js";
import { partsOf } from "../../views/parts.js";
import { followChosenModel } from "./library_model.js";
import { followInbox } from "./library_inbox.js";

removePeerConnections(globalThis);
const platform = openPlatform(document);
start(platform, partsOf(document));
actions.keepPage();
actions.keepObjects();
await actions.restoreLanguage(); // nothing is shown in another language first
mountApp(document);
followInbox();
followChosenModel(platform);
