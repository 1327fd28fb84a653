/** The question for the pictures of one site, where a browser wants it asked from a page of the extension. */
import { html, render } from "../../vendor/view.js";
import { browser } from "./browser.js";
import { languageOf, loadSettings } from "./settings.js";
import { originsOf } from "./sites.js";
import { say } from "./words.js";

const language = languageOf(await loadSettings());
const origin = webOrigin(new URLSearchParams(location.search).get("origin"));
if (origin) ask(origin);
else close();

/** @param {string} origin */
function ask(origin) {
    const { host } = new URL(origin);
    document.documentElement.lang = language;
    document.title = say(language, "permit_title", { host });
    const allow = async () => {
        await browser.permissions.request(originsOf(origin));
        close();
    };
    render(
        html`
            <main>
                <h1>${document.title}</h1>
                <p>${say(language, "permit_text", { host })}</p>
                <div class="buttons">
                    <button class="main" data-do="allow" @click=${allow}>${say(language, "permit_allow")}</button>
                    <button data-do="deny" @click=${() => close()}>${say(language, "permit_deny")}</button>
                </div>
            </main>
        `,
        document.body,
    );
}

/** The address may come from anybody. @param {string | null} text */
function webOrigin(text) {
    try {
        const { protocol, origin } = new URL(text ?? "");
        return protocol === "http:" || protocol === "https:" ? origin : null;
    } catch {
        return null;
    }
}
