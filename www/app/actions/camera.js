/**
 * The camera: opened with its dialog, closed with it; every picture goes to the grid at once.
 * @import { Context } from "../context.js"
 * @import { IntakeActions } from "./intake.js"
 * @import { OpenCamera } from "../../platform/platform.d.ts"
 */
import { failureOf } from "../../core/protocol.js";
import * as state from "../state.js";
import { timestampName } from "./intake.js";
import { notify } from "./notices.js";

/** @param {Context} context @param {Pick<IntakeActions, "addFiles" | "newAddition">} intake */
export function createCamera(context, { addFiles, newAddition }) {
    /** What is taken until the camera is closed is one batch. */
    let addition = newAddition();
    /** @type {OpenCamera | null} */
    let open = null;
    /** Only the newest wish counts: a permission may be answered when nobody waits for it any more. */
    let nAsked = 0;

    /** @param {string} [deviceId] another than the one that looks at what lies before the device */
    async function openCamera(deviceId) {
        const { camera } = context.platform;
        if (!camera) return;
        const asked = ++nAsked;
        // Some devices have one camera at a time.
        open?.close();
        open = null;
        if (!state.camera.value) addition = newAddition();
        const { devices = [], nTaken = 0 } = state.camera.value ?? {};
        state.camera.value = {
            status: "opening",
            stream: null,
            deviceId: deviceId ?? "",
            isFront: false,
            devices,
            nTaken,
            error: null,
        };
        try {
            const opened = await camera.open(deviceId);
            if (asked !== nAsked) return opened.close();
            open = opened;
            const { stream, devices, isFront } = opened;
            opened.onLost(() => asked === nAsked && fail({ code: "camera_missing", detail: "The camera broke off." }));
            change({ status: "live", stream, devices, deviceId: opened.deviceId, isFront });
        } catch (error) {
            if (asked === nAsked) fail(failureOf(error, "camera_busy"));
        }
    }

    function closeCamera() {
        nAsked++;
        open?.close();
        open = null;
        state.camera.value = null;
    }

    /** @param {import("../../core/protocol.js").Failure} error */
    function fail(error) {
        open?.close();
        open = null;
        change({ status: "failed", stream: null, error });
    }

    /** @param {Partial<import("../state.js").CameraState>} news */
    function change(news) {
        if (state.camera.value) state.camera.value = { ...state.camera.value, ...news };
    }

    /** Takes the frame on show. @param {HTMLVideoElement} video */
    async function takePicture(video) {
        const { camera } = context.platform;
        if (!camera || state.camera.value?.status !== "live") return;
        try {
            const blob = await camera.take(video);
            const name = timestampName("camera", "jpg");
            addition.begun = newAddition().begun; // who stops a run and takes another picture wants this one
            addFiles([{ file: new File([blob], name, { type: blob.type }), path: name }], addition);
            change({ nTaken: (state.camera.value?.nTaken ?? 0) + 1 });
            notify("said_taken", { name });
        } catch (error) {
            fail(failureOf(error, "camera_busy"));
        }
    }

    return { openCamera, closeCamera, takePicture };
}
