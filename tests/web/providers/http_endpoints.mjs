/**
 * The HTTP endpoints with ready-made set-ups that label pictures: Imagga, Clarifai, the vision service of PhotoPrism, and `tagsmith serve`.
 * @import { Service } from "./stand_in.mjs"
 */
import { onePart, readMultipart } from "./multipart.mjs";
import {
    Refusal,
    needKey,
    needMethod,
    needType,
    readBase64,
    readDataUrl,
    readJson,
    refuseOtherHeaders,
    refuseOtherKeys,
    refuseOtherParameters,
} from "./refusals.mjs";
import { tagsOf } from "./words.mjs";

/** @type {Service} */
export const imagga = {
    name: "imagga",
    key: Buffer.from("imagga-key-1Nd6:imagga-secret-8Kp4").toString("base64"),
    isMine: (path) => path === "/v2/tags",
    cors: { headers: ["authorization", "content-type"], reflects: false },

    authorise({ headers }, { key }) {
        needKey(headers["authorization"]?.replace(/^Basic /, ""), key);
    },

    read(call) {
        needMethod(call, "POST");
        refuseOtherHeaders(call, ["authorization"]);
        refuseOtherParameters(call, ["language", "limit", "threshold"]);
        const parts = readMultipart(call);
        for (const { name } of parts)
            if (!["image", "image_base64", "language", "limit", "threshold"].includes(name))
                throw new Refusal(400, `There is no field ${name}.`);
        const field = parts.find(({ name }) => name === "language")?.content.toString("utf8");
        const language = field ?? call.url.searchParams.get("language") ?? "en";
        const isText = parts.some(({ name }) => name === "image_base64");
        const { content } = onePart(parts, isText ? "image_base64" : "image", !isText);
        const bytes = isText ? readBase64(content.toString("latin1"), "image_base64") : content;
        return [{ bytes, isUsable: true, language }];
    },

    answer(_, [picture]) {
        const { bytes = Buffer.alloc(0), language = "en" } = picture ?? {};
        const languages = language.split(",");
        const named = languages.map((one) => tagsOf(bytes, one));
        const tags = tagsOf(bytes).map(({ confidence }, idx) => ({
            confidence: confidence * 100,
            tag: Object.fromEntries(languages.map((one, at) => [one, named[at]?.[idx]?.name])),
        }));
        return { status: 200, json: { result: { tags }, status: { text: "", type: "success" } } };
    },

    refuse: (_, { status, message }) => imaggaSays(status, message),

    fault(name) {
        switch (name) {
            case "wrong_key":
            case "missing_key":
            case "revoked":
                return imaggaSays(401, "Authorization is required or the credentials are wrong.");
            case "no_rights":
            case "quota":
                return imaggaSays(403, "Your monthly limit has been reached.");
            case "throttled":
                return imaggaSays(429, "Too many requests.");
            case "unavailable":
                return imaggaSays(503, "The service is unavailable.");
            default:
                return null;
        }
    },
};

/** @param {number} status @param {string} text */
const imaggaSays = (status, text) => ({ status, json: { status: { text, type: "error" } } });

/** @type {Service} */
export const clarifai = {
    name: "clarifai",
    key: "clarifai-pat-6Jc5",
    isMine: (path) => /^\/v2\/(users\/[^/]+\/apps\/[^/]+\/)?models\/[^/]+\/(versions\/[^/]+\/)?outputs$/.test(path),
    cors: { headers: ["authorization", "content-type"], reflects: false },

    authorise({ headers }, { key }) {
        needKey(headers["authorization"]?.replace(/^Key /, ""), key);
    },

    read(call) {
        needMethod(call, "POST");
        refuseOtherHeaders(call, ["authorization"]);
        refuseOtherParameters(call, []);
        const json = readJson(call);
        refuseOtherKeys(json, ["inputs", "model", "user_app_id"], "the request");
        if (call.url.pathname.startsWith("/v2/models/") && json.user_app_id?.user_id === undefined)
            throw new Refusal(400, "The short way needs user_app_id.");
        if (!Array.isArray(json.inputs) || json.inputs.length === 0 || json.inputs.length > 128)
            throw new Refusal(400, "There must be 1 to 128 inputs.");
        return json.inputs.map((/** @type {any} */ input, /** @type {number} */ idx) => ({
            bytes: readBase64(input?.data?.image?.base64, `inputs[${idx}].data.image.base64`),
            isUsable: true,
        }));
    },

    answer(_, pictures) {
        const outputs = pictures.map(({ bytes, isFailing }) =>
            isFailing
                ? { status: { code: 10020, description: "Failure" } }
                : {
                      status: { code: 10000, description: "Ok" },
                      data: {
                          concepts: tagsOf(bytes).map(({ name, confidence }) => ({
                              id: `ai_${name}`,
                              name,
                              value: confidence,
                              app_id: "main",
                          })),
                      },
                  },
        );
        const isMixed = pictures.some(({ isFailing }) => isFailing);
        const status = isMixed ? { code: 10010, description: "Mixed Success" } : { code: 10000, description: "Ok" };
        return { status: 200, json: { status: { ...status, req_id: "0" }, outputs } };
    },

    refuse: (_, { status, message }) => clarifaiSays(status, 11102, message),

    fault(name) {
        switch (name) {
            case "wrong_key":
                return clarifaiSays(401, 11008, "API key invalid");
            case "missing_key":
                return clarifaiSays(401, 11002, "Credentials invalid");
            case "expired":
            case "revoked":
                return clarifaiSays(401, 11001, "Token invalid");
            case "no_rights":
                return clarifaiSays(403, 11007, "Insufficient scopes");
            case "model_missing":
                return clarifaiSays(404, 21200, "Model does not exist");
            case "quota":
                return clarifaiSays(402, 11006, "Limit reached");
            case "throttled":
                return clarifaiSays(429, 11005, "Throttled");
            case "unavailable":
                return clarifaiSays(503, 10030, "Try again");
            default:
                return null;
        }
    },
};

