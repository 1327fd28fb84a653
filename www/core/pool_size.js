/** An engine with its model and one large picture takes about this much. */
const WORKER_MB = 200;

/**
 * How many taggers to run: one core is left to the page, and memory is not overrun.
 * @param {{cores?: number | undefined, memoryGb?: number | undefined}} machine
 */
export function poolSize({ cores = 2, memoryGb = 4 }) {
    return Math.max(1, Math.min(cores - 1, Math.floor((memoryGb * 1024) / WORKER_MB), 6));
}
