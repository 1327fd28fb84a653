// What the session exports: see engine_api.d.ts.

import type { HeadTaggings, ProviderTagging, StoredTag, StoredTaggings } from "../../wasm/src/stored_types.d.ts";
import type {
    Change,
    Corrections,
    Details,
    ExportFormatFacts,
    ModelFacts,
    PictureSources,
    PictureText,
    Policy,
    Query,
    Rule,
    StrictReport,
    Summary,
    Tag,
    TagCount,
    TagRef,
    Tagging,
} from "../../wasm/src/types.d.ts";

export class Session {
    constructor(card: string, vocabulary: string);
    /** What the engine says of the model, of its card and vocabulary alone. */
    facts(): ModelFacts;
    /** The table that stored taggings name their tags by; called again when it has grown. */
    setStoredTags(tags: readonly StoredTag[]): void;
    /** What is kept of pictures that were added; all or nothing. */
    restore(stored: StoredTaggings): void;
    /** A picture that is not tagged yet; `modifiedMs` is the date of its file, or 0. */
    add(id: number, path: string, modifiedMs: number): void;
    put(id: number, tagging: Tagging): void;
    fail(id: number, code: string, detail: string): void;
    /** What a provider found in a picture that was added, in place of what the same run found before. */
    putProvider(id: number, found: ProviderTagging): void;
    /** What an own tagger found in pictures that were added, in place of all that it found in them before. */
    putHead(found: HeadTaggings): void;
    /** Takes back what an own tagger found in these pictures. */
    takeHead(head: string, ids: Uint32Array): void;
    /** Replaces all texts of a picture; they hold for the id, as corrections do. */
    setTexts(id: number, texts: readonly PictureText[]): void;
    /** What words of a provider are called in the library; null for what cannot be a tag. */
    tagRefs(texts: string[], language?: string | null): (TagRef | null)[];
    remove(id: number): void;
    apply(policy: Policy): Summary;
    summary(): Summary;
    /** What the policy in force shows more and less than `before` did. */
    compare(before: Policy): Change;
    /** Replaces the corrections of a picture; they hold for the id, whatever is put there later. */
    correct(id: number, corrections: Corrections): void;
    tags(ids: Uint32Array): Tag[][];
    details(id: number): Details;
    /** Who says what of each picture, every source by itself. */
    sources(ids: Uint32Array): PictureSources[];
    /** Replaces the rules, for all pictures. */
    setRules(rules: readonly Rule[]): void;
    /** Puts a strict vocabulary in force, the JSON of a document; none takes it away. */
    setStrictWords(words?: string | null): void;
    /** What shows as which word, and what no word stands for, in no order. */
    strictReport(): StrictReport;
    find(query: Query): Uint32Array<ArrayBuffer>;
    tagCounts(typed: string, n: number): TagCount[];
    completions(typed: string, n: number): TagRef[];
    /** The tag that a person means by `text`. */
    tagRef(text: string, by_name: boolean): TagRef;
    categories(): string[];
    /** Names of tag ids in the policy's language; null for what the vocabulary does not know. */
    names(ids: string[]): (string | null)[];
    /** Reports, for `Export.add()`. */
    reports(ids: Uint32Array): string;
    /** The policy's language. */
    language(): string;
}
/** What can be exported, in the order in which it is offered. */
export function exportFormats(): ExportFormatFacts[];
export function errorCodes(): string[];
export function pipelineVersion(): number;
export default function init(source: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>;
