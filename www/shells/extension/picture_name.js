/**
 * What a picture is called for whoever does not see it, as browsers compute it (Accessible Name, HTML-AAM, SVG-AAM), as far as that is about
 * pictures: no browser tells it to extensions.
 *
 * `isDecoration`: its page says that it has nothing to tell. `isImage`: it says that it is one, as a drawing or a background can.
 * @typedef {{name: string, isDecoration: boolean, isImage: boolean}} Called
 */
const SVG = "http://www.w3.org/2000/svg";
const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex]";

/** @param {Element} element @returns {Called} */
export function calledOf(element) {
    const own = ownName(element);
    const isSilent = [...around(element)].some((one) => one.getAttribute("aria-hidden") === "true");
    const name = own || nameAround(element);
    const isEmpty = element instanceof HTMLImageElement && element.getAttribute("alt") === "";
    return {
        name,
        isDecoration: isSilent || (name === "" && (isEmpty || isPresentation(element))),
        isImage: isImageRole(element),
    };
}

/** @param {Element} element */
function ownName(element) {
    const ways = [
        () => textOfNamed(element),
        () => element.getAttribute("aria-label"),
        () => nativeName(element),
        () => element.getAttribute("title"),
    ];
    // Whoever writes alt="" and a title has shown that it is decoration; the title is for those who see it.
    const isEmpty = element instanceof HTMLImageElement && element.getAttribute("alt") === "";
    for (const way of isEmpty ? ways.slice(0, 2) : ways) {
        const name = oneLine(way());
        if (name) return name;
    }
    return "";
}

/** What `aria-labelledby` names, whether it is shown or not. @param {Element} element */
function textOfNamed(element) {
    const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
    const ids = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter((id) => id);
    const named = ids.flatMap((id) => root.getElementById?.(id) ?? []);
    return named
        .map((one) => oneLine(one.getAttribute("aria-label")) || oneLine(nativeName(one)) || one.textContent)
        .join(" ");
}

/** By the kind of element. @param {Element} element */
function nativeName(element) {
    if (element instanceof HTMLImageElement) return element.alt;
    if (element instanceof HTMLInputElement && element.type === "image")
        return [...[...(element.labels ?? [])].map((label) => label.textContent), element.alt, element.value].find(
            (text) => oneLine(text),
        );
    // What stands in it for whoever does not see it; of an image as a whole browsers take nothing from within.
    if (element instanceof HTMLCanvasElement && !isImageRole(element)) return element.textContent;
    if (element.namespaceURI === SVG)
        return [...element.children].find((one) => one.localName === "title")?.textContent;
    return "";
}

/** Of the drawing that a picture stands in, or of what counts as one picture as a whole. @param {Element} element */
function nameAround(element) {
    let isInDrawing = element.namespaceURI === SVG;
    for (const one of around(element)) {
        if (one === element) continue;
        isInDrawing &&= one.namespaceURI === SVG;
        const name = isInDrawing || isImageRole(one) ? ownName(one) : "";
        if (name) return name;
    }
    return "";
}

/** A role is not taken from what the keyboard reaches, and in a drawing it holds for what stands in it. @param {Element} element */
function isPresentation(element) {
    for (const one of around(element)) {
        if (one !== element && one.namespaceURI !== SVG) return false;
        if (/^(none|presentation)$/.test(roleOf(one)) && !one.matches(FOCUSABLE)) return true;
        if (one.namespaceURI !== SVG) return false;
    }
    return false;
}

/** @param {Element} element */
const isImageRole = (element) => /^(img|image)$/.test(roleOf(element));

/** The first of several that means something for a picture. @param {Element} element */
const roleOf = (element) =>
    (element.getAttribute("role") ?? "")
        .toLowerCase()
        .split(/\s+/)
        .find((role) => /^(img|image|none|presentation)$/.test(role)) ?? "";

/** The element and those around it, out of shadow roots too. @param {Element} element @returns {Generator<Element>} */
function* around(element) {
    for (let one = /** @type {Element | null} */ (element); one; ) {
        yield one;
        const root = one.getRootNode();
        one = one.assignedSlot ?? one.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
    }
}

/** @param {string | null | undefined} text */
const oneLine = (text) => (text ?? "").replace(/\s+/g, " ").trim();
