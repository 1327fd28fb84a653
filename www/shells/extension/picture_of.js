/**
 * What picture an element shows, and where its bytes are. Reads the page, changes nothing in it.
 *
 * `url`: where the picture comes from; null where the page draws it (canvas). `kind`: how it is there; "film" is a video that plays, "frame" what
 * a frame of another site has, whose address it then is.
 * @typedef {"img" | "background" | "canvas" | "poster" | "film" | "svg" | "frame"} PictureKind
 * @typedef {{element: Element, kind: PictureKind, url: string | null}} PagePicture
 */

/** Where pages that load pictures late keep the address meanwhile. */
const LATE = ["data-src", "data-lazy-src", "data-original", "data-lazy"];
const LATE_SETS = ["data-srcset", "data-lazy-srcset"];
/** A picture of so few pixels stands for another one, or counts visitors. */
const PLACEHOLDER_SIDE = 2;

/** @param {Element} element @returns {PagePicture | null} */
export function pictureOf(element) {
    if (element instanceof HTMLImageElement) return found(element, "img", addressOfImage(element));
    if (element instanceof HTMLInputElement && element.type === "image") return found(element, "img", element.src);
    if (element instanceof HTMLCanvasElement)
        return element.width * element.height > 0 ? { element, kind: "canvas", url: null } : null;
    if (element instanceof HTMLVideoElement) return filmOf(element);
    if (element instanceof SVGImageElement) return found(element, "img", absolute(element.href.baseVal));
    if (element instanceof SVGSVGElement) return { element, kind: "svg", url: null };
    return found(element, "background", backgroundOf(element));
}

/** @param {Element} element @param {PictureKind} kind @param {string | null} url @returns {PagePicture | null} */
const found = (element, kind, url) => (url ? { element, kind, url } : null);

/** Before it plays, a film shows a picture with an address. @param {HTMLVideoElement} video @returns {PagePicture} */
function filmOf(video) {
    const hasBegun = !video.paused || video.currentTime > 0;
    return video.poster && !hasBegun
        ? { element: video, kind: "poster", url: video.poster }
        : { element: video, kind: "film", url: null };
}

/** What the browser has chosen from `srcset` and `picture`; else what it or the page's own scripts would load later. @param {HTMLImageElement} img */
function addressOfImage(img) {
    const isPlaceholder =
        !img.currentSrc ||
        (img.complete && img.naturalWidth <= PLACEHOLDER_SIDE && img.naturalHeight <= PLACEHOLDER_SIDE);
    if (!isPlaceholder) return img.currentSrc;
    const late = LATE.map((name) => img.getAttribute(name)).find((value) => value);
    const sets = [...LATE_SETS.map((name) => img.getAttribute(name)), img.srcset];
    const fromSet = sets.map((set) => largestOf(set ?? "")).find((value) => value);
    const address = late ?? fromSet;
    return (address && absolute(address)) || img.currentSrc || img.src || null;
}

/** The address with the highest number of a `srcset`. @param {string} srcset @returns {string | null} */
export function largestOf(srcset) {
    // An address may have commas inside, but none at its end.
    const all = [...srcset.matchAll(/\s*(\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)/g)];
    const sizes = all.map(([, url = "", size = "1"]) => ({ url, size: Number(size) }));
    return sizes.reduce((best, one) => (one.size > best.size ? one : best), { url: "", size: 0 }).url || null;
}

/** Of the element itself, and of what its style puts before and behind it. @param {Element} element */
function backgroundOf(element) {
    for (const part of [undefined, "::before", "::after"]) {
        const style = getComputedStyle(element, part);
        const url = urlIn(style.backgroundImage) ?? (part ? urlIn(style.content) : null);
        if (url) return url;
    }
    return null;
}

/** The first address in a computed style: browsers write them absolute and in double quotes. @param {string} value @returns {string | null} */
export function urlIn(value) {
    const [, written] = value.match(/url\("((?:[^"\\]|\\.)*)"\)/) ?? [];
    return written ? written.replace(/\\(.)/g, "$1") : null;
}

/** @param {string} address */
function absolute(address) {
    try {
        return new URL(address, document.baseURI).href;
    } catch {
        return null;
    }
}
