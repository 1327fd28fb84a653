/**
 * Pictures of a training set of another program, one after the other: those of an archive become files only when it is their turn.
 * @import { ImportPlan, TagSource } from "./train_api.d.ts"
 * @import { Trainer } from "./trainer.js"
 *
 * A file that was chosen or dropped, and the path it is known by.
 * @template {{file: File, path: string}} Found
 * @typedef {{found: Found | {file: File, path: string}, tags: string[]}} TaggedFile
 */

/** Archives, by their names. */
const ARCHIVE = /\.(zip|tm)$/i;
/** Files beside pictures that say which tags they have. */
const LIST = /\.(csv|tsv|json|xmp)$/i;

/** Types of pictures in archives, by their endings: the browser asks for one where a picture is shown. */
const TYPES = new Map([
    ...["jpg", "jpeg", "jpe", "jfif"].map((ending) => /** @type {const} */ ([ending, "image/jpeg"])),
    ...["png", "gif", "webp", "bmp", "avif"].map((ending) => /** @type {const} */ ([ending, `image/${ending}`])),
]);

/** @param {{name: string}} file */
export const isArchive = ({ name }) => ARCHIVE.test(name);

/** Whether something among these files says which tags pictures have, besides their folders. @param {readonly {file: File}[]} found */
export const saysTags = (found) => found.some(({ file }) => LIST.test(file.name));

/**
 * What is in an archive, or among files of a folder. It is open until `close`.
 * @template {{file: File, path: string}} Found
 * @param {Pick<Trainer, "call">} trainer @param {readonly Found[]} found an archive alone, or files @param {TagSource | null} [source]
 * @returns {Promise<{plan: ImportPlan, pictures: () => AsyncGenerator<TaggedFile<Found>>, close: () => Promise<unknown>}>}
 */
export async function openForeignSet(trainer, found, source = null) {
    const [first] = found;
    const archive = found.length === 1 && first && isArchive(first.file) ? first.file : null;
    const files = archive ? [] : found;
    const name = archive ? archive.name : (first?.path.split("/").at(-2) ?? first?.path ?? "");
    const { plan, paths } = await trainer.call("plan_set", {
        ...{ name, archive, source },
        files: files.map(({ file, path }) => ({ file, path })),
    });
    const words = plan.tags.map((tag) => tag.name);
    async function* pictures() {
        for (const { entry, tags } of plan.pictures) {
            const named = tags.map((tag) => words[tag] ?? "");
            const here = files[entry];
            yield { found: here ?? (await unpacked(entry)), tags: named };
        }
    }
    /** @param {number} entry */
    async function unpacked(entry) {
        const path = (paths[entry] ?? "").replaceAll("\\", "/");
        const fileName = path.split("/").at(-1) ?? "";
        const type = TYPES.get(fileName.split(".").at(-1)?.toLowerCase() ?? "") ?? "";
        const bytes = await trainer.call("read_set", { entry });
        return { file: new File([bytes], fileName, { type }), path: `${plan.name}/${path}` };
    }
    return { plan, pictures, close: () => trainer.call("close_set", {}) };
}
