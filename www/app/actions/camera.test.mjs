import assert from "node:assert/strict";
import { test } from "node:test";
import * as state from "../state.js";
import { createCamera } from "./camera.js";

test("what is taken until the camera is closed is one batch, and a stop holds for what was taken before it", async () => {
    const opened = { stream: null, devices: [], isFront: false, deviceId: "", onLost: () => {}, close: () => {} };
    const camera = { open: async () => opened, take: async () => new Blob(["x"], { type: "image/jpeg" }) };
    let nStops = 0;
    /** @type {[addition: object, begun: number][]} */
    const added = [];
    const intake = {
        addFiles: (/** @type {unknown} */ _, /** @type {any} */ addition) =>
            void added.push([addition, addition.begun]),
        newAddition: () => ({ begun: nStops, left: {} }),
    };
    const { openCamera, closeCamera, takePicture } = createCamera(
        /** @type {any} */ ({ platform: { camera } }),
        /** @type {any} */ (intake),
    );
    const take = () => takePicture(/** @type {any} */ ({}));
    await openCamera();
    await take();
    nStops++;
    await openCamera("another camera");
    await take();
    closeCamera();
    await openCamera();
    await take();
    closeCamera();
    const [first, second, third] = added.map(([addition]) => addition);
    assert.ok(first === second && third !== first);
    assert.deepEqual(
        added.map(([, begun]) => begun),
        [0, 1, 1],
    );
    assert.equal(state.camera.value, null);
});
