/**
 * A layer of the extension's own above a page: a closed shadow root that the page's styles and scripts do not reach, above everything else,
 * with styles that no policy of the page forbids.
 */
import tokens from "../../css/tokens.css";
import { render } from "../../vendor/view.js";

/** What pages listen to, and what happens here is none of their business. */
const KINDS = ["keydown", "keyup", "keypress", "click", "mousedown", "mouseup", "pointerdown", "pointerup", "auxclick"];
const MORE_KINDS = [
    "dblclick",
    "contextmenu",
    "wheel",
    "touchstart",
    "touchend",
    "focusin",
    "focusout",
    "copy",
    "input",
];

/** @param {string} css @returns {{host: HTMLElement, root: ShadowRoot, close: () => void, draw: (content: unknown) => void}} */
export function openLayer(css) {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "closed" });
    root.adoptedStyleSheets = [tokens.replaceAll(":root", ":host"), css].map(sheetOf);
    for (const kind of [...KINDS, ...MORE_KINDS]) host.addEventListener(kind, (event) => event.stopPropagation());
    // Within an open dialog or a full screen: everything else is out of reach there.
    const modal = [...document.querySelectorAll(":modal")].at(-1);
    (modal ?? document.documentElement).append(host);
    host.popover = "manual"; // above every z-index
    host.showPopover();
    return { host, root, close: () => host.remove(), draw: (content) => void render(content, root) };
}

/** @param {string} css */
function sheetOf(css) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
}
