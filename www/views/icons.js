/** Line drawings on a 24 px grid; each stands beside words or in a button that has a name. */
import { svg, html } from "../vendor/view.js";

/** @param {import("../vendor/view.js").TemplateResult<2>} shape */
const icon = (shape) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;

export const tag_icon = () =>
    icon(svg`<path fill="currentColor" fill-rule="evenodd" d="M4 5a1 1 0 0 1 1-1h7l8 8a1.5 1.5 0 0 1 0 2l-6 6a1.5 1.5 0 0 1-2 0l-8-8zM8.6 7.2a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8z"/>`);
export const plus_icon = () => icon(svg`<path d="M12 5v14M5 12h14"/>`);
export const folder_icon = () =>
    icon(svg`<path d="M3.5 18V7a1.5 1.5 0 0 1 1.5-1.5h4.2l2 2.2H19A1.5 1.5 0 0 1 20.5 9.2V18a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18z"/>`);
export const save_icon = () => icon(svg`<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14"/>`);
export const close_icon = () => icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`);
export const warning_icon = () => icon(svg`<path d="M12 4.5 21 19.5H3zM12 10.5v4M12 17.2v.1"/>`);
export const picture_icon = () =>
    icon(svg`<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="m4 17 5-5 4 4 2.5-2.5L20 18M15.5 9.2v.1"/>`);
