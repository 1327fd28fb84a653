/**
 * The browser's own model, before it is asked anything: whether it is there, and fetching it. The browser downloads it once for all pages,
 * and does so only after a click.
 * @import { Context } from "../context.js"
 */
import { failureOf } from "../../core/protocol.js";
import { browserModel } from "../provider_state.js";

/** It is asked for in the language that every such model writes. */
const LANGUAGE = "en";

/** @param {Pick<Context, "platform">} context */
export function createBrowserDownload({ platform }) {
    const model = platform.browserModel;

    async function refreshBrowserModel() {
        if (!model || browserModel.value?.status === "downloading") return;
        const status = await model.availability(LANGUAGE).catch(() => /** @type {const} */ ("unavailable"));
        browserModel.value = { status, share: status === "available" ? 1 : 0, failure: null };
    }

    /** To be called right after a click, with nothing awaited in between. */
    async function downloadBrowserModel() {
        if (!model) return;
        browserModel.value = { status: "downloading", share: 0, failure: null };
        try {
            const onProgress = (/** @type {number} */ share) =>
                void (browserModel.value = { status: "downloading", share, failure: null });
            (await model.open({ language: LANGUAGE, onProgress })).close();
            browserModel.value = { status: "available", share: 1, failure: null };
        } catch (error) {
            const { detail } = failureOf(error, "");
            browserModel.value = {
                status: "downloadable",
                share: 0,
                failure: { code: "provider_unavailable", detail },
            };
        }
    }

    return { downloadBrowserModel, refreshBrowserModel };
}
