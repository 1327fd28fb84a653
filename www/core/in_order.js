/** Work on many things at once whose results come in the order of the things. */

/**
 * At most `most` of `inputs` are taken in advance, and none faster than its turn comes. Whoever takes no more results stops what is under
 * way.
 * @template Input, Result
 * @param {Iterable<Input> | AsyncIterable<Input>} inputs @param {number} most
 * @param {(input: Input, signal: AbortSignal) => Promise<Result>} work @param {AbortSignal} [signal] when it aborts, so does this, with its reason
 * @returns {AsyncGenerator<Result, void, undefined>}
 */
export async function* inOrder(inputs, most, work, signal) {
    const iterator = Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
    const stopping = new AbortController();
    const stop = () => stopping.abort(signal?.reason);
    /** @type {Promise<never>} */
    const stopped = new Promise((_, reject) =>
        stopping.signal.addEventListener("abort", () => reject(stopping.signal.reason), { once: true }),
    );
    stopped.catch(() => {}); // whoever waits for something sees it
    /** @type {Promise<Result>[]} */
    const underWay = [];
    /** @type {Promise<IteratorResult<Input>> | null} */
    let coming = null;
    let isOver = false;
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    try {
        for (;;) {
            if (!isOver && underWay.length < most) coming ??= Promise.resolve(iterator.next());
            const [first] = underWay;
            if (!coming && !first) return;
            const next = await Promise.race([
                stopped,
                ...(coming ? [coming.then((input) => ({ input }))] : []),
                ...(first ? [first.then((result) => ({ result }))] : []),
            ]);
            if ("result" in next) {
                underWay.shift();
                yield next.result;
                continue;
            }
            coming = null;
            if (next.input.done) isOver = true;
            else {
                const result = work(next.input.value, stopping.signal);
                result.catch(() => {}); // thrown when its turn comes
                underWay.push(result);
            }
        }
    } finally {
        signal?.removeEventListener("abort", stop);
        stopping.abort(new DOMException("No more results are wanted.", "AbortError"));
        // Without waiting: a source that says nothing would hold up whoever left.
        if (!isOver) Promise.resolve(iterator.return?.()).catch(() => {});
    }
}
