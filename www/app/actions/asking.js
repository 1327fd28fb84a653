/**
 * Asking the store for something on behalf of a person. What fails is told where it was asked for, and nothing is asked twice because
 * somebody pressed twice.
 * @import { Store } from "../../db/client.js"
 * @import { Context } from "../context.js"
 */
import { failureOf } from "../../core/protocol.js";
import * as state from "../state.js";

let isUnderWay = false;

/** In the words of the dialogs: there, nothing waits for room. @param {unknown} error */
export function asFailure(error) {
    const failure = failureOf(error, "storage_failed");
    return failure.code === "storage_full" ? { ...failure, code: "storage_no_room" } : failure;
}

/** Reads. @template T @param {Context} context @param {(store: Store) => Promise<T>} read @returns {Promise<T | undefined>} */
export async function ask(context, read) {
    try {
        return await read(await context.openStore());
    } catch (error) {
        state.libraryFailure.value = asFailure(error);
        return undefined;
    }
}

/**
 * Changes something; one change at a time.
 * @param {Context} context @param {(store: Store) => Promise<void>} act @returns {Promise<boolean>} whether it was done
 */
export async function change(context, act) {
    if (isUnderWay) return false;
    isUnderWay = true;
    state.libraryFailure.value = null;
    try {
        await act(await context.openStore());
        return true;
    } catch (error) {
        state.libraryFailure.value = asFailure(error);
        return false;
    } finally {
        isUnderWay = false;
    }
}
