/** Among the downloads. @param {string} name @param {string} type @param {string} text */
export function save(name, type, text) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    Object.assign(document.createElement("a"), { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
