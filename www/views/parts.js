/**
 * The parts of the page that are fetched after the empty page, and where they go. Each is one module with all its views; the build finds
 * their style sheets by what it imports.
 * @import { PartLoaders } from "../app/actions/parts.js"
 *
 * @param {Document} root @returns {PartLoaders}
 */
export const partsOf = (root) => ({
    work: async () => {
        const { startWorkActions, mountWork } = await import("./work.js");
        return { start: startWorkActions, mount: () => mountWork(root) };
    },
    dialogs: async () => {
        const { startDialogActions, mountDialogs } = await import("./dialogs.js");
        return { start: startDialogActions, mount: () => mountDialogs(root) };
    },
    providers: async () => {
        const { startProviderActions, mountProviders } = await import("./providers.js");
        return { start: startProviderActions, mount: () => mountProviders(root) };
    },
    words: async () => {
        const { startWordsActions, mountWords } = await import("./words.js");
        return { start: startWordsActions, mount: () => mountWords() };
    },
    own_tags: async () => {
        const { startOwnActions, mountOwnTags } = await import("./own_tags.js");
        return { start: startOwnActions, mount: () => mountOwnTags(root) };
    },
});
