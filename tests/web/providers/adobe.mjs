/**
 * Adobe: the token of IMS (OAuth server-to-server), and the documented predict form of Sensei. The body by which its Smart Content Service
 * tags is not public, so there is nothing here that claims to be it; its bare addresses answer 404, as the real ones do.
 * @import { Service } from "./stand_in.mjs"
 */
import { onePart, readMultipart } from "./multipart.mjs";
import {
    Refusal,
    needKey,
    needMethod,
    needType,
    parseObject,
    refuseOtherHeaders,
    refuseOtherParameters,
} from "./refusals.mjs";
import { tagsOf } from "./words.mjs";

/** What the stand-in knows of its only customer. */
export const ADOBE = {
    client_id: "adobe-client-5Tr1",
    client_secret: "adobe-secret-9Lm3",
    token: "adobe-token-2Vb8",
    organization: "5A1B2C3D@AdobeOrg",
};
const NEEDED_SCOPES = ["openid", "AdobeID"];
const TOKEN = { status: 200, json: { access_token: ADOBE.token, token_type: "bearer", expires_in: 86_399 } };

/** @type {Service} */
export const ims = {
    name: "adobe_ims",
    key: ADOBE.client_secret,
    isFree: true,
    isMine: (path) => /^\/ims\/token\/v[34]$/.test(path),
    // A secret does not belong into a page, so no page is let in.
    cors: null,

    authorise() {},

    read(call) {
        needMethod(call, "POST");
        refuseOtherHeaders(call, []);
        refuseOtherParameters(call, []);
        needType(call, /^application\/x-www-form-urlencoded(;.*)?$/i);
        const form = new URLSearchParams(call.body.toString("utf8"));
        if (form.get("grant_type") !== "client_credentials") throw new Refusal(400, "unsupported_grant_type");
        if (form.get("client_id") !== ADOBE.client_id) throw new Refusal(400, "invalid client_id parameter");
        if (form.get("client_secret") !== ADOBE.client_secret)
            throw new Refusal(400, "invalid client_secret parameter");
        const scopes = (form.get("scope") ?? "").split(",");
        if (scopes.some((scope) => scope !== scope.trim())) throw new Refusal(400, "invalid_scope");
        if (!NEEDED_SCOPES.every((scope) => scopes.includes(scope))) throw new Refusal(400, "invalid_scope");
        return [];
    },

    answer: () => TOKEN,

    refuse(_, { message }) {
        const isClient = message.startsWith("invalid client");
        const error = isClient ? "invalid_client" : message === "invalid_scope" ? "invalid_scope" : "invalid_request";
        return { status: 400, json: { error, error_description: message } };
    },

    fault: (name) =>
        name === "unavailable"
            ? { status: 503, json: { error: "server_error", error_description: "Service unavailable" } }
            : name === "wrong_key" || name === "revoked" || name === "expired"
              ? { status: 400, json: { error: "invalid_client", error_description: "invalid client_secret parameter" } }
              : null,
};

/** @type {Service} */
export const sensei = {
    name: "adobe",
    key: ADOBE.token,
    isMine: (path) => /^\/(?:(?:na|emea|apac)\/)?services\/v2\/predict$/.test(path),
    cors: { headers: ["authorization", "content-type", "prefer", "x-api-key", "x-gw-ims-org-id"], reflects: true },

    authorise({ headers }, { key }) {
        if (headers["x-api-key"] !== ADOBE.client_id) throw new Refusal(403, "Api Key is invalid");
        needKey(headers["authorization"]?.replace(/^Bearer /, ""), key);
        if (headers["x-gw-ims-org-id"] !== ADOBE.organization)
            throw new Refusal(403, "The organization is another one.");
    },

    read(call) {
        needMethod(call, "POST");
        refuseOtherHeaders(call, ["authorization", "prefer", "x-api-key", "x-gw-ims-org-id"]);
        refuseOtherParameters(call, []);
        if (call.headers["prefer"] !== "respond-async, wait=59") throw new Refusal(400, "Prefer says something else.");
        const parts = readMultipart(call);
        const request = onePart(parts, "contentAnalyzerRequests", false);
        const json = parseObject(request.content, "contentAnalyzerRequests");
        if (json["sensei:invocation_mode"] !== "synchronous") throw new Refusal(400, "It is not asked for at once.");
        const engines = json["sensei:engines"];
        const info = Array.isArray(engines) ? engines[0]?.["sensei:execution_info"] : null;
        if (!/^Feature:[\w-]+:Service-[0-9a-f]{32}$/.test(info?.["sensei:engine"] ?? ""))
            throw new Refusal(400, "The engine has no id.");
        /** @type {unknown} */
        const documents = engines[0]["sensei:inputs"]?.documents;
        if (!Array.isArray(documents) || documents.length === 0) throw new Refusal(400, "There are no documents.");
        return documents.map((document) => {
            const { content, type } = onePart(parts, String(document["sensei:multipart_field_name"]), true);
            if (document["dc:format"] !== "image/jpg" && document["dc:format"] !== "image/jpeg")
                throw new Refusal(400, "The document is no JPEG.");
            if (type !== "image/jpeg" && type !== "image/jpg") throw new Refusal(415, "The part is no JPEG.");
            return { bytes: content, isUsable: true };
        });
    },

    answer(_, pictures) {
        const results = pictures.map(({ bytes }) => ({
            tags: tagsOf(bytes).map(({ name, confidence }) => ({ tag: name, confidence })),
        }));
        const outputs = { result: { "sensei:multipart_field_name": "result", "dc:format": "application/json" } };
        const invocations = [{ "sensei:outputs": outputs, message: null, status: "200" }];
        const statuses = [{ "sensei:engine": "Feature:stand-in", invocations }];
        return { status: 200, json: { statuses, request_id: "0", result: results } };
    },

    refuse: (_, { status, message }) =>
        status === 403
            ? { status: 403, json: { error_code: "403003", message } }
            : { status: 400, json: { error_code: "400000", message } },

    fault(name) {
        switch (name) {
            case "wrong_key":
            case "missing_key":
                return { status: 401, json: { error_code: "401013", message: "Oauth token is not valid" } };
            case "revoked": // that it ever says so, no document does
                return { status: 401, json: { error_code: "401013", message: "Oauth token was revoked" } };
            case "expired":
            case "clock_skew":
                return { status: 401, json: { error_code: "401013", message: "Oauth token has expired" } };
            case "no_rights":
                return {
                    status: 403,
                    json: { error_code: "403201", message: "The account has no access to this service" },
                };
            case "wrong_region":
                return { status: 404, json: { error_code: "404000", message: "The resource was not found" } };
            case "quota":
            case "throttled":
                return { status: 429, json: { error_code: "429050", message: "Too many requests" } };
            case "unavailable":
                return { status: 503, json: { error_code: "503000", message: "Service unavailable" } };
            default:
                return null;
        }
    },
};
