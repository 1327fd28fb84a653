// What the extension calls of the browser. Chromium and Firefox have it under `chrome` and `browser`, both with promises.

export type Listened<Args extends unknown[], Answer = void> = { addListener(listen: (...args: Args) => Answer): void };

export type Sender = { id?: string; url?: string; tab?: Tab; frameId?: number };
export type Tab = { id?: number; url?: string; title?: string; windowId?: number };
export type Port = {
    name: string;
    sender?: Sender;
    postMessage(message: unknown): void;
    disconnect(): void;
    onMessage: Listened<[never]>;
    onDisconnect: Listened<[Port]>;
};
export type Clicked = {
    menuItemId: string | number;
    frameId?: number;
    frameUrl?: string;
    srcUrl?: string;
    pageUrl?: string;
    targetElementId?: number;
};
export type Injection = {
    target: { tabId: number; frameIds?: number[]; allFrames?: boolean };
    files: string[];
};
export type StorageArea = {
    get(keys: string | string[] | null): Promise<Record<string, unknown>>;
    set(items: Record<string, unknown>): Promise<void>;
};
export type Origins = { origins: string[] };

export type Browser = {
    runtime: {
        id: string;
        lastError?: { message?: string } | null;
        getURL(path: string): string;
        getManifest(): { version: string; commands?: Record<string, unknown> };
        sendMessage<Answer>(message: unknown): Promise<Answer>;
        connect(how: { name: string }): Port;
        openOptionsPage(): Promise<void>;
        getContexts?(filter: { contextTypes: string[] }): Promise<unknown[]>;
        onMessage: Listened<[never, Sender, (answer: unknown) => void], boolean | undefined>;
        onConnect: Listened<[Port]>;
        onInstalled: Listened<[unknown]>;
        onStartup: Listened<[]>;
    };
    i18n: { getUILanguage(): string; getMessage(name: string): string };
    storage: {
        local: StorageArea;
        session: StorageArea;
        onChanged: Listened<[Record<string, { newValue?: unknown }>, string]>;
    };
    tabs: {
        query(wanted: { active: boolean; currentWindow: boolean }): Promise<Tab[]>;
        create(how: { url: string }): Promise<Tab>;
        get(id: number): Promise<Tab>;
        sendMessage<Answer>(id: number, message: unknown, how?: { frameId: number }): Promise<Answer>;
    };
    windows: {
        create(how: { url: string; type: "popup"; width: number; height: number }): Promise<unknown>;
    };
    scripting: { executeScript(injection: Injection): Promise<{ frameId?: number; error?: unknown }[]> };
    contextMenus: {
        create(item: { id: string; title: string; contexts: string[]; documentUrlPatterns?: string[] }): void;
        removeAll(): Promise<void>;
        onClicked: Listened<[Clicked, Tab | undefined]>;
    };
    /** Firefox only, in content scripts: the element that a menu was opened on. */
    menus?: { getTargetElement(id: number): Element | null };
    /** Chromium only, in content scripts. */
    dom?: { openOrClosedShadowRoot(element: Element): ShadowRoot | null };
    permissions: {
        contains(wanted: Origins): Promise<boolean>;
        request(wanted: Origins): Promise<boolean>;
        remove(wanted: Origins): Promise<boolean>;
        getAll(): Promise<{ origins?: string[] }>;
        onAdded: Listened<[Origins]>;
        onRemoved: Listened<[Origins]>;
    };
    commands: {
        getAll(): Promise<{ name?: string; shortcut?: string; description?: string }[]>;
        onCommand: Listened<[string, Tab | undefined]>;
        openShortcutSettings?(): Promise<void>;
    };
    offscreen?: {
        createDocument(how: { url: string; reasons: string[]; justification: string }): Promise<void>;
        hasDocument?(): Promise<boolean>;
    };
    sidePanel?: { open(where: { windowId: number }): Promise<void> };
    sidebarAction?: { open(): Promise<void> };
};
