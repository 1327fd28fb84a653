/** What views are made with: all that the page has of lit-html, and state. It needs a document to load. */
export { html, noChange, nothing, render, svg } from "lit-html";
export { Directive, directive } from "lit-html/directive.js";
export { live } from "lit-html/directives/live.js";
export { repeat } from "lit-html/directives/repeat.js";
export { batch, computed, effect, signal, untracked } from "./signals.js";
/** @template {1 | 2 | 3} [T=1 | 2 | 3] @typedef {import("lit-html").TemplateResult<T>} TemplateResult */
/** @template T @typedef {import("./signals.js").Signal<T>} Signal */
/** @template T @typedef {import("./signals.js").ReadonlySignal<T>} ReadonlySignal */
