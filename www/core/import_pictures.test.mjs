import assert from "node:assert/strict";
import test from "node:test";
import { openForeignSet, saysTags } from "./import_pictures.js";

/** @param {string} path */
const found = (path) => ({ path, file: new File([path], path.split("/").at(-1) ?? "") });

/** A trainer that says this of what it is given. @param {string[]} paths @param {{entry: number, tags: number[]}[]} pictures */
function trainerOf(paths, pictures) {
    /** @type {[string, any][]} */
    const asked = [];
    const plan = {
        name: "Set",
        source: "folders",
        sources: [],
        tags: [{ name: "hat" }, { name: "shoe" }],
        pictures,
        left_out: [],
    };
    const answers = /** @type {Record<string, (params: any) => unknown>} */ ({
        plan_set: () => ({ plan, paths }),
        read_set: ({ entry }) => new TextEncoder().encode(`content ${entry}`).buffer,
        close_set: () => null,
    });
    const call = async (/** @type {string} */ name, /** @type {unknown} */ params) => {
        asked.push([name, params]);
        return answers[name]?.(params);
    };
    return { trainer: /** @type {any} */ ({ call }), asked };
}

test("pictures of an archive are unpacked when it is their turn, and are files with names and types", async () => {
    const { trainer, asked } = trainerOf(
        ["list.csv", "a\\b.PNG", "c"],
        [
            { entry: 1, tags: [0, 1] },
            { entry: 2, tags: [] },
        ],
    );
    const set = await openForeignSet(trainer, [found("Set.zip")]);
    assert.deepEqual([asked[0]?.[1].archive.name, asked[0]?.[1].files], ["Set.zip", []]);
    const all = set.pictures();
    const first = (await all.next()).value;
    assert.equal(asked.length, 2, "one was read");
    assert.deepEqual(first?.tags, ["hat", "shoe"]);
    const { file, path } = first?.found ?? assert.fail();
    assert.deepEqual(
        [file.name, file.type, path, await file.text()],
        ["b.PNG", "image/png", "Set/a/b.PNG", "content 1"],
    );
    const second = (await all.next()).value;
    assert.deepEqual([second?.found.path, second?.found.file.type, second?.tags], ["Set/c", "", []]);
    assert.ok((await all.next()).done);
    await set.close();
    assert.equal(asked.at(-1)?.[0], "close_set");
});

test("files of a folder stay what they are", async () => {
    const files = [found("set/a.jpg"), found("set/list.csv")];
    const { trainer, asked } = trainerOf([], [{ entry: 0, tags: [1] }]);
    const set = await openForeignSet(trainer, files, "table");
    assert.deepEqual([asked[0]?.[1].name, asked[0]?.[1].archive, asked[0]?.[1].source], ["set", null, "table"]);
    for await (const { found, tags } of set.pictures()) assert.deepEqual([found, tags], [files[0], ["shoe"]]);
    assert.equal(asked.length, 1, "nothing was read");
});

test("what says tags besides folders is known by its name", () => {
    assert.ok(saysTags([found("a.jpg"), found("set/List.CSV")]) && saysTags([found("a.jpg.xmp")]));
    assert.ok(!saysTags([found("a/b.jpg"), found("notes.txt")]));
});
