/**
 * Answers by name, each asked for once: whoever asks for it meanwhile or later gets the same. A cancel ends what is under way, and whoever
 * asks after it asks anew, even where the cancelled one has not come to its end yet.
 * @template A
 */
export class AskedOnce {
    #isKept;
    /** @type {Map<string, A>} */
    #known = new Map();
    #ended = new AbortController();
    /** Since the last cancel. @type {Map<string, Promise<A>>} */
    #running = new Map();

    /** @param {(answer: A) => boolean} isKept false where the next try may go well */
    constructor(isKept) {
        this.#isKept = isKept;
    }

    /**
     * The question of this moment: what is awaited before it is asked leaves it to the next cancel all the same.
     * @returns {(name: string | null, find: (signal: AbortSignal) => Promise<A>) => Promise<A>} null: of what has no name
     */
    begin() {
        const { signal } = this.#ended;
        const running = this.#running;
        return async (name, find) => {
            if (name === null) return find(signal);
            const known = this.#known.get(name) ?? running.get(name);
            if (known) return known;
            const finding = find(signal);
            running.set(name, finding);
            try {
                const answer = await finding;
                if (this.#isKept(answer)) this.#known.set(name, answer);
                return answer;
            } finally {
                running.delete(name);
            }
        };
    }

    cancel() {
        this.#ended.abort();
        this.#ended = new AbortController();
        this.#running = new Map();
    }
}
