/**
 * The content security policy and the other headers, in their one place: the build writes the policy into the page, the server sends it with
 * every file (workers take theirs from the header of their script), and hosts.mjs writes it out for other servers.
 */

/** The page's. @param {{hasFrame: boolean}} options whether there is a catalog with hosts of its own: only then a frame is needed */
export const csp = ({ hasFrame }) =>
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        `frame-src ${hasFrame ? "'self'" : "'none'"}`,
        "img-src 'self' blob: data:",
        "style-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types tagsmith lit-html",
    ].join("; ");

export const CSP = csp({ hasFrame: true });

/** With what only a header may say. @param {{hasFrame: boolean}} options */
export const headerCsp = (options) => `${csp(options)}; frame-ancestors 'none'`;

/**
 * For the proxy frame for the catalog's hosts, in place of the page's: its own policy is in the file (catalog.mjs), and a header cannot widen it.
 * However it is opened, its origin is nobody's, and only the page may have it in a frame.
 */
export const FRAME_HEADER_CSP = "sandbox allow-scripts; frame-ancestors 'self'";
export const FRAME_NAME = /^\/(.*\/)?catalog(\.[0-9a-f]{10})?\.html$/;

/**
 * Of a page that is a single file: nothing is fetched from anywhere, and no script or style holds but those that it was made with. Workers are
 * under it, too.
 * @param {{scripts: readonly string[], styles: readonly string[]}} hashes `sha256-…` of each
 */
export const fileCsp = ({ scripts, styles }) =>
    [
        "default-src 'none'",
        `script-src ${quoted(scripts)} 'wasm-unsafe-eval'`,
        "worker-src blob:",
        "img-src blob: data:",
        `style-src ${quoted(styles)}`,
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types tagsmith tagsmith-opening lit-html",
    ].join("; ");

/** @param {readonly string[]} sources */
const quoted = (sources) => sources.map((one) => `'${one}'`).join(" ");

/** For what nobody has asked for: a page of the host's own would be one without a policy. */
export const NOT_FOUND_CSP = "default-src 'none'; base-uri 'none'; form-action 'none'";

/** Sent with every answer, beside the policy. */
export const OTHER_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
};

/** Sent with every answer but the proxy frame. */
export const HEADERS = { "Content-Security-Policy": headerCsp({ hasFrame: true }), ...OTHER_HEADERS };
