/**
 * Settings in the browser's own store for the origin. Where nothing may be stored, they hold until the page closes.
 * @import { Platform } from "./platform.d.ts"
 */

/** @param {string} prefix of the keys @returns {Pick<Platform, "saveSetting" | "loadSetting" | "onSetting">} */
export function openSettings(prefix) {
    /** @type {Map<string, unknown>} */
    const memory = new Map();
    return {
        saveSetting(key, value) {
            memory.set(key, value);
            try {
                localStorage.setItem(prefix + key, JSON.stringify(value));
            } catch {
                // Storage is full or forbidden: the setting holds until the page closes.
            }
        },
        loadSetting(key) {
            if (memory.has(key)) return memory.get(key);
            try {
                return JSON.parse(localStorage.getItem(prefix + key) ?? "null");
            } catch {
                return null;
            }
        },
        onSetting(key, tell) {
            addEventListener("storage", (event) => {
                if (event.key !== prefix + key) return;
                memory.delete(key);
                tell();
            });
        },
    };
}
