/**
 * A stand-in for the services that other taggers are: a real HTTP server on loopback that speaks the documented paths of each, and is
 * strict. It refuses whatever the documents forbid and whatever should never have left the device, and keeps count of what it would have
 * billed. It was written from documents (none of the services was ever asked), so it is no proof of how the live ones behave.
 *
 * One server speaks for all of them, as their paths differ: `url` is everybody's address. What comes is logged, never with credentials.
 *
 *     const services = await startStandIn();
 *     services.behave("throttled", { times: 2, retryAfterS: 1 });
 *     …
 *     services.refusals   // must be empty: what was wrong with requests
 *     services.billed     // picture by SHA-256 → units
 *
 * @import { IncomingMessage, ServerResponse } from "node:http"
 * @import { Call } from "./refusals.mjs"
 *
 * What went wrong, by name. `html`: a page where JSON should be. `truncated`: half of the answer, in good order. `cut_…`: the connection, after the
 * request has arrived, or after it was billed. `partial`: the first picture of a batch fails alone.
 * @typedef {"wrong_key" | "missing_key" | "expired" | "revoked" | "wrong_region" | "quota" | "throttled" | "unavailable" | "html" | "truncated" |
 *   "stalls" | "cut_before_billing" | "cut_after_billing" | "cors_refused" | "clock_skew" | "no_rights" | "model_missing" | "partial" | "retired"} Fault
 * `where` it says when to come again: in a header that pages may read or may not, only in its text, or nowhere. `skewMs`: of its clock.
 * @typedef {{retryAfterS: number, where: "header" | "hidden" | "text" | "nowhere", skewMs: number}} FaultHow
 *
 * `isFree`: nobody bills; `units`: of a picture, 1 where nothing is said.
 * A picture as it came. `isUsable`: whether the service could read it. `minSide`: what the service wants at least.
 * @typedef {{bytes: Buffer, isUsable: boolean, isFailing?: boolean, minSide?: number, language?: string, most?: number}} Received
 * @typedef {{status: number, json?: unknown, html?: true}} Said
 * @typedef {{
 *   name: string, key: string, isFree?: true, units?: (call: Call) => number, isMine: (path: string) => boolean,
 *   cors: {headers: readonly string[], reflects: boolean, isOwnMachine?: true} | null,
 *   authorise: (call: Call, how: {key: string, mayUseQuery: boolean}) => void, read: (call: Call) => Received[],
 *   answer: (call: Call, pictures: readonly Received[]) => Said, refuse: (call: Call, why: {status: number, message: string}) => Said,
 *   fault: (name: Fault, call: Call, how: FaultHow) => Said | null }} Service
 *
 * A request as it was kept. `ended`: how; "refused" for its form, "fault" for what it was told to answer.
 * @typedef {{
 *   n: number, service: string, method: string, path: string, n_bytes: number, at_ms: number, pictures: {sha256: string, n_bytes: number, width: number, height: number}[],
 *   fault: Fault | null, ended: "answered" | "refused" | "fault" | "cut" | "stalled", status: number | null, n_billed: number, origin: string | null }} Logged
 */
import { createServer } from "node:http";
import { ADOBE, ims, sensei } from "./adobe.mjs";
import { google } from "./google.mjs";
import { clarifai, imagga, photoprism, tagsmithServe } from "./http_endpoints.mjs";
import { checkJpeg } from "./jpeg.mjs";
import { ollama, openai } from "./language_models.mjs";
import { microsoft } from "./microsoft.mjs";
import { Refusal, WrongKey } from "./refusals.mjs";
import { sha256Of } from "./words.mjs";

const SERVICES = [google, microsoft, ims, sensei, imagga, clarifai, photoprism, tagsmithServe, ollama, openai];
/** More than any of them takes. */
const MOST_BYTES = 32 * 1024 * 1024;
/** The longest side that is of use to any of them. */
const USEFUL_SIDE = 1024;
const HTML = "<!DOCTYPE html><html><title>Welcome</title><h1>Welcome</h1><p>Please sign in to this network.</p></html>";

