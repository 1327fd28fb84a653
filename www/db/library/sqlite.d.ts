// As much of @sqlite.org/sqlite-wasm as the store uses: its own types leave out the low functions, which the hot loops need.

export type Value = string | number | bigint | Uint8Array | Int8Array | null;

export interface Statement {
    pointer: number;
    bind(values: readonly Value[]): this;
    step(): boolean;
    reset(alsoClearBinds?: boolean): this;
    finalize(): void;
}

export interface Connection {
    pointer: number;
    exec(sql: string): this;
    prepare(sql: string): Statement;
    changes(): number;
    close(): void;
}

/** Files of SQLite in the browser's private file system. */
export interface Pool {
    OpfsSAHPoolDb: new (name: string, flags?: string) => Connection;
    vfsName: string;
    importDb(name: string, chunk: () => Promise<Uint8Array | undefined>): Promise<number>;
    unlink(name: string): boolean;
    reserveMinimumCapacity(n: number): Promise<number>;
    wipeFiles(): Promise<void>;
}

type Of = (pointer: number) => number;
type OfColumn = (statement: number, column: number) => number;

/** SQLite's own functions. */
export interface Exports {
    sqlite3_value_type: Of;
    sqlite3_value_int64: (pointer: number) => bigint;
    sqlite3_value_double: Of;
    sqlite3_value_blob: Of;
    sqlite3_value_bytes: Of;
    sqlite3_result_int64: (context: number, value: bigint) => void;
    sqlite3_column_type: OfColumn;
    sqlite3_column_int: OfColumn;
    sqlite3_column_double: OfColumn;
    sqlite3_column_blob: OfColumn;
    sqlite3_column_bytes: OfColumn;
}

export interface Sqlite {
    capi: Record<string, any>;
    wasm: {
        exports: Exports;
        heap8u(): Uint8Array<ArrayBuffer>;
        peekPtr(address: number): number;
        alloc(n: number): number;
        dealloc(address: number): void;
        installFunction(signature: string, made: (...args: any[]) => unknown): number;
        functionEntry(pointer: number): (...args: any[]) => any;
    };
    oo1: { DB: new (name: string, flags?: string) => Connection };
    installOpfsSAHPoolVfs(options: Record<string, unknown>): Promise<Pool>;
}
