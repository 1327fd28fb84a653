/** Firefox's event page: a document, so the engine's workers start from here. They end with it, and are started again when they are needed. */
import { startBackground } from "./background.js";
import { browser } from "./browser.js";
import { startTaggerHost } from "./tagger_host.js";

startTaggerHost();
startBackground({ wakeTagger: async () => {}, openLibrary: () => browser.sidebarAction?.open() ?? Promise.resolve() });
