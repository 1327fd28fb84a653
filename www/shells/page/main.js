/** The web page: puts platform, app and views together. */
import { actions, start } from "../../app/actions.js";
import { removePeerConnections } from "../../core/peer_connections.js";
import { openPlatform } from "../../platform/page.js";
import { mountApp } from "../../views/app.js";
import { partsOf } from "../../views/parts.js";
import { readOptions } from "./options.js";

removePeerConnections(globalThis);
start(openPlatform(document), partsOf(document), readOptions(location.search));
actions.keepPage();
actions.keepObjects();
await actions.restoreLanguage(); // nothing is shown in another language first
mountApp(document);
