/** State: all that the page has of signals-core. */
export { batch, computed, effect, signal, untracked } from "@preact/signals-core";
/** @template T @typedef {import("@preact/signals-core").Signal<T>} Signal */
/** @template T @typedef {import("@preact/signals-core").ReadonlySignal<T>} ReadonlySignal */
