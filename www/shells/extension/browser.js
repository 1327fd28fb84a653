/**
 * The browser as extensions see it, under one name. What a browser lacks is undefined in it, and the file that deals with that is named after
 * the browser (background_chromium.js, background_firefox.js).
 * @import { Browser } from "./browser_api.d.ts"
 */
const names = /** @type {{browser?: Browser, chrome?: Browser}} */ (/** @type {unknown} */ (globalThis));

export const browser = /** @type {Browser} */ (names.browser ?? names.chrome);
