/** Line drawings on a 24 px grid; each stands beside words or in a button that has a name. */
import { svg, html } from "../vendor/view.js";

/** @param {import("../vendor/view.js").TemplateResult<2>} shape */
export const icon = (shape) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;

export const tagIcon = () =>
    icon(
        svg`<path fill="currentColor" fill-rule="evenodd" d="M4 5a1 1 0 0 1 1-1h7l8 8a1.5 1.5 0 0 1 0 2l-6 6a1.5 1.5 0 0 1-2 0l-8-8zM8.6 7.2a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8z"/>`,
    );
export const plusIcon = () => icon(svg`<path d="M12 5v14M5 12h14"/>`);
export const folderIcon = () =>
    icon(
        svg`<path d="M3.5 18V7a1.5 1.5 0 0 1 1.5-1.5h4.2l2 2.2H19A1.5 1.5 0 0 1 20.5 9.2V18a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18z"/>`,
    );
export const saveIcon = () => icon(svg`<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14"/>`);
export const closeIcon = () => icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`);
export const warningIcon = () => icon(svg`<path d="M12 4.5 21 19.5H3zM12 10.5v4M12 17.2v.1"/>`);
export const undoIcon = () => icon(svg`<path d="M8.5 5 4 9.5 8.5 14M4.5 9.5H14a5 5 0 0 1 0 10h-3.5"/>`);
export const redoIcon = () => icon(svg`<path d="M15.5 5 20 9.5 15.5 14M19.5 9.5H10a5 5 0 0 0 0 10h3.5"/>`);
export const renewIcon = () => icon(svg`<path d="M19 12a7 7 0 1 1-2.2-5.1L19.5 9.5M19.5 4.5v5h-5"/>`);
export const cameraIcon = () =>
    icon(
        svg`<path d="M3.5 8.5A1.5 1.5 0 0 1 5 7h2.6l1.6-2.2h5.6L16.4 7H19a1.5 1.5 0 0 1 1.5 1.5V18a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18z"/><circle cx="12" cy="13" r="3.6"/>`,
    );
export const moreIcon = () => icon(svg`<path stroke-width="3" d="M5.5 12h.01M12 12h.01M18.5 12h.01"/>`);
export const settingsIcon = () =>
    icon(
        svg`<path d="M4 7.5h9M17.5 7.5H20M4 16.5h2.5M11 16.5h9"/><circle cx="15.2" cy="7.5" r="2.3"/><circle cx="8.8" cy="16.5" r="2.3"/>`,
    );
export const modelIcon = () =>
    icon(svg`<path d="m12 3.5 8 4.3v8.4l-8 4.3-8-4.3V7.8zM4.3 8 12 12.2 19.7 8M12 12.2v8"/>`);
export const storageIcon = () =>
    icon(
        svg`<ellipse cx="12" cy="6" rx="7.5" ry="2.8"/><path d="M4.5 6v12c0 1.6 3.4 2.8 7.5 2.8s7.5-1.2 7.5-2.8V6M4.5 12c0 1.6 3.4 2.8 7.5 2.8s7.5-1.2 7.5-2.8"/>`,
    );
/** Who tags elsewhere. */
export const cloudIcon = () =>
    icon(svg`<path d="M7.5 18.5a4 4 0 0 1-.6-7.9 5.5 5.5 0 0 1 10.6 1.2 3.4 3.4 0 0 1-.5 6.7z"/>`);
/** A picture that becomes an example. */
export const teachIcon = () =>
    icon(svg`<path d="m12 5 9.5 4.5L12 14 2.5 9.5zM6.5 11.5V16c0 1.2 2.5 2.5 5.5 2.5s5.5-1.3 5.5-2.5v-4.5"/>`);
export const runIcon = () => icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>`);
export const helpIcon = () =>
    icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M9.6 9.6a2.4 2.4 0 1 1 3.6 2.1c-.8.5-1.2 1-1.2 2M12 16.6v.1"/>`);
export const pictureIcon = () =>
    icon(svg`<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="m4 17 5-5 4 4 2.5-2.5L20 18M15.5 9.2v.1"/>`);
