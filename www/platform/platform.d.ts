// What differs between shells, one interface. A shell hands one in; nothing else asks where it runs.
import type { EngineFiles } from "../core/engine.js";

/** A file with the path it is known by: its own name, or the way to it from the folder that was dropped or chosen. */
export type Found = { file: File; path: string };

export interface Platform {
    /** Where the files of this build are. */
    engine_files(): EngineFiles;
    /** The sample pictures of the empty page, by name. */
    samples(): { name: string; url: URL }[];
    /** `name` shows in the browser's tools. */
    start_worker(name: string): Promise<Worker>;
    save_file(blob: Blob, name: string): void;
    /** What lies in a drop, folders walked through, in handfuls as they are found. */
    dropped_files(drop: DataTransfer): AsyncIterable<Found[]>;
    chosen_files(input: HTMLInputElement): Found[];
    /** Settings. Where nothing may be stored, they hold until the page closes. */
    remember(key: string, value: unknown): void;
    recall(key: string): unknown;
    machine(): { cores: number | undefined; memory_gb: number | undefined };
    /** Languages the person reads, best first. */
    languages(): readonly string[];
}
