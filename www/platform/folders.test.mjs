import assert from "node:assert/strict";
import test from "node:test";
import { droppedFiles, findFolderChooser } from "./folders.js";

/** @typedef {{[name: string]: Tree} | string | DOMException} Tree a folder, a file's content, or why it cannot be read */

const refused = new DOMException("no", "NotAllowedError");
const gone = new DOMException("no", "NotFoundError");
/** A folder that breaks off after its first entry is `{"!": error, …}`. @type {Record<string, Tree>} */
const TREE = {
    Trip: {
        "10.jpg": "ten",
        "2.jpg": "two",
        "locked.jpg": refused,
        private: refused,
        half: { "1.jpg": "one", "!": gone },
        empty: {},
        ".git": { "a.jpg": "not entered" },
        "@EADIR": refused,
    },
    ".hidden": { "1.jpg": "one" },
};
const EXPECTED = [
    "Trip/.git/: left out",
    "Trip/@EADIR/: left out",
    "Trip/2.jpg",
    "Trip/10.jpg",
    "Trip/half/: NotFoundError",
    "Trip/half/1.jpg",
    "Trip/locked.jpg: NotAllowedError",
    "Trip/private/: NotAllowedError",
];
const FOLDERS = ["private", "@EADIR"];

/** @param {string} name @param {Tree} tree @returns {any} */
function handle(name, tree) {
    const isFolder = FOLDERS.includes(name) || (typeof tree === "object" && !(tree instanceof DOMException));
    if (!isFolder)
        return {
            name,
            kind: "file",
            getFile: async () => (typeof tree === "string" ? new File([tree], name) : Promise.reject(tree)),
        };
    return {
        name,
        kind: "directory",
        async *values() {
            if (tree instanceof DOMException) throw tree;
            for (const [inside, one] of Object.entries(tree)) {
                if (inside === "!") throw one;
                yield handle(inside, one);
            }
        },
    };
}

/** @param {string} name @param {Tree} tree @returns {any} */
function entry(name, tree) {
    const { kind, getFile, values } = handle(name, tree);
    if (kind === "file")
        return {
            name,
            isDirectory: false,
            file: (/** @type {any} */ resolve, /** @type {any} */ reject) => void getFile().then(resolve, reject),
        };
    return {
        name,
        isDirectory: true,
        createReader() {
            const all = values();
            return {
                readEntries: (/** @type {any} */ resolve, /** @type {any} */ reject) =>
                    void all
                        .next()
                        .then(
                            (/** @type {any} */ { done, value }) =>
                                resolve(done ? [] : [entry(value.name, /** @type {any} */ (nameIn(tree, value.name)))]),
                            reject,
                        ),
            };
        },
    };
}

/** @param {Tree} tree @param {string} name */
const nameIn = (tree, name) => /** @type {Record<string, Tree>} */ (tree)[name];

/** @param {AsyncIterable<import("./platform.d.ts").Found[]>} chunks */
async function listed(chunks) {
    const all = [];
    for await (const chunk of chunks)
        all.push(
            ...chunk.map((one) =>
                "file" in one ? one.path : `${one.path}: ${"error" in one ? one.error : "left out"}`,
            ),
        );
    return all;
}

test("a dropped folder comes in the order people count, with what could not be read in its place", async () => {
    const items = [{ webkitGetAsEntry: () => entry("Trip", TREE["Trip"] ?? {}), getAsFile: () => null }];
    assert.deepEqual(await listed(droppedFiles(/** @type {any} */ ({ items }))), EXPECTED);
});

test("a chosen folder comes in as a dropped one does", async (context) => {
    const choose = async () => handle("Trip", TREE["Trip"] ?? {});
    Object.assign(globalThis, { showDirectoryPicker: choose });
    context.after(() => void Reflect.deleteProperty(globalThis, "showDirectoryPicker"));
    assert.deepEqual(await listed(findFolderChooser()?.() ?? assert.fail("There is a chooser.")), EXPECTED);
});

test("a hidden folder that is dropped itself is taken", async () => {
    const items = [{ webkitGetAsEntry: () => entry(".hidden", TREE[".hidden"] ?? {}), getAsFile: () => null }];
    assert.deepEqual(await listed(droppedFiles(/** @type {any} */ ({ items }))), [".hidden/1.jpg"]);
});

test("a folder of many files comes in chunks, and text that is dropped along is no file", async () => {
    const many = Object.fromEntries(Array.from({ length: 450 }, (_, idx) => [`${idx}.jpg`, "x"]));
    const items = [
        { webkitGetAsEntry: () => entry("Many", many), getAsFile: () => null },
        { webkitGetAsEntry: () => null, getAsFile: () => null },
    ];
    const sizes = [];
    for await (const chunk of droppedFiles(/** @type {any} */ ({ items }))) sizes.push(chunk.length);
    assert.deepEqual(sizes, [200, 200, 50]);
});
