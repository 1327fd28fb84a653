/** What own tags cannot do well, said before anybody finds out. */
import { html } from "../vendor/view.js";
import { t } from "./text.js";

const LIMITS = /** @type {const} */ (["fine", "tiny", "background", "few", "other", "language"]);

export const ownLimits = () => html`<details class="own-section own-limits">
    <summary>${t("taught_limits")}</summary>
    <ul>
        ${LIMITS.map((one) => html`<li>${t(`taught_limit_${one}`)}</li>`)}
    </ul>
</details>`;
