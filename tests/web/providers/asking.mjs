/**
 * Requests as the documents want them, one way for each service of the stand-in, for tests of the stand-in itself: what the application
 * sends is built elsewhere, from the same documents.
 * @typedef {{path: string, method?: string, headers: Record<string, string>, body: Buffer | string}} Asked
 */
import { ADOBE, CREDENTIALS } from "./stand_in.mjs";

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const bearer = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });
const inBase64 = (/** @type {Buffer} */ bytes) => bytes.toString("base64");
const dataUrl = (/** @type {Buffer} */ bytes) => `data:image/jpeg;base64,${inBase64(bytes)}`;

/** @param {readonly Buffer[]} pictures @returns {Asked} */
export const askGoogle = (pictures) => ({
    path: "/v1/images:annotate",
    headers: { ...JSON_TYPE, "x-goog-api-key": CREDENTIALS.google.key },
    body: JSON.stringify({
        requests: pictures.map((picture) => ({
            image: { content: inBase64(picture) },
            features: [{ type: "LABEL_DETECTION", maxResults: 20, model: "builtin/stable" }],
        })),
    }),
});

/** @param {Buffer} picture @param {string} [path] @returns {Asked} */
export const askMicrosoft = (picture, path = "/vision/v3.2/tag?language=en&model-version=latest") => ({
    path,
    headers: { "content-type": "application/octet-stream", "ocp-apim-subscription-key": CREDENTIALS.microsoft.key },
    body: picture,
});

/** @param {string} [scope] @param {string} [secret] @returns {Asked} */
export const askToken = (scope = "openid,AdobeID", secret = ADOBE.client_secret) => ({
    path: "/ims/token/v3",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: String(
        new URLSearchParams({
            grant_type: "client_credentials",
            client_id: ADOBE.client_id,
            client_secret: secret,
            scope,
        }),
    ),
});

/** @param {readonly {name: string, filename?: string, type?: string, content: Buffer | string}[]} parts @param {string} [end] of lines */
export function multipart(parts, end = "\r\n") {
    const boundary = "boundary-of-a-test";
    const all = parts.flatMap(({ name, filename, type, content }) => {
        const file = filename === undefined ? "" : `; filename="${filename}"`;
        const head = `--${boundary}${end}Content-Disposition: form-data; name="${name}"${file}${end}`;
        return [
            Buffer.from(`${head}${type ? `Content-Type: ${type}${end}` : ""}${end}`),
            Buffer.from(content),
            Buffer.from(end),
        ];
    });
    return {
        headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
        body: Buffer.concat([...all, Buffer.from(`--${boundary}--${end}`)]),
    };
}

/** @param {Buffer} picture @returns {Asked} */
export function askSensei(picture) {
    const field = "infile_1";
    const request = {
        "sensei:name": "stand-in",
        "sensei:invocation_mode": "synchronous",
        "sensei:invocation_batch": false,
        "sensei:engines": [
            {
                "sensei:execution_info": { "sensei:engine": `Feature:stand-in:Service-${"0".repeat(32)}` },
                "sensei:inputs": { documents: [{ "sensei:multipart_field_name": field, "dc:format": "image/jpg" }] },
            },
        ],
    };
    const { headers, body } = multipart([
        { name: "contentAnalyzerRequests", type: "application/json", content: JSON.stringify(request) },
        { name: field, filename: "infile_1.jpg", type: "image/jpeg", content: picture },
    ]);
    const own = {
        prefer: "respond-async, wait=59",
        "x-api-key": ADOBE.client_id,
        "x-gw-ims-org-id": ADOBE.organization,
    };
    return { path: "/services/v2/predict", headers: { ...headers, ...own, ...bearer(ADOBE.token) }, body };
}

/** @param {Buffer} picture @returns {Asked} */
export function askImagga(picture) {
    const { headers, body } = multipart([
        { name: "image", filename: "image.jpg", type: "image/jpeg", content: picture },
    ]);
    const { key, secret } = CREDENTIALS.imagga;
    return { path: "/v2/tags", headers: { ...headers, authorization: `Basic ${btoa(`${key}:${secret}`)}` }, body };
}

/** @param {Buffer} picture @returns {Asked} */
export const askClarifai = (picture) => ({
    path: "/v2/users/clarifai/apps/main/models/general-image-recognition/outputs",
    headers: { ...JSON_TYPE, authorization: `Key ${CREDENTIALS.clarifai.key}` },
    body: JSON.stringify({ inputs: [{ data: { image: { base64: inBase64(picture) } } }] }),
});

/** @param {Buffer} picture @returns {Asked} */
export const askPhotoprism = (picture) => ({
    path: "/api/v1/vision/labels",
    headers: { ...JSON_TYPE, ...bearer(CREDENTIALS.photoprism.key) },
    body: JSON.stringify({ images: [dataUrl(picture)] }),
});

/** @param {Buffer} picture @returns {Asked} */
export const askTagsmith = (picture) => ({
    path: "/v1/tag?lang=sv",
    headers: { "content-type": "application/octet-stream" },
    body: picture,
});

/** @param {Buffer} picture @param {Record<string, unknown>} [more] @returns {Asked} */
export const askOllama = (picture, more = {}) => ({
    path: "/api/chat",
    headers: JSON_TYPE,
    body: JSON.stringify({
        ...{ model: "llava", stream: false, format: "json", options: { temperature: 0 } },
        messages: [{ role: "user", content: "Tags.", images: [inBase64(picture)] }],
        ...more,
    }),
});

/** @param {Buffer} picture @returns {Asked} */
export const askChat = (picture) => {
    const content = [
        { type: "text", text: "Tags." },
        { type: "image_url", image_url: { url: dataUrl(picture) } },
    ];
    return {
        path: "/v1/chat/completions",
        headers: { ...JSON_TYPE, ...bearer(CREDENTIALS.openai.key) },
        body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content }] }),
    };
};

/** @param {Buffer} picture @returns {Asked} */
export const askResponses = (picture) => {
    const content = [
        { type: "input_text", text: "Tags." },
        { type: "input_image", image_url: dataUrl(picture) },
    ];
    return {
        path: "/v1/responses",
        headers: { ...JSON_TYPE, ...bearer(CREDENTIALS.openai.key) },
        body: JSON.stringify({ model: "gpt-4o-mini", input: [{ role: "user", content }] }),
    };
};