/** What a client needs to be let in, by service. */
export const CREDENTIALS = {
    google: { key: google.key },
    microsoft: { key: microsoft.key },
    adobe: { token: ADOBE.token, secret: ADOBE.client_secret },
    imagga: { key: "imagga-key-1Nd6", secret: "imagga-secret-8Kp4" },
    clarifai: { key: clarifai.key },
    photoprism: { key: photoprism.key },
    ollama: { key: ollama.key },
    openai: { key: openai.key },
};
export { ADOBE };

/** @typedef {Awaited<ReturnType<typeof startStandIn>>} StandIn */

/**
 * @param {{port?: number, delayMs?: number, usefulSide?: number, mayUseQuery?: boolean, ownMachineOrigins?: RegExp}} [options]
 *   `mayUseQuery`: whether Google's key may be in the address; `ownMachineOrigins`: the pages that one's own machine lets in
 */
export async function startStandIn({
    port = 0,
    delayMs = 0,
    usefulSide = USEFUL_SIDE,
    mayUseQuery = false,
    ownMachineOrigins = /^https?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)(:\d+)?$/,
} = {}) {
    /** @type {Logged[]} */
    const log = [];
    /** @type {{service: string, path: string, why: string}[]} */
    const refusals = [];
    /** @type {{path: string, headers: string, isLetIn: boolean}[]} */
    const preflights = [];
    /** Whether anybody is there: asked without a word, of addresses. @type {string[]} */
    const looks = [];
    /** @type {Map<string, number>} */
    const billed = new Map();
    /** @type {{fault: Fault, times: number, service: string | null, how: FaultHow}[]} */
    let faults = [];
    /** @type {((request: {n: number, service: string, nPictures: number}) => Fault | null) | null} */
    let plan = null;
    /** @type {FaultHow} */
    let plannedHow = { retryAfterS: 0, where: "header", skewMs: 0 };
    let pause = delayMs;
    let nAtOnce = 0;
    let mostAtOnce = 0;

    /** @param {string} service @param {number} nPictures @returns {{fault: Fault | null, how: FaultHow}} */
    function takeFault(service, nPictures) {
        const next = faults.find((one) => one.service === null || one.service === service);
        if (!next) return { fault: plan?.({ n: log.length, service, nPictures }) ?? null, how: plannedHow };
        if (--next.times <= 0) faults = faults.filter((one) => one !== next);
        return next;
    }

    /** @param {string} service */
    const isClosedTo = (service) =>
        faults.some((one) => one.fault === "cors_refused" && (one.service === null || one.service === service));

    /** @param {Service} service @param {string | undefined} origin @returns {Record<string, string>} */
    function corsOf(service, origin) {
        if (!origin || !service.cors || isClosedTo(service.name)) return {};
        if (service.cors.isOwnMachine && !ownMachineOrigins.test(origin)) return {};
        return service.cors.reflects
            ? { "access-control-allow-origin": origin, vary: "origin" }
            : { "access-control-allow-origin": "*" };
    }

    /** @param {IncomingMessage} request @param {ServerResponse} response @param {Service} service */
    function answerPreflight({ headers, url = "" }, response, service) {
        const allowed = corsOf(service, headers.origin);
        const asked = String(headers["access-control-request-headers"] ?? "");
        const isLetIn = Object.keys(allowed).length > 0 && headers["access-control-request-method"] === "POST";
        preflights.push({ path: url.replace(/\?.*/, ""), headers: asked, isLetIn });
        if (!isLetIn) return void response.writeHead(403).end();
        response.writeHead(204, {
            ...allowed,
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": service.cors?.headers.join(", ") ?? "",
            "access-control-max-age": "0",
        });
        response.end();
    }

    /** The pictures of a request that is as it has to be. @param {Service} service @param {Call} call */
    function readPictures(service, call) {
        const pictures = service.read(call);
        return pictures.map((picture) => {
            const size = picture.isUsable ? checkJpeg(picture.bytes, usefulSide) : { width: 0, height: 0 };
            if (picture.minSide && Math.min(size.width, size.height) < picture.minSide)
                throw new Refusal(400, `The picture must have ${picture.minSide} pixels at least on each side.`);
            return { ...picture, ...size };
        });
    }

    /** @param {IncomingMessage} request @param {ServerResponse} response */
    async function receive(request, response) {
        const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
        const service = SERVICES.find(({ isMine }) => isMine(url.pathname));
        // A bare address of a service answers so even where everything is right.
        if (!service) return void response.writeHead(404, { "content-type": "text/html" }).end(HTML);
        if (request.method === "OPTIONS") return answerPreflight(request, response, service);
        if (isLook(request)) {
            looks.push(url.pathname);
            return void response.writeHead(404, { "content-type": "text/html" }).end(HTML);
        }
        const body = await bodyOf(request);
        if (!body) return void response.destroy();
        const headers = /** @type {Call["headers"]} */ ({ ...request.headers });
        /** @type {Call} */
        const call = { method: request.method ?? "", url, headers, body };
        /** @type {Logged} */
        const logged = {
            ...{ n: log.length, service: service.name, method: call.method, path: url.pathname, n_bytes: body.length },
            ...{ at_ms: Date.now(), pictures: [], fault: null, ended: "refused", status: null, n_billed: 0 },
            origin: request.headers.origin ?? null,
        };
        log.push(logged);
        const cors = corsOf(service, request.headers.origin);
        await answer(service, call, logged, (said, more, how) =>
            send(response, logged, said, { ...cors, ...more }, how),
        );
        if (logged.ended === "cut") request.socket.destroy();
    }

    /**
     * @param {Service} service @param {Call} call @param {Logged} logged
     * @param {(said: Said, more?: Record<string, string>, how?: "whole" | "half") => void} say
     */
    async function answer(service, call, logged, say) {
        /** @type {(Received & {width: number, height: number})[]} */
        let pictures;
        try {
            pictures = readPictures(service, call);
            service.authorise(call, { key: service.key, mayUseQuery });
        } catch (error) {
            if (error instanceof WrongKey)
                return say(service.fault(`${error.how}_key`, call, plannedHow) ?? { status: 401, json: {} });
            if (!(error instanceof Refusal)) throw error;
            refusals.push({ service: service.name, path: logged.path, why: error.message });
            return say(service.refuse(call, { status: error.status, message: error.message }));
        }
        logged.pictures = pictures.map(({ bytes, width, height }) => ({
            ...{ sha256: sha256Of(bytes), n_bytes: bytes.length },
            ...{ width, height },
        }));
        const { fault, how } = takeFault(service.name, pictures.length);
        logged.fault = fault;
        await wait(pause);
        if (fault === "stalls") return void (logged.ended = "stalled");
        if (fault === "cut_before_billing") return void (logged.ended = "cut");
        const said = fault && (service.fault(fault, call, how) ?? ofClock(service, fault, call, how));
        if (said) return sayFault(fault, said, how, logged, say);
        if (fault === "html") return sayFault(fault, { status: 200, html: true }, how, logged, say);
        if (fault === "partial") pictures.forEach((picture, idx) => void (picture.isFailing = idx === 0));
        bill(service, call, pictures, logged);
        if (fault === "cut_after_billing") return void (logged.ended = "cut");
        logged.ended = "answered";
        say(service.answer(call, pictures), {}, fault === "truncated" ? "half" : "whole");
    }

    /** @param {Fault} fault @param {Said} said @param {FaultHow} how @param {Logged} logged @param {(said: Said, more?: Record<string, string>) => void} say */
    function sayFault(fault, said, { retryAfterS, where, skewMs }, logged, say) {
        logged.ended = "fault";
        const isHeader = fault === "throttled" && (where === "header" || where === "hidden");
        const exposed = [...(isHeader && where === "header" ? ["Retry-After"] : []), ...(skewMs !== 0 ? ["Date"] : [])];
        say(said, {
            ...(isHeader ? { "retry-after": String(retryAfterS) } : {}),
            ...(skewMs !== 0 ? { date: new Date(Date.now() + skewMs).toUTCString() } : {}),
            ...(exposed.length > 0 ? { "access-control-expose-headers": exposed.join(", ") } : {}),
        });
    }

    /** Nothing for what could not be read. @param {Service} service @param {Call} call @param {(Received & {isFailing?: boolean})[]} pictures @param {Logged} logged */
    function bill(service, call, pictures, logged) {
        const nUnits = service.units?.(call) ?? 1;
        if (service.isFree || nUnits === 0) return;
        for (const { bytes, isUsable, isFailing } of pictures) {
            if (!isUsable || isFailing) continue;
            const sha256 = sha256Of(bytes);
            billed.set(sha256, (billed.get(sha256) ?? 0) + nUnits);
            logged.n_billed += nUnits;
        }
    }

    /** @param {ServerResponse} response @param {Logged} logged @param {Said} said @param {Record<string, string>} headers @param {"whole" | "half"} [how] */
    function send(response, logged, { status, json, html }, headers, how = "whole") {
        logged.status = status;
        const text = html ? HTML : JSON.stringify(json);
        const bytes = Buffer.from(how === "half" ? text.slice(0, text.length >> 1) : text);
        const type = html ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
        response.writeHead(status, { "content-type": type, "content-length": bytes.length, ...headers });
        response.end(bytes);
    }

    const server = createServer((request, response) => {
        mostAtOnce = Math.max(mostAtOnce, ++nAtOnce);
        response.on("close", () => nAtOnce--);
        // On a connection that is kept, a browser sends a request again by itself that was cut before its answer, and tells nobody. Services
        // speak HTTP/2, where that is not so.
        response.setHeader("connection", "close");
        receive(request, response).catch((error) => {
            refusals.push({ service: "?", path: request.url?.replace(/\?.*/, "") ?? "", why: String(error) });
            response.destroy();
        });
    });
    await new Promise((listening) => server.listen(port, "127.0.0.1", () => listening(null)));
    const address = /** @type {import("node:net").AddressInfo} */ (server.address());

    return {
        /** Without a slash at its end: it is an origin. */
        url: `http://127.0.0.1:${address.port}`,
        port: address.port,
        log,
        refusals,
        preflights,
        looks,
        billed,
        /** Units over all pictures. */
        get nBilled() {
            return [...billed.values()].reduce((sum, n) => sum + n, 0);
        },
        /** The most requests that were under way at one moment. */
        get mostAtOnce() {
            return mostAtOnce;
        },
        /**
         * What the next requests meet, before any plan; null for nothing more.
         * @param {Fault | null} fault @param {{times?: number, service?: string | null} & Partial<FaultHow>} [how] `times`: 1, or Infinity
         */
        behave(fault, { times = 1, service = null, retryAfterS = 1, where = "header", skewMs = 0 } = {}) {
            const isSkewed = fault === "clock_skew" && skewMs === 0;
            const how = { retryAfterS, where, skewMs: isSkewed ? 7_200_000 : skewMs };
            if (fault === null) faults = [];
            else faults.push({ fault, times, service, how });
        },
        /** What every request meets that nothing else was said about. @param {typeof plan} next @param {Partial<FaultHow>} [how] */
        follow(next, how = {}) {
            plan = next;
            plannedHow = { ...plannedHow, ...how };
        },
        /** @param {number} ms before each answer */
        wait(ms) {
            pause = ms;
        },
        /** As if nobody had ever come. */
        forget() {
            log.length = refusals.length = preflights.length = looks.length = mostAtOnce = 0;
            billed.clear();
        },
        close() {
            server.closeAllConnections();
            return new Promise((closed) => server.close(closed));
        },
    };
}

/** A page that wants to know whether anybody is there sends nothing with that: no credential, no picture, no parameter. @param {IncomingMessage} request */
const isLook = ({ method, url, headers }) =>
    method === "GET" &&
    headers["sec-fetch-mode"] === "no-cors" &&
    !url?.includes("?") &&
    !Object.keys(headers).some((name) => /key|authorization|cookie/.test(name));

/** Where clocks differ, a credential that is right seems to be over. @param {Service} service @param {Fault} fault @param {Call} call @param {FaultHow} how */
const ofClock = (service, fault, call, how) => (fault === "clock_skew" ? service.fault("expired", call, how) : null);

/** @param {IncomingMessage} request @returns {Promise<Buffer | null>} null where it is more than anyone takes, or was cut off */
async function bodyOf(request) {
    /** @type {Buffer[]} */
    const chunks = [];
    let n = 0;
    try {
        for await (const chunk of request) {
            n += chunk.length;
            if (n > MOST_BYTES) return null;
            chunks.push(chunk);
        }
    } catch {
        return null;
    }
    return Buffer.concat(chunks);
}

/** @param {number} ms */
const wait = (ms) => new Promise((over) => setTimeout(() => over(null), ms));
