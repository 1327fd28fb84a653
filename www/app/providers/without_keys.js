/**
 * Set-ups are kept as they are, and shown: a key that somebody has put into one is taken out of it before that. It has a field of its own,
 * and `{key}` stands for it.
 */

/** What a credential is called in headers and queries, in lower case and without `-` and `_`: as the core has it (src/providers/http/check.rs). */
export const CREDENTIALS = new Set(
    (
        "accesstoken apikey apisecret auth authorization authtoken clientsecret key " +
        "ocpapimsubscriptionkey password secret subscriptionkey token xapikey xauthtoken xgoogapikey"
    ).split(" "),
);

/** @param {string} name */
const isCredential = (name) => CREDENTIALS.has(name.trim().toLowerCase().replaceAll(/[-_]/g, ""));

/** @param {Readonly<Record<string, unknown>>} setup fields of it @returns {{setup: Record<string, unknown>, hadKey: boolean}} */
export function withoutKeys(setup) {
    let hadKey = false;
    const taken = (/** @type {string} */ rest) => {
        hadKey = true;
        return rest;
    };

    /** A scheme, as in "Bearer …", stays. @param {unknown} pair */
    function header(pair) {
        const [name, value] = Array.isArray(pair) ? pair : [];
        if (typeof name !== "string" || typeof value !== "string") return pair;
        if (!isCredential(name) || value.trim() === "" || /\{\w+\}/.test(value)) return pair;
        const [, scheme = ""] = /^(\w+ )\S/.exec(value.trim()) ?? [];
        return [name, taken(`${scheme}{key}`)];
    }

    /** @param {string} address */
    function url(address) {
        const [head = "", query] = address.split(/\?(.*)/s);
        if (query === undefined) return address;
        const pairs = query.split("&");
        const kept = pairs.filter((pair) => !isCredential(pair.split("=")[0] ?? ""));
        if (kept.length === pairs.length) return address;
        return taken(kept.length > 0 ? `${head}?${kept.join("&")}` : head);
    }

    const fields = Object.entries(setup).map(([name, value]) => {
        if (name === "headers" && Array.isArray(value)) return [name, value.map(header)];
        return [name, ADDRESSES.has(name) && typeof value === "string" ? url(value) : value];
    });
    return { setup: Object.fromEntries(fields), hadKey };
}

/** Fields that are an address. */
const ADDRESSES = new Set(["url", "host", "endpoint", "authorization_server", "service_url", "relay"]);
