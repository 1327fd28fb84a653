/**
 * Files changed at random never bring the engine down: they are tagged, or refused with a code. The same changes each time; after
 * `TAGSMITH_SECONDS` (20) it ends wherever it is.
 */
