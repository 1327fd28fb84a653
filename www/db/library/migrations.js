/** The migrations in their order: the first makes version 1. One that was released never changes. */
import library from "../migrations/0001_library.sql";

export const MIGRATIONS = [library];
