/** Chromium's offscreen document: its service worker has no workers, and the engine needs some. */
import { startTaggerHost } from "./tagger_host.js";

startTaggerHost({ onIdle: () => close() });
