// What differs between shells, one interface. A shell hands one in; nothing else asks where it runs.
import type { EngineFiles, Model } from "../core/engine.js";

/** A file with the path it is known by: its own name, or the way to it from the folder that was dropped or chosen. */
export type FoundFile = { file: File; path: string; source?: FoundSource };
/** The browser's way to a file, which outlives the page: to itself, or from a folder down. */
export type FoundSource =
    | { handle: FileSystemFileHandle }
    | { folder: FileSystemDirectoryHandle; inside: readonly string[] };
/** A file that could not be read, or a folder ("/" at its end) not to its end. `error`: what the browser calls the reason. */
export type UnreadFile = { path: string; error: string };
/** A hidden or system folder inside another ("/" at its end), which was not entered. */
export type LeftOutFolder = { path: string; isLeftOut: true };
export type Found = FoundFile | UnreadFile | LeftOutFolder;

export interface Platform {
    /** Where the files of this build are. */
    engineFiles(): EngineFiles;
    /** The sample pictures of the empty page, by name, and the tags that each of them gets, with their names by language. */
    samples(): { name: string; url: URL; small: URL; tags: { id: string; names: Record<string, string> }[] }[];
    /** What the samples' tags must be (app/self_test.js). */
    selfTestFile(): URL;
    /** The licence texts of what others have made of it. */
    licencesFile(): URL;
    version(): { number: string; build: string };
    /** Resolves once the styles of a part of the page hold; at once where it has none. */
    loadStyles(part: string): Promise<void>;
    /** `name` shows in the browser's tools. */
    startWorker(name: string): Promise<Worker>;
    /** What the store (www/db) is started with; nothing of it is fetched before it is asked for. `scope`: whose library it is; `whyInMemory`: in a shell that keeps none. */
    store: {
        scope: string;
        startWorker(): Promise<Worker>;
        loadModule(): Promise<WebAssembly.Module>;
        whyInMemory?: string;
    };
    /** Nothing of it is fetched before it is asked for. Null in a shell that has no room for it: there own tags of a library show, and none are taught. */
    training: Training | null;
    /** Null in a shell that has no way to them. */
    providers: Providers | null;
    /**
     * Saves what `make` gives, where and as what the person says, or else among the downloads. Must be called right after a click or a
     * key, with nothing awaited in between. The name it was saved as; null where the person changed their mind. Rejects with the code
     * "file_not_saved" where it could not be written, and with whatever `make` rejects with.
     */
    saveFile(name: string, type: string, make: () => Promise<Blob>): Promise<string | null>;
    /**
     * Asks for a folder to save into, or for leave to save into that of this name among `pictureFolders`. Must be called right after a click
     * or a key. Null where the person changed their mind; null instead of the function where the browser has no folders.
     */
    saveFolder: ((name?: string) => Promise<SaveFolder | null>) | null;
    /** Names of the folders that pictures were chosen from, as far as the browser can open them for writing. */
    pictureFolders(): string[];
    /** What lies in a drop, folders walked through, in chunks as they are found. */
    droppedFiles(drop: DataTransfer): AsyncIterable<Found[]>;
    chosenFiles(input: HTMLInputElement): FoundFile[];
    /** Asks for a folder and walks it as `droppedFiles` does; null where there is only the input. Throws AbortError if none is chosen. */
    chooseFolder: (() => AsyncIterable<Found[]>) | null;
    /** Null where there can be none. */
    camera: Camera | null;
    /** The browser's own language model; null where it has none. */
    browserModel: BrowserModel | null;
    /** Null where nothing may be put on the clipboard. */
    copyText: ((text: string) => Promise<void>) | null;
    /** Settings. Where nothing may be stored, they hold until the page closes. */
    saveSetting(key: string, value: unknown): void;
    loadSetting(key: string): unknown;
    /** Another tab has saved it. */
    onSetting(key: string, tell: () => void): void;
    machine(): { cores: number | undefined; memoryGb: number | undefined };
    /** Languages the person reads, best first. */
    languages(): readonly string[];
    updates: Updates;
    models: ModelStore;
    storage: StoragePromise;
}

/** What own tags are trained with. `loadBackground`: of the network that comes with the page; null where it has none. */
export interface Training {
    startWorker(): Promise<Worker>;
    loadModule(): Promise<WebAssembly.Module>;
    loadBackground(): Promise<ArrayBuffer | null>;
}

