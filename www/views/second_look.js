/** A quiet sign on a card whose picture is looked at again for objects, or waits for that. */
import { html, nothing } from "../vendor/view.js";
import { t } from "./text.js";
import { lookIcon } from "./work_icons.js";

/** @param {import("../app/state.js").PictureEntry} picture */
export const lookSign = ({ look }) =>
    look ? html`<span class="card-look" data-look=${look} title=${t(`look_${look}`)}>${lookIcon()}</span>` : nothing;

/** For who does not see the card. @param {import("../app/state.js").PictureEntry} picture @returns {string[]} */
export const spokenLook = ({ look }) => (look ? [t(`look_${look}`)] : []);
