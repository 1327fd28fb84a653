/**
 * For what a field shows: what holds, also where something was typed that does not hold. But nobody's typing is drawn over: until it is taken
 * (the field's change), it stays as it was typed, unless what holds is another value meanwhile.
 */
import { Directive, directive, live, noChange } from "../vendor/view.js";

class UnlessTyped extends Directive {
    #isTyped = false;
    /** @type {string | null} */
    #held = null;

    /** @param {string} value @returns {unknown} */
    render(value) {
        return live(value);
    }

    /** @override @param {import("lit-html/directive.js").PropertyPart} part @param {[string]} values */
    update({ element }, [value]) {
        if (this.#held === null) {
            element.addEventListener("input", () => void (this.#isTyped = true));
            element.addEventListener("change", () => void (this.#isTyped = false));
        }
        if (this.#isTyped && value === this.#held) return noChange;
        this.#isTyped = false;
        this.#held = value;
        return this.render(value);
    }
}

export const unlessTyped = directive(UnlessTyped);