/** The way to other taggers. Nothing of it is fetched before it is asked for, and nobody is asked but the origins that were enabled. */
export interface Providers {
    /**
     * Why there are none here; null: nothing stands in the way. "no_service_worker": this browser has none for the page, or not in a
     * private window; "not_yet": the page is still being kept for the first time; "reload": this tab was opened without it, or by
     * another version; "forbidden": the host's headers forbid the worker.
     */
    whyNot(): Promise<"no_service_worker" | "not_yet" | "reload" | "forbidden" | null>;
    /** Whether an origin may be enabled at all: https, or http on this machine and its own network; no IPv6 address. */
    isPossible(origin: string): Promise<boolean>;
    /** From now on workers may be started that reach these origins. */
    enable(origins: readonly string[]): Promise<void>;
    /** From now on none may. A worker that runs goes on until it is ended. */
    disable(origins: readonly string[]): Promise<void>;
    enabled(): Promise<string[]>;
    /**
     * A provider worker (core/provider_worker.js) that reaches these origins and nothing else; without any it can only explain set-ups.
     * Rejects with the code "provider_not_enabled", or "provider_unavailable_here" with `whyNot` as its subject.
     */
    startWorker(origins: readonly string[]): Promise<Worker>;
    /** What builds requests and reads answers. */
    loadModule(): Promise<WebAssembly.Module>;
    /** The browser's leave to ask an address of this machine or its network; "none": it wants none, or does not tell. */
    localLeave(origin: string): Promise<"granted" | "prompt" | "denied" | "none">;
    /** What the clock of the page's own host says, in milliseconds since 1970; null where it says nothing. */
    serverDate(): Promise<number | null>;
}

/** Whether the browser keeps what is stored until somebody deletes it. */
export interface StoragePromise {
    /** Null where it does not say. */
    isPromised(): Promise<boolean | null>;
    /** Asks the browser for it; whether it promises. */
    ask(): Promise<boolean>;
}

/** A folder to save into. A path goes from the folder down, or begins with the folder itself. Rejects with the code "file_not_saved". */
export interface SaveFolder {
    name: string;
    /** Null where there is no such file. */
    read(path: string): Promise<Blob | null>;
    write(path: string, content: Blob | string): Promise<void>;
}

/** What is told of a model where people choose one. `key` is its place among those that are kept, "" for the one that comes with the page. */
export type StoredModel = {
    key: string;
    name: string;
    bytes: number;
    sha256: string;
    licence: string;
    top1: number | null;
    /** Whether nobody knows how its pictures are prepared. */
    isGuess: boolean;
};

/** A model of the catalog. `host`: where it would be fetched from, null for the page's own; `vocabulary`: null for the page's own. */
export type CatalogModel = {
    id: string;
    name: string;
    url: string;
    host: string | null;
    bytes: number;
    sha256: string;
    licence: string;
    /** Between 0 and 1, as its publisher states. */
    top1: number | null;
    is_verified: boolean;
    card: string;
    vocabulary: string | null;
    vocabularySha256: string;
};

/** The models that are kept on this device, and those that could be. */
export interface ModelStore {
    list(): Promise<StoredModel[]>;
    /** Throws own_model_missing. */
    get(key: string): Promise<Model>;
    /** Throws storage_full. The same model again replaces its card and vocabulary. */
    put(model: Model): Promise<StoredModel>;
    delete(key: string): Promise<void>;
    /** The one that comes with the page. */
    bundled(): Promise<StoredModel>;
    catalog(): Promise<CatalogModel[]>;
    /** Fetches and checks, keeps nothing. Throws model_unreachable, model_transfer_broken, model_hash_mismatch, storage_full. */
    download(wanted: CatalogModel, how: { signal: AbortSignal; onProgress(received: number): void }): Promise<Model>;
    /** The card and vocabulary of a file that the catalog knows. */
    identify(file: File): Promise<Model | null>;
}

/** A language model that the browser brings and that sees pictures; nothing that it is asked leaves the device. */
export interface BrowserModel {
    /** `language`: of its replies. */
    availability(language: string): Promise<"unavailable" | "downloadable" | "downloading" | "available">;
    /** Downloads it first where that is due, which takes a click. `onProgress`: how much of it is there, 0 to 1. */
    open(how: {
        language: string;
        onProgress(share: number): void;
        signal?: AbortSignal | undefined;
    }): Promise<OpenBrowserModel>;
}

export interface OpenBrowserModel {
    /** One question about one picture; `constraint`: a JSON schema that the reply is bound by. */
    ask(picture: Blob, prompt: string, constraint: object, how?: { signal?: AbortSignal | undefined }): Promise<string>;
    close(): void;
}

export interface Camera {
    /** Without an id, the camera that looks at what lies before the device. Throws camera_refused, camera_missing, camera_busy. */
    open(deviceId?: string): Promise<OpenCamera>;
    /** The frame on show, as a JPEG. */
    take(video: HTMLVideoElement): Promise<Blob>;
}

export interface OpenCamera {
    stream: MediaStream;
    deviceId: string;
    devices: { id: string; name: string }[];
    /** It looks at the person: the preview is mirrored. */
    isFront: boolean;
    /** Called once if it breaks off by itself. */
    onLost(lost: () => void): void;
    close(): void;
}

/** The page kept for use without a network, and newer versions of it. A shell that is installed as a whole has nothing to do here. */
export interface Updates {
    /** Keeps this version of the page. `onKept`: it works without a network; `onUpdate`: a newer version waits to be applied. */
    keep(news: { onKept(): void; onUpdate(): void }): Promise<void>;
    /** Keeps what only pictures with first tags need, too; to be called once the version is kept. */
    keepLate(): void;
    /** Looks for a newer version, at most once an hour. */
    check(): void;
    /** Loads the page again, in the newer version. */
    apply(): void;
}
