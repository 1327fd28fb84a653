/**
 * Language models that see: Ollama's own calls, and what speaks as OpenAI does, by chat completions and by responses. What they say of a
 * picture is JSON inside a text; the chat fences it, as models like to.
 * @import { Service } from "./stand_in.mjs"
 */
import {
    Refusal,
    needKey,
    needMethod,
    readBase64,
    readDataUrl,
    readJson,
    refuseOtherHeaders,
    refuseOtherKeys,
    refuseOtherParameters,
} from "./refusals.mjs";
import { textsOf } from "./words.mjs";

/** The models that are there. */
const MODELS = /^(llava|llama3\.2-vision|gemma3|qwen2\.5vl|gpt-[\w.-]+|stand-in)(:[\w.-]+)?$/;

/** @param {unknown} model */
function needModel(model) {
    if (typeof model !== "string" || model === "") throw new Refusal(400, "model is required");
    if (!MODELS.test(model)) throw new Refusal(404, `model "${model}" not found, try pulling it first`);
}

/** @param {Buffer | undefined} bytes */
const said = (bytes) => JSON.stringify(textsOf(bytes ?? Buffer.alloc(0)));

/** @type {Service} */
export const ollama = {
    name: "ollama",
    key: "ollama-key-2Gy0",
    // The cloud knows who asks; one's own machine bills nobody.
    units: ({ headers }) => (headers["authorization"] === undefined ? 0 : 1),
    isMine: (path) => path === "/api/chat" || path === "/api/generate",
    cors: { headers: ["authorization", "content-type"], reflects: true, isOwnMachine: true },

    authorise({ headers }, { key }) {
        const sent = headers["authorization"]; // the cloud wants one, one's own machine ignores it
        if (sent !== undefined) needKey(sent.replace(/^Bearer /, ""), key);
    },

    read(call) {
        needMethod(call, "POST");
        refuseOtherHeaders(call, ["authorization"]);
        refuseOtherParameters(call, []);
        const json = readJson(call);
        const isChat = call.url.pathname === "/api/chat";
        const ofWay = isChat ? ["messages"] : ["prompt", "images", "system"];
        refuseOtherKeys(json, ["model", "stream", "format", "options", "keep_alive", "think", ...ofWay], "the request");
        needModel(json.model);
        if (json.stream !== false) throw new Refusal(400, "It would be answered line by line: stream is not false.");
        const messages = isChat ? json.messages : [{ role: "user", content: json.prompt, images: json.images }];
        if (!Array.isArray(messages)) throw new Refusal(400, "There are no messages.");
        const images = messages.flatMap((message) => message?.images ?? []);
        if (images.length !== 1) throw new Refusal(400, "There must be one image.");
        return [{ bytes: readBase64(images[0], "images[0]"), isUsable: true }];
    },

    answer(call, [picture]) {
        const content = said(picture?.bytes);
        const rest = { model: "stand-in", created_at: "2026-11-29T00:00:00Z", done: true, done_reason: "stop" };
        const isChat = call.url.pathname === "/api/chat";
        return {
            status: 200,
            json: isChat ? { ...rest, message: { role: "assistant", content } } : { ...rest, response: content },
        };
    },

    refuse: (_, { status, message }) => ({ status, json: { error: message } }),

    fault(name) {
        switch (name) {
            case "wrong_key":
            case "revoked":
                return { status: 401, json: { error: "unauthorized" } };
            case "model_missing":
                return { status: 404, json: { error: 'model "llava" not found, try pulling it first' } };
            case "throttled":
                return { status: 429, json: { error: "too many requests" } };
            case "unavailable":
                return {
                    status: 503,
                    json: { error: "server busy, please try again. maximum pending requests exceeded" },
                };
            default:
                return null;
        }
    },
};

/** @type {Service} */
export const openai = {
    name: "openai",
    key: "openai-key-8Zt5",
    isMine: (path) => path === "/v1/chat/completions" || path === "/v1/responses",
    cors: { headers: ["authorization", "content-type"], reflects: false },

    authorise({ headers }, { key }) {
        needKey(headers["authorization"]?.replace(/^Bearer /, ""), key);
    },

    read(call) {
        needMethod(call, "POST");
        refuseOtherHeaders(call, ["authorization", "openai-organization", "openai-project"]);
        refuseOtherParameters(call, []);
        const json = readJson(call);
        needModel(json.model);
        if (json.stream === true) throw new Refusal(400, "It would be answered line by line: stream is true.");
        const isChat = call.url.pathname.endsWith("/completions");
        const messages = isChat ? json.messages : json.input;
        if (!Array.isArray(messages))
            throw new Refusal(400, `Missing required parameter: '${isChat ? "messages" : "input"}'.`);
        const content = messages.flatMap((message) => (Array.isArray(message?.content) ? message.content : []));
        const [textType, imageType] = isChat ? ["text", "image_url"] : ["input_text", "input_image"];
        for (const { type } of content)
            if (type !== textType && type !== imageType) throw new Refusal(400, `Invalid value: '${type}'.`);
        const images = content.filter(({ type }) => type === imageType);
        if (images.length !== 1) throw new Refusal(400, "There must be one image.");
        const url = isChat ? images[0].image_url?.url : images[0].image_url;
        if (isChat && typeof images[0].image_url !== "object") throw new Refusal(400, "image_url must be an object.");
        return [{ bytes: readDataUrl(url, "image_url"), isUsable: true }];
    },

    answer(call, [picture]) {
        const content = said(picture?.bytes);
        if (call.url.pathname.endsWith("/completions")) {
            const message = { role: "assistant", content: `\`\`\`json\n${content}\n\`\`\`` };
            const choices = [{ index: 0, message, finish_reason: "stop" }];
            return { status: 200, json: { id: "0", object: "chat.completion", model: "stand-in", choices } };
        }
        const message = { type: "message", role: "assistant", content: [{ type: "output_text", text: content }] };
        return { status: 200, json: { id: "0", object: "response", status: "completed", output: [message] } };
    },

    refuse: (_, { status, message }) =>
        openaiSays(status, message, "invalid_request_error", status === 404 ? "model_not_found" : null),

    fault(name, _, { retryAfterS, where }) {
        switch (name) {
            case "wrong_key":
            case "missing_key":
            case "revoked":
                return openaiSays(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key");
            case "no_rights":
                return openaiSays(403, "Country, region, or territory not supported", "request_forbidden", null);
            case "model_missing":
                return openaiSays(
                    404,
                    "The model `gpt-0` does not exist or you do not have access to it.",
                    "invalid_request_error",
                    "model_not_found",
                );
            case "quota":
                return openaiSays(
                    429,
                    "You exceeded your current quota, please check your plan and billing details.",
                    "insufficient_quota",
                    "insufficient_quota",
                );
            case "throttled": {
                const when = where === "text" ? ` Please try again in ${retryAfterS}s.` : "";
                return openaiSays(429, `Rate limit reached.${when}`, "requests", "rate_limit_exceeded");
            }
            case "unavailable":
                return openaiSays(503, "The engine is currently overloaded.", "server_error", null);
            default:
                return null;
        }
    },
};

/** @param {number} status @param {string} message @param {string} type @param {string | null} code */
const openaiSays = (status, message, type, code) => ({ status, json: { error: { message, type, param: null, code } } });
