/** Null where the page is no secure context. @returns {((text: string) => Promise<void>) | null} */
export function findClipboard() {
    const { clipboard } = /** @type {{clipboard?: Clipboard}} */ (navigator);
    return clipboard ? (text) => clipboard.writeText(text) : null;
}
