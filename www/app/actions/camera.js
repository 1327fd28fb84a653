/**
 * The camera: opened with its dialog, closed with it; every picture goes to the sheet at once.
 * @import { Context } from "../context.js"
 * @import { IntakeActions } from "./intake.js"
 * @import { OpenCamera } from "../../platform/platform.d.ts"
 */
import { failure_of } from "../../core/protocol.js";
import * as state from "../state.js";
import { name_by_time } from "./intake.js";
import { show } from "./say.js";

/** @param {Context} context @param {Pick<IntakeActions, "add_files">} intake */
export function create_camera(context, { add_files }) {
    /** @type {OpenCamera | null} */
    let open = null;
    /** Only the newest wish counts: a permission may be answered when nobody waits for it any more. */
    let n_asked = 0;

    /** @param {string} [device_id] another than the one that looks at what lies before the device */
    async function open_camera(device_id) {
        const { camera } = context.platform;
        if (!camera) return;
        const asked = ++n_asked;
        // Some devices have one camera at a time.
        open?.close();
        open = null;
        const { devices = [], n_taken = 0 } = state.camera.value ?? {};
        state.camera.value = { status: "opening", stream: null, device_id: device_id ?? "", is_front: false, devices, n_taken, error: null };
        try {
            const opened = await camera.open(device_id);
            if (asked !== n_asked) return opened.close();
            open = opened;
            const { stream, devices, is_front } = opened;
            opened.on_lost(() => asked === n_asked && fail({ code: "camera_missing", detail: "The camera broke off." }));
            change({ status: "live", stream, devices, device_id: opened.device_id, is_front });
        } catch (error) {
            if (asked === n_asked) fail(failure_of(error, "camera_busy"));
        }
    }

    function close_camera() {
        n_asked++;
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
    async function take_picture(video) {
        const { camera } = context.platform;
        if (!camera || state.camera.value?.status !== "live" || video.videoWidth === 0) return;
        try {
            const blob = await camera.take(video);
            const name = name_by_time("camera", "jpg");
            add_files([{ file: new File([blob], name, { type: blob.type }), path: name }]);
            change({ n_taken: (state.camera.value?.n_taken ?? 0) + 1 });
            show("said_taken", { name });
        } catch (error) {
            fail(failure_of(error, "camera_busy"));
        }
    }

    return { open_camera, close_camera, take_picture };
}
