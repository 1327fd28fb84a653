// <image-tagger>: described in README.md.

import type { Picture, Report } from "./api.d.ts";

export interface ShownTag {
    id: string;
    name: string;
    confidence: number;
}

/**
 * A form control whose value is the tags of a picture. Fires `input` and `change` when its tags change, `error` (`event.error` is a
 * `TaggerError`) and `progress` while the model loads.
 */
export declare class ImageTagger extends HTMLElement {
    static readonly formAssociated: boolean;
    readonly form: HTMLFormElement | null;
    readonly labels: NodeList;
    readonly validity: ValidityState;
    readonly validationMessage: string;
    readonly willValidate: boolean;
    readonly type: string;
    name: string;
    disabled: boolean;
    required: boolean;
    /** The ids of the tags that the form gets. */
    readonly value: string[];
    readonly tags: ShownTag[];
    /** Everything that was found, removed tags included; null before. */
    readonly report: Report | null;
    checkValidity(): boolean;
    reportValidity(): boolean;
    /** As if somebody had chosen the picture; settled when it has its tags, or has failed. */
    tag(picture: Picture): Promise<void>;
    /** As if somebody had removed the picture. */
    clear(): void;
}

declare global {
    interface HTMLElementTagNameMap {
        "image-tagger": ImageTagger;
    }
}
