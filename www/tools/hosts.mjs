/**
 * The headers of csp.mjs as other servers read them: `_headers` for Netlify and Cloudflare Pages, and pieces for nginx, Apache and Caddy.
 * @typedef {{hasFrame: boolean}} Options as for `csp`
 */
import { isHashed } from "../platform/cache_names.js";
import { FRAME_HEADER_CSP, FRAME_NAME, NOT_FOUND_CSP, OTHER_HEADERS, headerCsp } from "./csp.mjs";

const POLICY = "Content-Security-Policy";
/** As every server reads it: without backslashes and braces, of which some make something else. */
const FRAME_PATTERN = FRAME_NAME.source.replace("^\\/(.*\\/)?", "/").replaceAll("\\.", "[.]").replaceAll("{10}", "+");
const IMMUTABLE = "public, max-age=31536000, immutable";
const HASHED_PATTERN = "[.]([0-9a-f]+|[0-9A-Z]+)[.][a-z0-9]+$";

/** Lines of a header each. @param {(name: string, value: string) => string} line */
const others = (line) => Object.entries(OTHER_HEADERS).map(([name, value]) => line(name, value));

/**
 * Both hosts join the values of all rules that fit, and the proxy frame would be under two policies: so each file has its own.
 * @param {Iterable<string>} files names as they lie in the build @param {Options} options
 */
export function headersFile(files, options) {
    const paths = [...files].sort().map((name) => {
        const policy = FRAME_NAME.test(`/${name}`) ? FRAME_HEADER_CSP : headerCsp(options);
        const cache = isHashed(name) ? [`  Cache-Control: ${IMMUTABLE}`] : [];
        // Cloudflare leads to an address without the ending.
        const addresses = name.endsWith(".html") ? [name, name.slice(0, -".html".length)] : [name];
        return addresses.map((address) => [`/${address}`, `  ${POLICY}: ${policy}`, ...cache].join("\n"));
    });
    const all = ["/*", ...others((name, value) => `  ${name}: ${value}`)].join("\n");
    const page = `/\n  ${POLICY}: ${headerCsp(options)}`;
    return `${[all, page, ...paths.flat()].join("\n\n")}\n`;
}

/** What those hosts send for an address that is no file; it has its policy itself. */
export const notFoundPage = () =>
    `<!doctype html>\n<meta charset="utf-8" />\n<meta http-equiv="${POLICY}" content="${NOT_FOUND_CSP}" />\n<title>Not found</title>\n`;

/** @param {Options} options @returns {Record<string, string>} file → content */
export const serverPieces = (options) => ({
    "nginx.conf": lines([
        "# Headers of Tagsmith. In the server or location of the page:  include tagsmith/nginx.conf;",
        "# nginx takes them from nowhere else as soon as a location inside has an add_header of its own.",
        `set $tagsmith_policy "${headerCsp(options)}";`,
        `if ($uri ~ "${FRAME_PATTERN}") { set $tagsmith_policy "${FRAME_HEADER_CSP}"; }`,
        'set $tagsmith_cache "no-cache";',
        `if ($uri ~ "${HASHED_PATTERN}") { set $tagsmith_cache "${IMMUTABLE}"; }`,
        `add_header ${POLICY} $tagsmith_policy always;`,
        "add_header Cache-Control $tagsmith_cache;",
        ...others((name, value) => `add_header ${name} "${value}" always;`),
    ]),
    "apache.conf": lines([
        "# Headers of Tagsmith, for Apache with mod_headers: include it where the page is configured, or copy it there as .htaccess.",
        `Header always set ${POLICY} "${headerCsp(options)}"`,
        'Header set Cache-Control "no-cache"',
        ...others((name, value) => `Header always set ${name} "${value}"`),
        `<FilesMatch "${FRAME_PATTERN.replace("/", "^")}">`,
        `    Header always set ${POLICY} "${FRAME_HEADER_CSP}"`,
        "</FilesMatch>",
        `<FilesMatch "${HASHED_PATTERN}">`,
        `    Header set Cache-Control "${IMMUTABLE}"`,
        "</FilesMatch>",
    ]),
    Caddyfile: lines([
        "# Headers of Tagsmith. In the site of the page:  import tagsmith/Caddyfile",
        `@tagsmith_frame path_regexp ${FRAME_PATTERN}`,
        `@tagsmith_rest not path_regexp ${FRAME_PATTERN}`,
        `@tagsmith_hashed path_regexp ${HASHED_PATTERN}`,
        `header @tagsmith_frame ${POLICY} "${FRAME_HEADER_CSP}"`,
        `header @tagsmith_rest ${POLICY} "${headerCsp(options)}"`,
        'header ?Cache-Control "no-cache"',
        `header @tagsmith_hashed Cache-Control "${IMMUTABLE}"`,
        "header {",
        ...others((name, value) => `    ${name} "${value}"`),
        "}",
    ]),
});

/** @param {string[]} all */
const lines = (all) => `${all.join("\n")}\n`;
