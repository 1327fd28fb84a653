// As much of @sqlite.org/sqlite-wasm as the store uses: its own types leave out the low functions, which the hot loops need.

export type Value = string | number | bigint | Uint8Array | Int8Array | null;

export interface Statement {
    pointer: number;
    bind(parameter: number, value: Value): this;
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
    importDb(name: string, chunk: () => Promise<Uint8Array | undefined>): Promise<number>;
    exportFile(name: string): Uint8Array<ArrayBuffer>;
    unlink(name: string): boolean;
    reserveMinimumCapacity(n: number): Promise<number>;
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
    sqlite3_bind_int: (statement: number, parameter: number, value: number) => number;
    sqlite3_step: Of;
    sqlite3_reset: Of;
    sqlite3_column_type: OfColumn;
    sqlite3_column_int: OfColumn;
    sqlite3_column_double: OfColumn;
    sqlite3_column_blob: OfColumn;
    sqlite3_column_bytes: OfColumn;
    sqlite3__wasm_vfs_unlink: (vfs: number, name: number) => number;
}

/** Its functions with arguments converted, and its constants. */
export interface Capi {
    SQLITE_INTEGER: number;
    SQLITE_FLOAT: number;
    SQLITE_TEXT: number;
    SQLITE_BLOB: number;
    SQLITE_UTF8: number;
    SQLITE_DETERMINISTIC: number;
    SQLITE_INNOCUOUS: number;
    SQLITE_LIMIT_LENGTH: number;
    sqlite3_limit(db: number, id: number, value: number): number;
    sqlite3_progress_handler(db: number, nSteps: number, isOver: number, app: number): void;
    sqlite3_create_function_v2(
        db: number,
        name: string,
        n: number,
        flags: number,
        app: number,
        func: number,
        step: number,
        final: number,
        destroy: number,
    ): number;
    sqlite3_backup_init(to: number, toName: string, from: number, fromName: string): number;
    sqlite3_backup_step(backup: number, nPages: number): number;
    sqlite3_backup_finish(backup: number): number;
    sqlite3_js_posix_create_file(name: string, bytes: Uint8Array): void;
}

export interface Sqlite {
    capi: Capi;
    wasm: {
        exports: Exports;
        allocCString(text: string): number;
        dealloc(pointer: number): void;
        heap8u(): Uint8Array<ArrayBuffer>;
        peekPtr(address: number): number;
        installFunction(signature: string, made: (...args: number[]) => unknown): number;
    };
    oo1: { DB: (new (name: string, flags?: string) => Connection) & { checkRc(db: Connection, code: number): void } };
    installOpfsSAHPoolVfs(options: Record<string, unknown>): Promise<Pool>;
}
