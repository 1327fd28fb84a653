/** Which browsers there are, and what a machine lacks for each of them. */
import { findDisplay, findDriver, findMiniBrowser, openWebkit } from "./webkit.mjs";
import { findChromium, findFirefox, openChromium, openFirefox } from "./playwright.mjs";

/** @import { Browser, BrowserName, Patience } from "./browser.mjs" */

/** @type {Record<BrowserName, (patience: Patience) => Promise<Browser>>} */
const OPEN = { chromium: openChromium, firefox: openFirefox, webkit: openWebkit };

/** `missing` is why it cannot be tested here, or false. @type {{name: BrowserName, missing: () => string | false}[]} */
export const BROWSERS = [
    { name: "chromium", missing: () => !findChromium() && "Chromium is not installed." },
    { name: "firefox", missing: () => !findFirefox() && lack("Firefox ESR", "firefox-esr") },
    {
        name: "webkit",
        missing: () =>
            !(findDriver() && findMiniBrowser() && findDisplay()) &&
            lack("WebKitGTK with its driver and a display", "webkit2gtk-driver xvfb"),
    },
];

/** @param {string} what @param {string} packages */
const lack = (what, packages) => `${what} is not installed. On Debian: apt-get install ${packages}`;

/** @param {BrowserName} name @param {Patience} patience */
export const openBrowser = (name, patience) => OPEN[name](patience);
