/**
 * The content security policy, in its one place: the build writes it into the page, the server sends it with every file (workers
 * take theirs from the header of their script), and a static host copies it from here.
 */
export const CSP = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "frame-src 'self'",
    "img-src 'self' blob: data:",
    "style-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types tagsmith lit-html",
].join("; ");

/** What only a header may say. */
export const HEADER_CSP = `${CSP}; frame-ancestors 'none'`;

/**
 * For the proxy frame for the catalog's hosts, in place of the page's: its own policy is in the file (catalog.mjs), and a header cannot widen it.
 * However it is opened, its origin is nobody's, and only the page may have it in a frame.
 */
export const FRAME_HEADER_CSP = "sandbox allow-scripts; frame-ancestors 'self'";
export const FRAME_NAME = /^\/(.*\/)?catalog(\.[0-9a-f]{10})?\.html$/;
