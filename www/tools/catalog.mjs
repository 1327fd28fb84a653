/**
 * The catalog of models (models/catalog.json) and the proxy frame for its hosts (shells/page/catalog.js): read and checked when the page is
 * built, because a catalog that is wrong would only be noticed by whoever downloads from it.
 *
 * @typedef {{
 *   id: string, name: string, url: string, vocabulary?: string, bytes: number, sha256: string, licence: string, top1: number | null,
 *   is_verified: boolean, card: {model: {bytes: number, sha256: string}, vocabulary: {sha256: string}} & Record<string, unknown>}} CatalogEntry
 *   `url` and `vocabulary` may be relative to the page; without `vocabulary` it is that of the model that comes with the page
 */
import { createHash } from "node:crypto";

const FIELDS = new Set([
    "id",
    "name",
    "url",
    "vocabulary",
    "bytes",
    "sha256",
    "licence",
    "top1",
    "is_verified",
    "card",
]);
const SHA256 = /^[0-9a-f]{64}$/;

/** @param {string} json @returns {CatalogEntry[]} @throws {Error} with the field that is wrong */
export function parseCatalog(json) {
    const { version, models } = JSON.parse(json);
    if (version !== 1 || !Array.isArray(models))
        throw new Error('The catalog needs "version": 1 and a list of "models".');
    const ids = new Set();
    for (const entry of models) {
        const wrong = wrongField(entry);
        if (wrong !== null) throw new Error(`The catalog's model ${JSON.stringify(entry?.id)} has a wrong "${wrong}".`);
        if (ids.has(entry.id)) throw new Error(`The catalog has two models "${entry.id}".`);
        ids.add(entry.id);
    }
    return models;
}

/** @param {any} entry @returns {string | null} */
function wrongField(entry) {
    const {
        id,
        name,
        url,
        vocabulary = "none",
        bytes,
        sha256,
        licence,
        top1,
        is_verified: isVerified,
        card,
        ...others
    } = Object(entry);
    /** @type {Record<string, boolean>} */
    const rules = {
        id: /^[a-z0-9-]+$/.test(id),
        name: typeof name === "string" && name !== "",
        url: isAddress(url),
        vocabulary: isAddress(vocabulary),
        bytes: Number.isSafeInteger(bytes) && bytes > 0,
        sha256: SHA256.test(sha256),
        licence: typeof licence === "string" && licence !== "",
        top1: top1 === null || (top1 > 0 && top1 <= 1),
        is_verified: typeof isVerified === "boolean",
        card: card?.model?.bytes === bytes && card?.model?.sha256 === sha256 && SHA256.test(card?.vocabulary?.sha256),
    };
    return (
        Object.keys(others).find((field) => !FIELDS.has(field)) ??
        Object.keys(rules).find((field) => !rules[field]) ??
        null
    );
}

/** @param {unknown} url */
function isAddress(url) {
    if (typeof url !== "string" || url === "") return false;
    const { protocol, host, username } = new URL(url, "https://page.test/");
    return username === "" && (host === "page.test" || /^https?:$/.test(protocol));
}

/** The addresses on hosts of their own: those the proxy frame may fetch. @param {CatalogEntry[]} models */
export function foreignAddresses(models) {
    const isForeign = (/** @type {string | undefined} */ url) => url !== undefined && URL.canParse(url);
    /** @type {Record<string, {model: string, vocabulary?: string}>} */
    const addresses = {};
    for (const { id, url, vocabulary } of models) {
        // A file beside the page is the page's own business.
        if (isForeign(url) || isForeign(vocabulary))
            addresses[id] = vocabulary === undefined ? { model: url } : { model: url, vocabulary };
    }
    return addresses;
}

/** What the proxy frame may do: run this script, fetch from these hosts. @param {string} script @param {CatalogEntry[]} models */
export function frameCsp(script, models) {
    const urls = models.flatMap(({ url, vocabulary = "" }) => [url, vocabulary]).filter((url) => URL.canParse(url));
    const hosts = [...new Set(urls.map((url) => new URL(url).origin))].sort();
    const hash = createHash("sha256").update(script).digest("base64");
    return [
        "default-src 'none'",
        `script-src 'sha256-${hash}'`,
        `connect-src ${hosts.join(" ") || "'none'"}`,
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].join("; ");
}

/** The proxy frame's page: all in one file, because nothing of its own origin could be loaded into it. @param {string} template @param {string} script @param {CatalogEntry[]} models */
export function writeFrame(template, script, models) {
    /** @type {Record<string, string>} */
    const values = { csp: frameCsp(script, models), script };
    return template.replace(/%(csp|script)%/g, (_, name) => values[name] ?? "");
}
