/** Sites whose pictures may be read, as browsers name them: every port of a host, since Firefox knows no ports in them. */

/** @param {string} origin @returns {{origins: string[]}} */
export function originsOf(origin) {
    const { protocol, hostname } = new URL(origin);
    return { origins: [`${protocol}//${hostname}/*`] };
}
