/** Other taggers by the user's choice: a part of the page that is fetched when somebody opens it, or has begun something with one. */
import { actions } from "../app/provider_actions.js";
import { providerPage } from "../app/provider_state.js";
import { providerNamed } from "../app/provider_profiles.js";
import { keptProviders } from "../app/provider_state.js";
import { whenDrawn } from "./mount.js";
import { effect } from "../vendor/view.js";
import { askProviderDialog } from "./ask_provider.js";
import { compareDialog } from "./compare_providers.js";
import { addDialogs } from "./dialog.js";
import { mountJobAnnouncements } from "./job_announcements.js";
import { jobLines as jobLinePlace } from "./kept_line.js";
import { jobLines } from "./provider_jobs.js";
import { tryModelDialog } from "./model_try.js";
import { forgetTyped } from "./provider_key.js";
import { providerList } from "./provider_list.js";
import { providerPageView } from "./provider_page.js";
import { requestLogView } from "./request_log.js";

export { startProviderActions } from "../app/provider_actions.js";

/** @type {import("./dialog.js").DialogView} */
const providersDialog = {
    title: "providers",
    isWide: true,
    body,
    onOpen: () => actions.openProviders(),
    onClose: () => {
        forgetTyped();
        actions.leaveProviders();
    },
};

function body() {
    const page = providerPage.value;
    if (page.name === "log") return requestLogView();
    const provider = page.name === "provider" ? providerNamed(keptProviders.value, page.id) : undefined;
    return provider ? providerPageView(provider) : providerList();
}

/** The keyboard goes along: to the heading of what is open now, or back to what led there. @param {Document} root */
function followPage(root) {
    let last = providerPage.peek();
    effect(() => {
        const now = providerPage.value;
        const before = last;
        last = now;
        if (now === before) return;
        whenDrawn(() => {
            const dialog = root.querySelector('dialog[open][data-dialog="providers"]');
            const back =
                before.name === "provider"
                    ? `[data-provider-row="${before.id}"] [data-do="open-provider"]`
                    : '[data-do="open-log"]';
            /** @type {HTMLElement | null | undefined} */ (
                dialog?.querySelector(now.name === "list" ? back : "h3[tabindex]")
            )?.focus();
            const scrolled = dialog?.querySelector(".dialog-body");
            if (scrolled && now.name !== "list") scrolled.scrollTop = 0;
        });
    });
}

/** @param {Document} root */
export function mountProviders(root) {
    addDialogs({
        providers: providersDialog,
        ask_provider: askProviderDialog,
        compare_providers: compareDialog,
        try_model: tryModelDialog,
    });
    jobLinePlace.value = jobLines;
    mountJobAnnouncements();
    followPage(root);
}
