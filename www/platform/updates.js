/**
 * The page kept for use without a network, and newer versions of it: the page's side of shells/page/sw.js.
 * @import { Updates } from "./platform.d.ts"
 *
 * `offers`: a newer version waits until someone takes it; otherwise it is taken as it comes (a page that is being worked on).
 * @typedef {{file: string, version: string, offers: boolean}} ServiceWorkerFacts
 */
import { KEEP_LATE, TAKE_OVER, TIDY, cacheName } from "./cache_names.js";

const CHECK_EVERY_MS = 3_600_000;

/**
 * @param {URL} url of the service worker's script @param {ServiceWorkerFacts} facts
 * @param {(url: string) => unknown} trust makes what `register` takes as a script's address
 * @returns {Updates}
 */
export function openUpdates(url, { version, offers }, trust) {
    // Neither is there where the page is not a secure context.
    const { serviceWorker: workers, locks } =
        /** @type {{serviceWorker?: ServiceWorkerContainer, locks?: LockManager}} */ (navigator);
    /** @type {ServiceWorkerRegistration | undefined} */
    let registration;
    let checkedAt = 0;
    // Held as long as the page is open: its version stays kept.
    locks
        ?.request(cacheName(new URL(".", url).href, version), { mode: "shared" }, () => new Promise(() => {}))
        .catch(() => {});

    return {
        async keep({ onKept, onUpdate }) {
            if (!workers || !locks) return;
            /** @param {ServiceWorker | null} worker */
            const watch = (worker) => {
                const look = () => {
                    if (worker?.state === "activated") onKept();
                    if (worker?.state === "installed" && registration?.active && offers) onUpdate();
                };
                worker?.addEventListener("statechange", look);
                look();
            };
            try {
                checkedAt = Date.now();
                const script = /** @type {string} */ (trust(url.href));
                registration = await workers.register(script, { updateViaCache: "none" });
                registration.addEventListener("updatefound", () => watch(registration?.installing ?? null));
                for (const worker of [registration.active, registration.waiting, registration.installing])
                    watch(worker);
                registration.active?.postMessage(TIDY);
            } catch {
                // Forbidden, or the server cannot be reached: the page works as it did, with a network.
            }
        },
        keepLate: () => registration?.active?.postMessage(KEEP_LATE),
        check() {
            if (!registration || Date.now() - checkedAt < CHECK_EVERY_MS) return;
            checkedAt = Date.now();
            registration.update().catch(() => {}); // without a network there is nothing newer
        },
        apply() {
            const waiting = registration?.waiting;
            if (!waiting) return location.reload(); // another tab has taken it already
            workers?.addEventListener("controllerchange", () => location.reload(), { once: true });
            waiting.postMessage(TAKE_OVER);
        },
    };
}
