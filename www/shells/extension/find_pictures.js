/**
 * Pictures of a page: the one that is meant, or all of them. Open shadow roots are part of the page, and closed ones where the browser lets
 * extensions in.
 * @import { PagePicture } from "./picture_of.js"
 */
import { browser } from "./browser.js";
import { pictureOf } from "./picture_of.js";

/** So many elements are looked at in one go, so that the page goes on. */
const CHUNK = 2_000;
/** Frames that are smaller show no pictures, and count visitors. */
const FRAME_SIDE = 32;
/** A page may have any number; nobody looks through more. */
export const MOST_PICTURES = 1_000;

/** @param {Element} element @returns {ShadowRoot | null} */
export function rootOf(element) {
    if (element.shadowRoot) return element.shadowRoot;
    const { openOrClosedShadowRoot: firefox } = /** @type {{openOrClosedShadowRoot?: ShadowRoot}} */ (
        /** @type {unknown} */ (element)
    );
    return firefox ?? (element instanceof HTMLElement ? (browser.dom?.openOrClosedShadowRoot(element) ?? null) : null);
}

/** Every element, those in shadow roots included. @param {Document | ShadowRoot} root @returns {Generator<Element>} */
export function* elementsIn(root) {
    for (const element of root.querySelectorAll("*")) {
        yield element;
        const inside = rootOf(element);
        if (inside) yield* elementsIn(inside);
    }
}

/** What lies below a point, the uppermost first. @param {Document | ShadowRoot} root @param {number} x @param {number} y @returns {Element[]} */
function elementsAt(root, x, y) {
    return root.elementsFromPoint(x, y).flatMap((element) => {
        const inside = rootOf(element);
        const within = inside && inside !== root ? elementsAt(inside, x, y) : [];
        return [...within.filter((one) => one.getRootNode() === inside || within.length > 0), element];
    });
}

/** The uppermost picture at a point: links and veils often lie above it. @param {number} x @param {number} y @returns {PagePicture | null} */
export function pictureAt(x, y) {
    for (const element of elementsAt(document, x, y)) {
        const picture = pictureOf(element);
        if (picture) return picture;
    }
    return null;
}

/** Where a menu was opened last. @type {{x: number, y: number} | null} */
let lastMenu = null;

/** From now on it is known where a menu is opened; before the first use on a page it is not. */
export function followMenus() {
    addEventListener("contextmenu", ({ clientX: x, clientY: y }) => void (lastMenu = { x, y }), {
        capture: true,
        passive: true,
    });
}

/** Frames of other sites: what is in them is not part of the page. */
const closedFrames = () =>
    [...elementsIn(document)]
        .filter((one) => one instanceof HTMLIFrameElement)
        .filter(({ src, contentDocument }) => /^https?:/.test(src) && contentDocument === null);

/** The origins of frames of other sites that somebody can see. */
export function originsOfFrames() {
    const shown = closedFrames().filter((one) => {
        const { width, height } = one.getBoundingClientRect();
        return Math.min(width, height) >= FRAME_SIDE;
    });
    return [...new Set(shown.map(({ src }) => new URL(src).origin))];
}

/**
 * What was meant in a frame of another site: null where its address is known, by which it can be had.
 * @param {{srcUrl: string | null, closedFrame: string | null}} clicked @returns {PagePicture | null}
 */
export function pictureInFrame({ srcUrl, closedFrame }) {
    if (!closedFrame || !/^https?:/.test(closedFrame) || /^(https?|data):/.test(srcUrl ?? "")) return null;
    const element = closedFrames().find(({ src }) => src === closedFrame) ?? document.documentElement;
    return { element, kind: "frame", url: closedFrame };
}

/**
 * The picture that is meant: where the menu was opened, as far as that is known, else the one of that address, else what the pointer is on.
 * Null: it has to be shown.
 * @param {{srcUrl: string | null, targetElementId: number | null}} clicked @returns {PagePicture | null}
 */
export function meantPicture({ srcUrl, targetElementId }) {
    const isOfAddress = (/** @type {PagePicture | null} */ picture) => !srcUrl || picture?.url === srcUrl;
    const target = targetElementId === null ? null : (browser.menus?.getTargetElement(targetElementId) ?? null);
    const ofTarget = target && (pictureOf(target) ?? pictureAround(target));
    if (ofTarget && isOfAddress(ofTarget)) return ofTarget;
    const atMenu = lastMenu && pictureAt(lastMenu.x, lastMenu.y);
    if (atMenu && isOfAddress(atMenu)) return atMenu;
    if (srcUrl) return pictureOfAddress(srcUrl);
    return hovered();
}

/** A picture below a point of an element: what was clicked may only lie on it. @param {Element} element */
function pictureAround(element) {
    const { left, top, width, height } = element.getBoundingClientRect();
    return pictureAt(left + width / 2, top + height / 2);
}

/** The one on screen, where several have this address. @param {string} url @returns {PagePicture} */
function pictureOfAddress(url) {
    /** @type {PagePicture[]} */
    const all = [];
    for (const element of elementsIn(document)) {
        const isNamed = element instanceof HTMLImageElement || element instanceof SVGImageElement || "src" in element;
        const picture = isNamed ? pictureOf(element) : null;
        if (picture?.url === url || (element instanceof HTMLImageElement && element.src === url))
            all.push({ element, kind: picture?.kind ?? "img", url });
    }
    const isOver = (/** @type {PagePicture} */ { element }) => element.matches(":hover");
    const isSeen = (/** @type {PagePicture} */ { element }) => isOnScreen(element.getBoundingClientRect());
    return all.find(isOver) ?? all.find(isSeen) ?? all[0] ?? { element: document.documentElement, kind: "img", url };
}

/** @param {DOMRect} rect */
const isOnScreen = ({ left, top, right, bottom }) =>
    right > 0 && bottom > 0 && left < innerWidth && top < innerHeight && right > left && bottom > top;

/** What the pointer is on, the innermost first. */
function hovered() {
    for (const element of [...document.querySelectorAll(":hover")].reverse()) {
        const picture = pictureOf(element);
        if (picture && picture.kind !== "svg") return picture;
    }
    return null;
}

/** All that are worth a look, in the order of the page. @returns {Promise<{pictures: PagePicture[], isAll: boolean}>} */
export async function allPictures() {
    /** @type {PagePicture[]} */
    const pictures = [];
    let n = 0;
    for (const element of elementsIn(document)) {
        if (++n % CHUNK === 0) await new Promise((resolve) => setTimeout(resolve));
        const picture = pictureOf(element);
        if (!picture || picture.kind === "svg" || picture.kind === "film") continue;
        if (pictures.length === MOST_PICTURES) return { pictures, isAll: false };
        pictures.push(picture);
    }
    return { pictures, isAll: true };
}
