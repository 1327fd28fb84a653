// The types of what is said. English is the reference.
import type { start } from "./en.js";
import type { work } from "./en_work.js";
import type { dialogs } from "./en_dialogs.js";
import type { providers } from "./en_providers.js";
import type { own_tags } from "./en_own_tags.js";
import type { words } from "./en_words.js";

type Reference = {
    start: typeof start;
    work: typeof work;
    dialogs: typeof dialogs;
    providers: typeof providers;
    own_tags: typeof own_tags;
    words: typeof words;
};
type English = typeof start & typeof work & typeof dialogs & typeof providers & typeof own_tags & typeof words;

export type PluralForms = { one: string; other: string };
export type ErrorWords = { title: string; remedy: string; action?: string };

/** What a language has for one part of the page, where English has `Words`. */
type Translated<Words extends { errors: object }> = {
    [Key in Exclude<keyof Words, "errors">]: Words[Key] extends string ? string : PluralForms;
} & { errors: Record<keyof Words["errors"], ErrorWords> };

/** A part of the page that has words of its own; "start" is the empty page. */
export type WordsPart = keyof Reference;
export type Catalogues = { [Part in WordsPart]: Translated<Reference[Part]> };

export type MessageKey = Exclude<keyof English, "errors">;
export type ErrorCode =
    | keyof Reference["start"]["errors"]
    | keyof Reference["work"]["errors"]
    | keyof Reference["dialogs"]["errors"]
    | keyof Reference["providers"]["errors"]
    | keyof Reference["own_tags"]["errors"]
    | keyof Reference["words"]["errors"];
