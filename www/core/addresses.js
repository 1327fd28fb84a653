/** Addresses of one's own: this machine, and the network around it. Browsers ask for leave before a page may reach them. */

/** @typedef {"loopback" | "local"} OwnSpace this machine itself, or the network around it */

/** Of IPv4: private, between carrier and customer, link-local. */
const LOCAL_NUMBERS = /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254)(\.\d+)+$/;
/** Of IPv6: unique local, link-local. */
const LOCAL_HEX = /^\[f([cd][0-9a-f]{2}|e[89ab][0-9a-f]):/;
/** Names that no public register gives away. A name without a dot is looked for in the network around. */
const LOCAL_NAME = /^[^.[]+$|\.(local|internal|home\.arpa)$/;

/**
 * Which of one's own addresses a host is; null: any other. What a name resolves to is not known here, and a public one may be a neighbour's.
 * @param {string} host as `URL.hostname` writes it
 * @returns {OwnSpace | null}
 */
export function ownSpace(host) {
    if (host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host))
        return "loopback";
    return LOCAL_NUMBERS.test(host) || LOCAL_HEX.test(host) || LOCAL_NAME.test(host) ? "local" : null;
}

/** @param {string} host */
export const isPrivateHost = (host) => ownSpace(host) !== null;
