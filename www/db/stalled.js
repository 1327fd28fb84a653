/**
 * What was refused for want of room: it waits in its order, and is asked again every now and then, or once somebody has made room.
 * @import { Open } from "./protocol.js"
 */

/** How often it is looked for room. */
const RETRY_MS = 10_000;

export class Stalled {
    #retry;
    #onStalled;
    /** In their order. @type {Open[]} */
    #waiting = [];
    #isSaid = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;

    /** @param {() => void} retry takes them @param {((isStalled: boolean) => void) | undefined} onStalled */
    constructor(retry, onStalled) {
        this.#retry = retry;
        this.#onStalled = onStalled;
    }

    get isEmpty() {
        return this.#waiting.length === 0;
    }

    /** Of views only the last counts, and they come with every scrolling. @param {Open} open */
    add(open) {
        const former = open.name === "save_view" ? this.#waiting.findIndex(({ name }) => name === "save_view") : -1;
        if (former >= 0) this.#waiting.splice(former, 1)[0]?.resolve(null);
        this.#waiting.push(open);
    }

    /** There is no room: it is looked for later. */
    wait() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.#retry, RETRY_MS);
        this.#say(true);
    }

    /** All of them, which wait here no more. */
    take() {
        clearTimeout(this.#timer);
        return this.#waiting.splice(0);
    }

    /** All that waited is written. */
    end() {
        this.#say(false);
    }

    /** Said once for as long as it lasts. @param {boolean} isStalled */
    #say(isStalled) {
        if (isStalled !== this.#isSaid) this.#onStalled?.(isStalled);
        this.#isSaid = isStalled;
    }
}
