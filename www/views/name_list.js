/** Names of pictures, the first of them and how many more there are. */
import { html, nothing } from "../vendor/view.js";
import { t } from "./text.js";

const SHOWN = 8;

/** @param {readonly string[]} names */
export const nameList = (names) => html`<ul class="name-list">
    ${names.slice(0, SHOWN).map((name) => html`<li>${name}</li>`)}
    ${names.length > SHOWN ? html`<li>${t("write_and_more", { n: names.length - SHOWN })}</li>` : nothing}
</ul>`;
