/** Languages as a browser names them. */

/**
 * Those that are names of languages: WebKitGTK passes on what the desktop says, which may be "C", and `Intl` throws at that.
 * @param {readonly string[]} names
 */
export const knownLanguages = (names) => names.filter(isLanguage);

/** @param {string} name */
function isLanguage(name) {
    try {
        return Intl.getCanonicalLocales(name).length > 0;
    } catch {
        return false;
    }
}