/** @param {number} status @param {number} code @param {string} description */
const clarifaiSays = (status, code, description) => ({ status, json: { status: { code, description, req_id: "0" } } });

/** @type {Service} */
export const photoprism = {
    name: "photoprism",
    key: "photoprism-token-3Fs7",
    isFree: true,
    isMine: (path) => /^\/api\/v1\/vision\/labels(\/[^/]+){0,2}$/.test(path),
    cors: { headers: ["authorization", "content-type"], reflects: false },

    // The service runs with a token or without one.
    authorise({ headers }, { key }) {
        const sent = headers["authorization"];
        if (sent !== undefined) needKey(sent.replace(/^Bearer /, ""), key);
    },

    read(call) {
        needMethod(call, "POST");
        refuseOtherHeaders(call, ["authorization"]);
        refuseOtherParameters(call, []);
        const json = readJson(call);
        refuseOtherKeys(json, ["id", "model", "version", "prompt", "images"], "the request");
        if (!Array.isArray(json.images) || json.images.length !== 1) throw new Refusal(400, "There must be one image.");
        const [image] = json.images;
        const isUrl = typeof image === "string" && image.startsWith("data:");
        return [{ bytes: isUrl ? readDataUrl(image, "images[0]") : readBase64(image, "images[0]"), isUsable: true }];
    },

    answer(_, [picture]) {
        const labels = tagsOf(picture?.bytes ?? Buffer.alloc(0)).map(({ name, confidence }) => ({
            name,
            confidence,
            topicality: confidence,
        }));
        return { status: 200, json: { id: "0", model: { name: "stand-in", version: "1" }, result: { labels } } };
    },

    refuse: (_, { status, message }) => ({ status, json: { error: message } }),

    fault(name) {
        switch (name) {
            case "wrong_key":
                return { status: 401, json: { error: "Unauthorized" } };
            case "model_missing":
                return { status: 400, json: { error: "There is no image processor that has this model available." } };
            case "throttled":
                return { status: 429, json: { error: "Too many requests" } };
            case "unavailable":
                return { status: 500, json: { error: "Internal error" } };
            default:
                return null;
        }
    },
};

/** As docs/SERVE.md says. @type {Service} */
export const tagsmithServe = {
    name: "tagsmith",
    key: "",
    isFree: true,
    isMine: (path) => path === "/v1/tag",
    cors: { headers: ["accept", "authorization", "content-type"], reflects: true, isOwnMachine: true },

    // It asks nobody who they are.
    authorise() {},

    read(call) {
        needMethod(call, "POST");
        needType(call, /^(image\/.+|application\/octet-stream)$/);
        refuseOtherHeaders(call, []);
        const known = ["policy", "threshold", "max_tags", "lang", "allow", "deny", "path"];
        refuseOtherParameters(call, [...known, "candidates", "scores", "embedding"]);
        return [{ bytes: call.body, isUsable: true, language: call.url.searchParams.get("lang") ?? "en" }];
    },

    answer(_, [picture]) {
        const { bytes = Buffer.alloc(0), language = "en" } = picture ?? {};
        const about = { source: "auto", from: "classes", parents: [] };
        const tags = tagsOf(bytes, language).map(({ name, confidence }) => ({
            ...{ id: name, name, category: "object", confidence, score: confidence },
            ...about,
        }));
        return { status: 200, json: { path: "-", pipeline: 1, tags } };
    },

    refuse: (_, { status, message }) => tagsmithSays(status, "provider_request_refused", message),

    fault(name) {
        switch (name) {
            case "throttled":
                return tagsmithSays(429, "provider_throttled", "Too many pictures wait.");
            case "unavailable":
                return tagsmithSays(500, "inference_failed", "The service failed on this picture.");
            default:
                return null;
        }
    },
};

/** @param {number} status @param {string} code @param {string} detail */
const tagsmithSays = (status, code, detail) => ({ status, json: { error: { code, detail } } });
