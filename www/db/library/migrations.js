/** The migrations in their order: the first makes version 1. One that was released never changes. */
import library from "../migrations/0001_library.sql";
import providers from "../migrations/0002_providers.sql";
import maybePaid from "../migrations/0003_maybe_paid.sql";
import ownTags from "../migrations/0004_own_tags.sql";

export const MIGRATIONS = [library, providers, maybePaid, ownTags];
