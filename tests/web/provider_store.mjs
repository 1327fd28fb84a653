/**
 * Runs of providers to test the store with: `globalThis.library` (store.mjs) gets `library.provider`. It goes into the page as it is, so it
 * uses nothing from outside.
 */
import { inStore } from "./store.mjs";

/** @param {import("playwright-core").Page} page */
export const withProviders = (page) => inStore(page, installProviders);

/** @param {any} _ @param {any} library */
async function installProviders(_, library) {
    library.provider = {
        /** @param {string} id @param {object} [settings] */
        run: (id, settings = {}) => ({
            ...{
                kind: "provider",
                tagger: id,
                version: "v1",
                pipeline: 1,
                components: [`provider:${id}`],
                tags: [],
                language: "en",
            },
            settings: { mode: "add", name: `Tagger ${id}`, has_confidence: true, ...settings },
        }),
        /** @param {string} name @param {number} [confidence] */
        tag: (name, confidence = 0.5) => ({ id: `own:${name}`, name, language: "en", score: confidence, confidence }),
        /** @param {any} store @param {number | null} run @param {number[]} files @param {object} [more] */
        async ask(store, run, files, more = {}) {
            const id = store.newId();
            const counts = { n_pictures: files.length, n_units: files.length, n_bytes: 1000 * files.length };
            const purpose = run === null ? "check" : "tag";
            await store.call("begin_request", {
                id,
                run,
                purpose,
                provider: "sky",
                host: "https://sky.example",
                files,
                ...counts,
                ...more,
            });
            return id;
        },
        /** @param {any} store @param {number} id @param {any[]} results @param {object} [more] */
        end: (store, id, results, more = {}) =>
            store.call("end_request", {
                ...{
                    id,
                    status: 200,
                    outcome: "answered",
                    n_billed: results.length,
                    n_maybe: 0,
                    detail: null,
                    results,
                },
                ...more,
            }),
        /** A whole job of one request. @param {any} store @param {string} provider @param {object} settings @param {any[]} results */
        async job(store, provider, settings, results) {
            const { collection } = await store.call("open", {});
            const files = results.map(({ file }) => file);
            const run = await store.call("begin_job", {
                run: library.provider.run(provider, settings),
                collection: collection.id,
                files,
            });
            await library.provider.end(store, await library.provider.ask(store, run, files, { provider }), results);
            return run;
        },
        /** @param {number} file @param {string[]} names @param {Record<string, string>} [texts] by field */
        found: (file, names, texts = {}) => ({
            file,
            found: {
                tags: names.map((name) => library.provider.tag(name)),
                texts: Object.entries(texts).map(([field, text]) => ({ field, text })),
                language: "en",
            },
        }),
        /** What shows: of each file the taggers and the names of the tags of their candidates. @param {any} store @param {any} [model] */
        async shown(store, model = library.model) {
            const { collection } = await store.call("open", {});
            const found = await store.call("taggings", { collection: collection.id, model });
            const names = new Map((await store.call("tags", {})).map((/** @type {any} */ { id, name }) => [id, name]));
            const taggers = new Map(
                found.run_rows.map((/** @type {any} */ row) => [row.id, `${row.kind} ${row.tagger}`]),
            );
            /** @type {Record<number, string[]>} */
            const shown = {};
            let at = 0;
            found.ids.forEach((/** @type {number} */ id, /** @type {number} */ idx) => {
                const n = found.lengths[idx] / 13;
                const blob = found.candidates.slice(at, at + 4 * n);
                at += found.lengths[idx];
                const tags = Array.from(new Uint32Array(blob.buffer), (tag) => names.get(tag));
                const tagger = taggers.get(found.runs[idx]);
                (shown[id] ??= []).push(`${tagger}: ${/^model/.test(String(tagger)) ? n : tags}`);
            });
            return shown;
        },
        /** What shows, by field. @param {any} store @param {number} id */
        async texts(store, id) {
            const [file] = await store.call("texts", { ids: [id] });
            return Object.fromEntries(
                (file?.texts ?? [])
                    .toReversed()
                    .map((/** @type {any} */ { field, text, source, provider }) => [
                        field,
                        `${source === "person" ? source : provider}: ${text}`,
                    ]),
            );
        },
        /** The tables that do not agree with the ledger. @param {any} store */
        damaged: async (store) => (await store.call("verify", {})).damaged,
        /** @param {Promise<unknown>} asked @returns {Promise<string>} */
        refused: (asked) =>
            asked.then(
                () => "",
                (/** @type {any} */ error) => error.code ?? String(error),
            ),
    };
}
