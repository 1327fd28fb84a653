/**
 * The trainer: a worker that learns own tags from a person's pictures, and tags by them. It has the training module and no network: embeddings come to it
 * as the library keeps them. Fetched when somebody first teaches a tag.
 * @import { TrainCalls } from "./train_protocol.js"
 */
import init, {
    OwnTagger,
    Teaching,
    due,
    ownTagsOnnx,
    readTaggerFile,
    reportCsv,
    reportXlsx,
    taggerFile,
} from "tagsmith-train";
import { answerCalls, live } from "./answering.js";
import { closeSet, planSet, readSet } from "./foreign_sets.js";
import { removePeerConnections } from "./peer_connections.js";

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
removePeerConnections(scope);

/** @type {WebAssembly.Memory | undefined} */
let memory;
/** What is held. @type {Teaching | undefined} */
let teaching;
/** The head that was asked for last, as reading one takes longer than tagging with it. @type {{json: string, tagger: OwnTagger} | undefined} */
let last;

function held() {
    if (!teaching) throw new TypeError("hold comes first");
    return teaching;
}

/** @param {string} json */
function read(json) {
    if (last?.json === json) return last.tagger;
    const tagger = new OwnTagger(json);
    last?.tagger.free();
    last = { json, tagger };
    return tagger;
}

/** @type {{[K in keyof TrainCalls]: (params: TrainCalls[K][0], progress: (share: number) => void) => Promise<TrainCalls[K][1]> | TrainCalls[K][1]}} */
const handlers = {
    async load({ module }) {
        ({ memory } = await init({ module_or_path: module }));
        return null;
    },

    hold({ set, background }) {
        // First: both together would take twice the memory.
        teaching?.free();
        teaching = undefined;
        teaching = new Teaching(set, background ? new Uint8Array(background) : undefined);
        return null;
    },

    train: ({ options }, progress) => held().train(options, progress),

    guidelines: () => JSON.parse(held().guidelines()),

    change({ changed, last: head }) {
        const begun = performance.now();
        const teaching = held();
        if (changed) teaching.change(changed);
        const draft = teaching.draft(head);
        return { head: draft, ms: performance.now() - begun };
    },

    facts: ({ head }) => read(head).facts(),

    tag({ head, backbone, embeddings }) {
        const tagger = read(head);
        tagger.checkBackbone(backbone);
        return tagger.tag(embeddings);
    },

    due: ({ schedule, history, now_ms: nowMs }) =>
        due(schedule, history, nowMs, (ms) => -new Date(ms).getTimezoneOffset()),

    direction: ({ head, tag }) => read(head).direction(tag) ?? null,

    report_file: ({ report, kind, words }) =>
        kind === "xlsx" ? reportXlsx(report, JSON.stringify(words)) : reportCsv(report),

    plan_set: planSet,
    read_set: ({ entry }) => readSet(entry),
    close_set: () => closeSet(),

    own_tags_onnx: ({ model, card, head }) => ownTagsOnnx(new Uint8Array(model), card, head),
    tagger_file: ({ head, lights, set }) => taggerFile(head, JSON.stringify(lights), set),
    read_tagger_file: ({ json }) => readTaggerFile(json),

    live,
};

answerCalls(scope, handlers, { memory: () => memory, code: "training_failed" });
