/**
 * Google Cloud Vision as its documents have it: `images:annotate` for labels, with an API key in the header, or in the address where the
 * stand-in is told that somebody chose that, or a bearer with the project.
 * @import { Service } from "./stand_in.mjs"
 */
import { isJpeg } from "./jpeg.mjs";
import {
    Refusal,
    needKey,
    needLessThan,
    needMethod,
    readBase64,
    readJson,
    refuseOtherHeaders,
    refuseOtherKeys,
    refuseOtherParameters,
} from "./refusals.mjs";
import { tagsOf } from "./words.mjs";

const PATH = /^\/v1\/(projects\/[^/]+\/locations\/(us|eu)\/)?images:annotate$/;
const TEN_MEGABYTES = 10_000_000;
const MOST_PICTURES = 16;

/** @type {Service} */
export const google = {
    name: "google",
    key: "google-key-7Qh2",
    isMine: (path) => PATH.test(path),
    cors: { headers: ["content-type", "x-goog-api-key", "x-goog-user-project", "authorization"], reflects: true },

    authorise({ headers, url }, { key, mayUseQuery }) {
        const inHeader = headers["x-goog-api-key"];
        const inQuery = url.searchParams.get("key");
        const bearer = headers["authorization"];
        const n = [inHeader, inQuery, bearer].filter((one) => one !== undefined && one !== null).length;
        if (n > 1) throw new Refusal(400, "There is more than one credential.");
        if (inQuery !== null && !mayUseQuery)
            throw new Refusal(400, "The key is in the address, where nobody chose that.");
        if (bearer !== undefined) {
            if (!headers["x-goog-user-project"]) throw new Refusal(403, "A bearer needs its project.");
            return needKey(bearer.replace(/^Bearer /, ""), key);
        }
        needKey(inHeader ?? inQuery ?? undefined, key);
    },

    read(call) {
        needMethod(call, "POST");
        refuseOtherHeaders(call, ["x-goog-api-key", "x-goog-user-project", "authorization", "referer"]);
        // A key may be bound to the page that uses it; of that page, the origin is enough.
        const { referer } = call.headers;
        if (referer && new URL(referer).href !== `${new URL(referer).origin}/`)
            throw new Refusal(400, "The referrer tells more than the page's origin.");
        refuseOtherParameters(call, ["key"]);
        needLessThan(call, TEN_MEGABYTES);
        const json = readJson(call);
        refuseOtherKeys(json, ["requests", "parent", "labels"], "the request");
        const { requests } = json;
        if (!Array.isArray(requests) || requests.length === 0) throw new Refusal(400, "There are no requests.");
        if (requests.length > MOST_PICTURES) throw new Refusal(400, "Too many images per request.");
        return requests.map((request, idx) => {
            const what = `requests[${idx}]`;
            refuseOtherKeys(request, ["image", "features"], what);
            refuseOtherKeys(request.image, ["content"], `${what}.image`);
            const [feature, ...more] = Array.isArray(request.features) ? request.features : [];
            refuseOtherKeys(feature, ["type", "maxResults", "model"], `${what}.features[0]`);
            if (more.length > 0 || feature.type !== "LABEL_DETECTION")
                throw new Refusal(400, "Only LABEL_DETECTION is asked for here, once.");
            if (!Number.isInteger(feature.maxResults) || feature.maxResults < 1)
                throw new Refusal(400, "maxResults is not said.");
            if (feature.model !== undefined && typeof feature.model !== "string")
                throw new Refusal(400, "The model is no text.");
            const bytes = readBase64(request.image.content, `${what}.image.content`);
            return { bytes, isUsable: isJpeg(bytes), most: feature.maxResults };
        });
    },

    answer(_, pictures) {
        const responses = pictures.map(({ bytes, isUsable, isFailing, most = 20 }) => {
            if (!isUsable) return { error: { code: 3, message: "Bad image data." } };
            if (isFailing) return { error: { code: 14, message: "The service is currently unavailable." } };
            const labelAnnotations = tagsOf(bytes)
                .slice(0, most)
                .map(({ name, confidence }) => ({
                    mid: `/m/${name}`,
                    description: name,
                    score: confidence,
                    topicality: confidence,
                }));
            return { labelAnnotations };
        });
        return { status: 200, json: { responses } };
    },

    refuse: (_, why) =>
        failed(why.status === 405 || why.status === 415 ? 400 : why.status, "INVALID_ARGUMENT", why.message, []),

    fault(name, _, { retryAfterS, where }) {
        switch (name) {
            case "wrong_key":
                return failed(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
                    info("API_KEY_INVALID"),
                ]);
            case "missing_key":
                return failed(401, "UNAUTHENTICATED", "Request is missing required authentication credential.", [
                    info("CREDENTIALS_MISSING"),
                ]);
            case "expired":
                return failed(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", [
                    info("ACCESS_TOKEN_EXPIRED"),
                ]);
            case "revoked":
                return failed(403, "PERMISSION_DENIED", "Consumer has been suspended.", [info("CONSUMER_SUSPENDED")]);
            case "no_rights":
                return failed(
                    403,
                    "PERMISSION_DENIED",
                    "Cloud Vision API has not been used before or it is disabled.",
                    [info("SERVICE_DISABLED")],
                );
            case "wrong_region":
                return { status: 404, html: true };
            case "model_missing":
                return failed(400, "INVALID_ARGUMENT", "Unsupported model.", []);
            case "quota":
                return failed(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", [info("RESOURCE_QUOTA_EXCEEDED")]);
            case "throttled":
                return failed(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Requests'.", [
                    info("RATE_LIMIT_EXCEEDED"),
                    ...(where === "text"
                        ? [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${retryAfterS}s` }]
                        : []),
                ]);
            case "unavailable":
                return failed(503, "UNAVAILABLE", "The service is currently unavailable.", []);
            default:
                return null;
        }
    },
};

/** @param {number} code @param {string} status @param {string} message @param {unknown[]} details */
const failed = (code, status, message, details) => ({
    status: code,
    json: { error: { code, message, status, ...(details.length > 0 ? { details } : {}) } },
});

/** @param {string} reason */
const info = (reason) => ({
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason,
    domain: "googleapis.com",
    metadata: { service: "vision.googleapis.com" },
});
