/**
 * Examples that are taken with the camera: as long as its button is held, one picture after the other. At its end they become examples of the tag that was
 * typed, together and as any other pictures.
 * @import { Context } from "../context.js"
 * @import { FoundFile } from "../../platform/platform.d.ts"
 * @import { DialogActions } from "../dialog_actions.js"
 */
import { failureOf } from "../../core/protocol.js";
import { asName } from "../collection_names.js";
import { ownFailure } from "../own_state.js";
import { exampleCamera } from "../own_view_state.js";
import * as state from "../state.js";
import { timestampName } from "./intake.js";

/** Slow enough that the thing is turned, or the hand has moved, from one picture to the next. */
const BETWEEN_MS = 300;
/** More are not taken in one go: whatever holds the button may be a thing that lies on it. */
const MOST = 60;
/** So many of those that were taken are shown. */
const N_SHOWN = 12;

/**
 * @param {Pick<Context, "platform">} context @param {Pick<DialogActions, "closeCamera">} actions
 * @param {(tagger: string, typed: string, found: readonly FoundFile[]) => Promise<void>} addExamples
 * @param {(ms: number) => Promise<unknown>} [wait]
 */
export function createOwnCamera({ platform }, { closeCamera }, addExamples, wait = waitFor) {
    /** A press while the last pictures are still being taken takes none. */
    let isTaking = false;

    /** @param {string} tagger */
    function openExampleCamera(tagger) {
        exampleCamera.value = { tagger, word: "", n: 0, shown: [] };
    }

    function closeExampleCamera() {
        if (!exampleCamera.value) return;
        forget(exampleCamera.value.shown);
        exampleCamera.value = null;
        closeCamera();
    }

    /** Takes pictures until the button is let go, one at least. @param {HTMLVideoElement} video @param {string} typed the tag @param {() => boolean} isHeld */
    async function takeExamples(video, typed, isHeld) {
        const { camera } = platform;
        const { value: open } = exampleCamera;
        const word = asName(typed);
        if (!camera || !open || isTaking || word === "" || state.camera.value?.status !== "live") return;
        isTaking = true;
        /** @type {FoundFile[]} */
        const taken = [];
        const { tagger } = open;
        ownFailure.value = null;
        try {
            do {
                const blob = await camera.take(video);
                if (!exampleCamera.value) break; // closed meanwhile: what was taken before is kept
                const name = timestampName("camera", "jpg");
                taken.push({ file: new File([blob], name, { type: blob.type }), path: name });
                show(word, blob);
                await wait(BETWEEN_MS);
            } while (isHeld() && exampleCamera.value && taken.length < MOST);
        } catch (error) {
            ownFailure.value = failureOf(error, "camera_busy");
            closeExampleCamera();
        } finally {
            isTaking = false;
        }
        if (taken.length > 0) await addExamples(tagger, word, taken);
    }

    /** @param {string} word @param {Blob} blob */
    function show(word, blob) {
        const { value: open } = exampleCamera;
        if (!open) return;
        const isOther = word !== open.word;
        const all = [...(isOther ? [] : open.shown), URL.createObjectURL(blob)];
        const shown = all.slice(-N_SHOWN);
        forget(isOther ? open.shown : all.slice(0, -N_SHOWN));
        exampleCamera.value = { ...open, word, n: (isOther ? 0 : open.n) + 1, shown };
    }

    return { closeExampleCamera, openExampleCamera, takeExamples };
}

/** @param {readonly string[]} urls */
function forget(urls) {
    for (const url of urls) URL.revokeObjectURL(url);
}

/** @param {number} ms */
const waitFor = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
