/** Where the panel is: beside its picture as far as there is room, and always within the window. */
const GAP = 8;

/** @param {HTMLElement} host @param {Element} element */
export function placeBeside(host, element) {
    const size = host.getBoundingClientRect();
    const { x, y } = placeOf(element.getBoundingClientRect(), size, { width: innerWidth, height: innerHeight });
    // No style of a page reaches a closed root, and this is all that goes in from outside.
    host.style.setProperty("--tagsmith-x", `${x}px`, "important");
    host.style.setProperty("--tagsmith-y", `${y}px`, "important");
}

/**
 * Right of the picture, else left of it, else over its upper right corner.
 * @param {{left: number, top: number, right: number}} picture @param {{width: number, height: number}} panel @param {{width: number, height: number}} room
 */
export function placeOf(picture, panel, room) {
    const within = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ all) =>
        Math.round(Math.max(GAP, Math.min(at, all - size - GAP)));
    const isRoomRight = picture.right + GAP + panel.width + GAP <= room.width;
    const isRoomLeft = picture.left - GAP - panel.width - GAP >= 0;
    const left = picture.left - GAP - panel.width;
    const x = isRoomRight ? picture.right + GAP : isRoomLeft ? left : picture.right - GAP - panel.width;
    return { x: within(x, panel.width, room.width), y: within(picture.top, panel.height, room.height) };
}
