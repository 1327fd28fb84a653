import { interleave } from "../lib/interleave.js";
import { startSession } from "./engines.js";
import { NOTHING, makeResults } from "./session_pictures.js";

/** Arrivals in a round, all posted at once: what passes until the last answer is the worker's time. */
const N_ARRIVALS = 500;

/** @param {{names: Record<string, string>, golden: string[], n: number, plan: {warmUp: number, rounds: number}}} wanted */
export async function measure({ names, golden, n, plan }) {
    const { adds, puts } = await makeResults(names, golden, n);
    const session = await startSession(names);
    const policy = { threshold: 0.6, max_tags: 8, allow: [], deny: [], language: "en" };
    await session.call("update", { ...NOTHING, adds, puts, policy });
    let first = 0;
    const arrive = async () => {
        // Pictures that are there are replaced, so that the session stays as large as it is.
        const some = Array.from({ length: N_ARRIVALS }, (_, idx) => puts[(first + idx * 17) % n]);
        first += 7;
        const start = performance.now();
        await Promise.all(some.map((put) => session.call("update", { ...NOTHING, puts: [put] })));
        return (performance.now() - start) / N_ARRIVALS;
    };
    return interleave({ arrived: arrive }, plan);
}
