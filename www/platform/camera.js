/**
 * The camera: a stream to look at, and single frames of it as files.
 *
 * A picture is the very frame that was seen. `ImageCapture.takePhoto` would give more pixels, but only in some browsers, up to a second
 * late, with the preview black meanwhile; a network of a few hundred pixels gains nothing from it.
 * @import { Camera, OpenCamera } from "./platform.d.ts"
 */
import { CodedError } from "../core/protocol.js";

/** Asked for, not insisted on: what the camera gives is taken. */
const WANTED_SIZE = { width: { ideal: 1920 }, height: { ideal: 1440 } };
const QUALITY = 0.92;
/** What browsers call failing, and what it means to people. */
const CODES = /** @type {Record<string, string>} */ ({
    NotAllowedError: "camera_refused",
    SecurityError: "camera_refused",
    NotFoundError: "camera_missing",
    OverconstrainedError: "camera_missing",
});

/** @returns {Camera | null} null where there can be none: no such interface, or the page is no secure context */
export function findCamera() {
    const media = /** @type {{mediaDevices?: MediaDevices}} */ (navigator).mediaDevices;
    return media?.getUserMedia ? { open: (deviceId) => open(media, deviceId), take } : null;
}

/** @param {MediaDevices} media @param {string} [deviceId] @returns {Promise<OpenCamera>} */
async function open(media, deviceId) {
    const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
    const stream = await media.getUserMedia({ video: { ...WANTED_SIZE, ...which }, audio: false }).catch((error) => {
        // All other ways to fail are the device's: another program has it, or it broke off.
        throw new CodedError(CODES[error.name] ?? "camera_busy", `${error.name}: ${error.message}`);
    });
    const close = () => stream.getTracks().forEach((track) => track.stop());
    try {
        const track = /** @type {MediaStreamTrack} */ (stream.getVideoTracks()[0]);
        // Names are told only to whom may use the camera, so they are asked for now.
        const devices = (await media.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
        return {
            stream,
            deviceId: track.getSettings().deviceId ?? "",
            devices: devices.map(({ deviceId, label }) => ({ id: deviceId, name: label })),
            isFront: track.getSettings().facingMode === "user" || /\bfront\b|facetime/i.test(track.label),
            onLost: (lost) => track.addEventListener("ended", lost, { once: true }),
            close,
        };
    } catch (error) {
        close();
        throw error;
    }
}

/**
 * The frame on show as a JPEG, of a stream that has just begun the first one; encoded off the main thread.
 * @param {HTMLVideoElement} video
 */
async function take(video) {
    if (video.paused) await new Promise((resolve) => video.addEventListener("playing", resolve, { once: true }));
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}
