// What the session client is made with.
import type { WorkerClient } from "./client.js";
import type { CodedError, Filling, SessionReady, Snapshot, Update } from "./protocol.js";
import type { RelaunchLimit } from "./relaunch.js";

/**
 * What is kept. `ids`: of all pictures that are there. `fillings`: what there is of them, in parts; `hasOthers`: whether a provider has found
 * something in one, or it was given a text, since the page was opened. `isHere`: whether a picture is there; `hasTags`: whether there may be
 * tags: a result, or a person's. The others would only seem to have none.
 */
export type Kept = {
    ids: () => readonly number[];
    isHere: (id: number) => boolean;
    hasTags: (id: number) => boolean;
    fillings: (ids: readonly number[], hasOthers: (id: number) => boolean) => AsyncIterable<Filling>;
};

export type SessionOptions = {
    relaunch: RelaunchLimit;
    timeoutMs?: number;
    kept: Kept;
    start: (onCrash: (error: CodedError) => void) => Promise<{ client: WorkerClient; ready: SessionReady }>;
    loadExports: () => Promise<WebAssembly.Module>;
    onReady?: (ready: SessionReady) => void;
    onSnapshot: (snapshot: Snapshot, update: Update) => void;
    onOff: (error: CodedError) => void;
    onFailed: (error: unknown) => void;
};
