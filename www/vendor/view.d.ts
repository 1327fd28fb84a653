// The types of view.js, which tools/build.mjs packs from the same two libraries.
export { html, svg, nothing, render } from "lit-html";
export type { TemplateResult } from "lit-html";
export { live } from "lit-html/directives/live.js";
export { repeat } from "lit-html/directives/repeat.js";
export { signal, computed, effect, batch, untracked } from "@preact/signals-core";
export type { Signal, ReadonlySignal } from "@preact/signals-core";
