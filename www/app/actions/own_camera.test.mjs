import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { CodedError } from "../../core/protocol.js";
import { ownFailure } from "../own_state.js";
import { exampleCamera } from "../own_view_state.js";
import * as state from "../state.js";
import { createOwnCamera } from "./own_camera.js";

const VIDEO = /** @type {any} */ ({});

/** A camera that is open for a tagger; `take` gives its pictures. @param {() => any} [take] */
function begin(take = () => new Blob(["jpeg"], { type: "image/jpeg" })) {
    state.camera.value = /** @type {any} */ ({ status: "live" });
    const closeCamera = mock.fn();
    /** @type {any[]} */
    const added = [];
    const add = async (/** @type {any[]} */ ...what) => void added.push(what);
    const platform = /** @type {any} */ ({ camera: { take: async () => take() } });
    const camera = createOwnCamera({ platform }, { closeCamera }, add, () => Promise.resolve());
    camera.openExampleCamera("t");
    return { ...camera, added, closeCamera };
}

/** Held until so many were asked for. @param {number} n */
const heldFor = (n) => () => --n > 0;

afterEach(() => {
    state.camera.value = null;
    exampleCamera.value = null;
    ownFailure.value = null;
});

test("as long as the button is held pictures are taken, and together they are examples of the tag", async () => {
    const { takeExamples, added } = begin();
    await takeExamples(VIDEO, " boot ", heldFor(3));
    const [tagger, word, found] = added[0];
    assert.deepEqual([added.length, tagger, word, found.length], [1, "t", "boot", 3]);
    assert.equal(new Set(found.map((/** @type {any} */ one) => one.path)).size, 3, "each has a name of its own");
    assert.ok(found.every((/** @type {any} */ { file, path }) => file.name === path && /^camera .*\.jpg$/.test(path)));
    assert.deepEqual([exampleCamera.value?.word, exampleCamera.value?.n], ["boot", 3]);
    await takeExamples(VIDEO, "boot", heldFor(1));
    assert.deepEqual([exampleCamera.value?.n, exampleCamera.value?.shown.length], [4, 4]);
    await takeExamples(VIDEO, "bag", heldFor(1));
    assert.deepEqual([exampleCamera.value?.word, exampleCamera.value?.n], ["bag", 1], "each tag is counted for itself");
});

test("a button that is never let go takes no more than so many, and only the last are shown", async () => {
    const { takeExamples, added } = begin();
    await takeExamples(VIDEO, "boot", () => true);
    assert.deepEqual([added[0][2].length, exampleCamera.value?.n, exampleCamera.value?.shown.length], [60, 60, 12]);
});

test("without a tag, and while the camera is not there, nothing is taken", async () => {
    const { takeExamples, added } = begin();
    await takeExamples(VIDEO, " ", heldFor(2));
    state.camera.value = /** @type {any} */ ({ status: "opening" });
    await takeExamples(VIDEO, "boot", heldFor(2));
    assert.deepEqual(added, []);
});

test("what was taken before the camera failed, or was closed, is kept", async () => {
    let n = 0;
    const failing = begin(() => {
        if (n++ === 2) throw new CodedError("camera_busy", "It broke off.");
        return new Blob(["jpeg"]);
    });
    await failing.takeExamples(VIDEO, "boot", heldFor(9));
    assert.deepEqual([failing.added[0][2].length, ownFailure.value?.code], [2, "camera_busy"]);
    assert.deepEqual([exampleCamera.value, failing.closeCamera.mock.calls.length], [null, 1]);
    const closing = begin(() => {
        if (++n === 6) closing.closeExampleCamera();
        return new Blob(["jpeg"]);
    });
    n = 3;
    await closing.takeExamples(VIDEO, "boot", heldFor(9));
    assert.equal(closing.added[0][2].length, 2);
});
