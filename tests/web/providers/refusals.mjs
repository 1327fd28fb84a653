/**
 * What every service of the stand-in refuses, whatever its own rules are: headers nobody asked for, bodies that are no JSON, base64 that
 * is wrapped or wears a prefix. What is wrong with the form of a request is a `Refusal`; a credential that is not known is a `WrongKey`.
 *
 * A call as it came in. `headers`: by their names in lower case. @typedef {{
 *   method: string, url: URL, headers: Record<string, string | undefined>, body: Buffer }} Call
 */

/** The request is not one that the documents allow. */
export class Refusal extends Error {
    /** @param {number} status @param {string} why */
    constructor(status, why) {
        super(why);
        this.status = status;
    }
}

/** The request may be right, but who sends it is not known here. */
export class WrongKey extends Error {
    /** @param {"wrong" | "missing"} how */
    constructor(how) {
        super(`The credentials are ${how}.`);
        this.how = how;
    }
}

/** Headers that browsers and HTTP libraries add by themselves. */
const OF_ITSELF =
    /^(accept|accept-encoding|accept-language|cache-control|connection|content-length|content-type|dnt|host|origin|pragma|priority|te|transfer-encoding|user-agent|sec-.*)$/;

/**
 * Nothing is told to a service but what its documents ask for: no cookies, no referrer, no second credential.
 * @param {Call} call @param {readonly string[]} own the service's own headers, in lower case
 */
export function refuseOtherHeaders({ headers }, own) {
    for (const name of Object.keys(headers))
        if (!OF_ITSELF.test(name) && !own.includes(name))
            throw new Refusal(400, `Nobody asked for the header ${name}.`);
}

/** @param {Call} call @param {readonly string[]} known names of parameters */
export function refuseOtherParameters({ url }, known) {
    for (const name of url.searchParams.keys())
        if (!known.includes(name)) throw new Refusal(400, `There is no parameter ${name}.`);
}

/** @param {Call} call @param {string} wanted */
export function needMethod({ method }, wanted) {
    if (method !== wanted) throw new Refusal(405, `${method} is not allowed here.`);
}

/** @param {Call} call @param {RegExp} wanted */
export function needType({ headers }, wanted) {
    const type = headers["content-type"] ?? "";
    if (!wanted.test(type)) throw new Refusal(415, `The content type "${type}" is not one of those that are taken.`);
}

/** @param {Call} call @param {number} limit bytes it must stay below */
export function needLessThan({ body }, limit) {
    if (body.length >= limit) throw new Refusal(413, `${body.length} bytes are too many, ${limit} is the limit.`);
}

/** The body as JSON: one object, in UTF-8. @param {Call} call @param {RegExp} [type] @returns {any} */
export function readJson(call, type = /^application\/json(; ?charset=utf-8)?$/i) {
    needType(call, type);
    return parseObject(call.body, "The body");
}

/** @param {Uint8Array} bytes @param {string} what @returns {any} */
export function parseObject(bytes, what) {
    let value;
    try {
        value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch {
        throw new Refusal(400, `${what} is no JSON in UTF-8.`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value))
        throw new Refusal(400, `${what} is no object.`);
    return value;
}

/** @param {any} object @param {readonly string[]} known @param {string} what */
export function refuseOtherKeys(object, known, what) {
    if (typeof object !== "object" || object === null) throw new Refusal(400, `${what} is no object.`);
    for (const key of Object.keys(object))
        if (!known.includes(key)) throw new Refusal(400, `Unknown name "${key}" at ${what}.`);
}

/** Standard alphabet, padded, in one line, and nothing before it. @param {unknown} text @param {string} what @returns {Buffer} */
export function readBase64(text, what) {
    if (typeof text !== "string" || text === "") throw new Refusal(400, `${what} is no text.`);
    if (text.startsWith("data:")) throw new Refusal(400, `${what} has a data: prefix.`);
    if (/\s/.test(text)) throw new Refusal(400, `${what} has line breaks.`);
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0)
        throw new Refusal(400, `${what} is no base64 of the standard alphabet with its padding.`);
    return Buffer.from(text, "base64");
}

/** @param {unknown} url @param {string} what @returns {Buffer} */
export function readDataUrl(url, what) {
    const prefix = "data:image/jpeg;base64,";
    if (typeof url !== "string" || !url.startsWith(prefix)) throw new Refusal(400, `${what} is no data URL of a JPEG.`);
    return readBase64(url.slice(prefix.length), what);
}

/**
 * One credential, in its place.
 * @param {string | undefined} sent @param {string} known
 */
export function needKey(sent, known) {
    if (sent === undefined || sent === "") throw new WrongKey("missing");
    if (sent !== known) throw new WrongKey("wrong");
}
