/**
 * Microsoft's Computer Vision: 2.0 as a gateway of one's own may still speak it, 3.2, and Image Analysis 4.0. Each version has the shapes
 * of errors that its documents have, and the gateway in front of them has its own.
 * @import { Call } from "./refusals.mjs"
 * @import { Service } from "./stand_in.mjs"
 */
import {
    Refusal,
    needKey,
    needLessThan,
    needMethod,
    needType,
    refuseOtherHeaders,
    refuseOtherParameters,
} from "./refusals.mjs";
import { tagsOf } from "./words.mjs";

const PATH = /^\/(?:vision\/v(2\.0|3\.2)\/(tag|analyze)|computervision\/imageanalysis:analyze)$/i;
const FOUR_MEGABYTES = 4 * 1024 * 1024;
const TWENTY_MEGABYTES = 20 * 1024 * 1024;
const OLD_LANGUAGES = "en es ja pt zh".split(" ");
const LANGUAGES =
    "ar az bg bs ca cs cy da de el en es et eu fi fr ga gl he hi hr hu id it ja kk ko lt lv mk ms nb nl pl prs pt pt-BR pt-PT ro ru sk sl sr-Cyrl sr-Latn sv th tr uk vi zh zh-Hans zh-Hant".split(
        " ",
    );

/** @param {Call} call @returns {"2.0" | "3.2" | "4.0"} */
const versionOf = ({ url }) => /** @type {"2.0" | "3.2"} */ (PATH.exec(url.pathname)?.[1]) ?? "4.0";

/** What is asked of a picture. @param {Call} call */
const featuresOf = ({ url }) =>
    (url.searchParams.get("features") ?? url.searchParams.get("visualFeatures") ?? "tags").split(",");

/** @type {Service} */
export const microsoft = {
    name: "microsoft",
    key: "microsoft-key-4Xw9",
    isMine: (path) => PATH.test(path),
    cors: { headers: ["authorization", "content-type", "ocp-apim-subscription-key"], reflects: false },

    // Each feature of a picture is a unit.
    units: (call) => featuresOf(call).length,

    authorise({ headers, url }, { key }) {
        const bearer = headers["authorization"];
        if (bearer && headers["ocp-apim-subscription-key"])
            throw new Refusal(400, "There is more than one credential.");
        if (bearer) return needKey(bearer.replace(/^Bearer /, ""), key);
        if (url.searchParams.has("subscription-key")) throw new Refusal(400, "The key is in the address.");
        needKey(headers["ocp-apim-subscription-key"], key);
    },

    read(call) {
        needMethod(call, "POST");
        refuseOtherHeaders(call, ["authorization", "ocp-apim-subscription-key"]);
        const version = versionOf(call);
        const { searchParams } = call.url;
        const isAnalyze = call.url.pathname.endsWith("/analyze");
        const language = searchParams.get("language") ?? "en";
        if (version === "4.0") {
            refuseOtherParameters(call, ["api-version", "features", "language", "model-version"]);
            if (!/^\d{4}-\d\d-\d\d(-preview)?$/.test(searchParams.get("api-version") ?? ""))
                throw new Refusal(404, "Resource not found");
            if (!(searchParams.get("features") ?? "").split(",").includes("tags"))
                throw new Refusal(400, "Tags are not among the features.");
        } else {
            const ofVersion = version === "3.2" ? ["model-version"] : [];
            refuseOtherParameters(call, [
                "language",
                ...ofVersion,
                ...(isAnalyze ? ["visualFeatures", "details"] : []),
            ]);
            if (isAnalyze && !(searchParams.get("visualFeatures") ?? "").split(",").includes("Tags"))
                throw new Refusal(400, "Tags are not among the visualFeatures.");
            if (!(version === "3.2" ? LANGUAGES : OLD_LANGUAGES).includes(language))
                throw new Refusal(400, "The language is not supported.");
        }
        needType(call, /^application\/octet-stream$/i);
        needLessThan(call, version === "4.0" ? TWENTY_MEGABYTES : FOUR_MEGABYTES);
        return [{ bytes: call.body, isUsable: true, minSide: 51, language }];
    },

    answer(call, [picture]) {
        const version = versionOf(call);
        const { bytes, language = "en" } = picture ?? { bytes: Buffer.alloc(0) };
        const tags = tagsOf(bytes, language);
        const metadata = { width: 1, height: 1 };
        if (version === "4.0") {
            const captionResult = { text: `a picture of a ${tags[0]?.name}`, confidence: 0.7 };
            const caption = featuresOf(call).includes("caption") ? { captionResult } : {};
            return {
                status: 200,
                json: { modelVersion: "2023-10-01", metadata, tagsResult: { values: tags }, ...caption },
            };
        }
        const modelVersion = version === "3.2" ? { modelVersion: "2021-05-01" } : {};
        return {
            status: 200,
            json: { tags, requestId: "0", metadata: { ...metadata, format: "Jpeg" }, ...modelVersion },
        };
    },

    refuse(call, { message, status }) {
        const code = /language/.test(message)
            ? "NotSupportedLanguage"
            : /picture|JPEG/.test(message)
              ? "InvalidImageFormat"
              : "BadArgument";
        return {
            status: status === 404 ? 404 : status === 415 ? 415 : 400,
            json: ownError(versionOf(call), code, message),
        };
    },

    fault(name, call, { retryAfterS, where }) {
        const version = versionOf(call);
        const seconds = where === "text" ? `Try again in ${retryAfterS} seconds.` : "Try again later.";
        switch (name) {
            case "wrong_key":
                return gateway(
                    version,
                    401,
                    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.",
                );
            case "missing_key":
                return gateway(
                    version,
                    401,
                    "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.",
                );
            case "wrong_region":
                return {
                    status: 401,
                    json: {
                        error: {
                            code: "401",
                            message:
                                "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.",
                        },
                    },
                };
            case "revoked":
            case "no_rights":
                return {
                    status: 403,
                    json: ownError("4.0", "PermissionDenied", "The subscription has no access to this operation."),
                };
            case "quota":
                return {
                    status: 403,
                    json: {
                        statusCode: 403,
                        message: "Out of call volume quota. Quota will be replenished in 2.12 days.",
                    },
                };
            case "throttled":
                return version === "2.0"
                    ? { status: 429, json: { statusCode: 429, message: `Rate limit is exceeded. ${seconds}` } }
                    : {
                          status: 429,
                          json: {
                              error: {
                                  code: "429",
                                  message: `Requests to the Operation under Computer Vision API have exceeded call rate limit of your current F0 pricing tier. ${
                                      where === "text" ? `Please retry after ${retryAfterS} seconds.` : ""
                                  }`,
                              },
                          },
                      };
            case "model_missing":
                return { status: 400, json: ownError(version, "InvalidModel", "The model version is not supported.") };
            case "unavailable":
                return {
                    status: 503,
                    json: ownError(version, "ServiceUnavailable", "The service is temporarily unavailable."),
                };
            case "retired":
                return { status: 404, json: { error: { code: "404", message: "Resource not found" } } };
            default:
                return null;
        }
    },
};

/** What the service itself says. @param {string} version @param {string} code @param {string} message */
function ownError(version, code, message) {
    if (version === "2.0") return { code, message, requestId: "0" };
    if (version === "4.0") return { error: { code, message } };
    return { error: { code: "InvalidRequest", message, innererror: { code, message } } };
}

/** What stands in front of it says. @param {string} version @param {number} status @param {string} message */
const gateway = (version, status, message) => ({
    status,
    json: version === "2.0" ? { statusCode: status, message } : { error: { code: String(status), message } },
});
