/** The drawings that only matter with pictures; see icons.js. */
import { svg } from "../vendor/view.js";
import { icon } from "./icons.js";

export const acceptIcon = () => icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`);
export const whyIcon = () =>
    icon(
        svg`<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>`,
    );
/** A closer look: sparkles would promise more. */
export const lookIcon = () => icon(svg`<circle cx="11" cy="11" r="6"/><path d="m15.5 15.5 4 4M11 8.5v5M8.5 11h5"/>`);
export const previousIcon = () => icon(svg`<path d="m14.5 5.5-6.5 6.5 6.5 6.5"/>`);
export const nextIcon = () => icon(svg`<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>`);
export const enlargeIcon = () => icon(svg`<path d="M14 4.5h5.5V10M19.5 4.5 13.5 10.5M10 19.5H4.5V14M4.5 19.5l6-6"/>`);
export const filterIcon = () => icon(svg`<path d="M4 6h16M7 12h10M10 18h4"/>`);
/** More pictures, or larger ones. */
export const smallerIcon = () =>
    icon(
        svg`<path d="M4 4h4.5v4.5H4zM9.8 4h4.5v4.5H9.8zM15.5 4H20v4.5h-4.5zM4 9.8h4.5v4.5H4zM9.8 9.8h4.5v4.5H9.8zM15.5 9.8H20v4.5h-4.5zM4 15.5h4.5V20H4zM9.8 15.5h4.5V20H9.8zM15.5 15.5H20V20h-4.5z"/>`,
    );
export const largerIcon = () => icon(svg`<path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z"/>`);
/** A tag crossed out. */
export const untagIcon = () =>
    icon(
        svg`<path d="M8.5 4H5a1 1 0 0 0-1 1v3.5M12.5 4.5 20 12a1.5 1.5 0 0 1 0 2l-1.5 1.5M4.5 12.5 12 20a1.5 1.5 0 0 0 2 0l1.5-1.5M4 4l16 16"/>`,
    );
/** Out of the list: the file stays where it is. */
export const offIcon = () => icon(svg`<path d="M4 6h16M4 12h9M4 18h9M16.5 14.5l4 4M20.5 14.5l-4 4"/>`);
/** A menu lies below. */
export const openIcon = () => icon(svg`<path d="m7 10 5 5 5-5"/>`);
/** Pictures on pictures. */
export const collectionIcon = () =>
    icon(svg`<rect x="4" y="9" width="16" height="11" rx="1.5"/><path d="M6 6.2h12M8 3.6h8"/>`);
export const copyIcon = () =>
    icon(
        svg`<rect x="8.5" y="8.5" width="11" height="11" rx="1.5"/><path d="M15.5 8V5A1.5 1.5 0 0 0 14 3.5H5A1.5 1.5 0 0 0 3.5 5v9A1.5 1.5 0 0 0 5 15.5h3"/>`,
    );
export const searchIcon = () => icon(svg`<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>`);
export const reviewIcon = () => icon(svg`<path d="m3 12.5 4 4L15.5 8M11.5 15.5l1 1L21 8"/>`);
export const branchIcon = () => icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="m6 6 12 12"/>`);
