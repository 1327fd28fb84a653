/** A link that failed makes room for the next try. @param {Document} document @param {URL} url @returns {Promise<void>} */
export function linkStyles(document, url) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: url.href });
    return new Promise((resolve, reject) => {
        link.onload = () => resolve();
        link.onerror = () => {
            link.remove();
            reject(new Error(`${url.pathname.split("/").pop()} could not be fetched.`));
        };
        document.head.append(link);
    });
}
