import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { CodedError } from "../../core/protocol.js";
import * as state from "../state.js";
import { createOnScreen } from "./on_screen.js";
import { createPictures } from "./pictures.js";
import { found, standInContext, tagged, until } from "./stand_in.mjs";
import { createSecondLooks } from "./second_looks.js";
import { createTagging } from "./tagging.js";
import { createUndo } from "./undo.js";

/** `asked` holds what the workers were asked for and have not answered. @param {{workers?: number}} [options] */
async function make({ workers = 1 } = {}) {
    /** @type {{what: string, answer: () => void, fail: (code: string) => void}[]} */
    const asked = [];
    /** @param {"tag" | "preview"} call @param {() => any} answer */
    const ask =
        (call, answer) =>
        (/** @type {{file: Blob}} */ { file }) =>
            new Promise((resolve, reject) => {
                const what = `${call} ${/** @type {File} */ (file).name}`;
                asked.push({
                    what,
                    answer: () => resolve(answer()),
                    fail: (code) => reject(new CodedError(code, "")),
                });
            });
    const standIn = await standInContext(
        { tag: ask("tag", tagged), preview: ask("preview", () => new Blob(["look"])) },
        {},
        workers,
    );
    const looks = createSecondLooks(standIn.context);
    const tagging = createTagging(standIn.context, looks);
    const pictures = createPictures(standIn.context, tagging, looks, createUndo(standIn.context.library));
    const onScreen = createOnScreen(standIn.context, { fileOf: async () => null });
    const next = async () => {
        await until(() => asked.length > 0);
        return /** @type {(typeof asked)[0]} */ (asked.shift());
    };
    /** Answers so many; what they were. @param {number} n */
    const answer = async (n) => {
        const order = [];
        for (let i = 0; i < n; i++) {
            const one = await next();
            order.push(one.what);
            one.answer();
        }
        return order;
    };
    /** @param {...number} idxs */
    const look = (...idxs) => {
        const ids = idxs.map((idx) => state.orderedIds.value[idx] ?? 0);
        onScreen.watchTags(ids, ids, null);
    };
    return { ...pictures, ...tagging, ...standIn, ...onScreen, asked, next, answer, look };
}

/** @param {number} idx */
const picture = (idx) => state.pictureOf(state.orderedIds.value[idx] ?? 0);

test("the first picture is tagged at once; then what waits on screen shows what it is, and is tagged before the rest", async () => {
    const { addPictures, look, answer } = await make();
    addPictures(found("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"));
    look(0, 3, 4);
    assert.deepEqual(await answer(5), ["tag a.jpg", "preview d.jpg", "preview e.jpg", "tag d.jpg", "tag e.jpg"]);
    assert.ok(picture(4)?.thumbnail);
    assert.deepEqual([picture(1)?.thumbnail, await answer(2)], [undefined, ["tag b.jpg", "tag c.jpg"]]);
});

test("no preview of what is handed out at once, nor another one of what has a thumbnail", async () => {
    const { addPictures, look, next, answer, asked } = await make();
    addPictures(found("a.jpg", "b.jpg"));
    look(0, 1);
    assert.deepEqual(await answer(2), ["tag a.jpg", "tag b.jpg"]);
    await until(() => !state.isRunning.value);
    addPictures(found("c.jpg", "d.jpg", "e.jpg"));
    look(0, 1, 3);
    const first = await next();
    first.answer();
    assert.deepEqual([first.what, await answer(1)], ["tag c.jpg", ["preview d.jpg"]]);
    look(0, 1);
    look(0, 1, 3);
    assert.deepEqual(await answer(2), ["tag d.jpg", "tag e.jpg"]);
    assert.equal(asked.length, 0);
});

test("what is scrolled away before its turn is not looked at, and is when it comes back", async () => {
    const { addPictures, look, next, answer } = await make();
    addPictures(found("a.jpg", "b.jpg", "c.jpg", "d.jpg"));
    look(0, 1, 2);
    const first = await next();
    look(2);
    first.answer();
    assert.deepEqual(await answer(1), ["preview c.jpg"]);
    const tagging = await next();
    look(1, 2);
    tagging.answer();
    assert.deepEqual([tagging.what, await answer(2)], ["tag c.jpg", ["preview b.jpg", "tag b.jpg"]]);
    assert.deepEqual(await answer(1), ["tag d.jpg"]);
});

test("a preview that fails says nothing and is not tried again, and the picture is tagged all the same", async () => {
    const { addPictures, look, next, answer } = await make();
    addPictures(found("a.jpg", "b.jpg", "c.jpg"));
    look(0, 1);
    const first = await next();
    first.answer();
    (await next()).fail("picture_damaged");
    assert.deepEqual(await answer(2), ["tag b.jpg", "tag c.jpg"]);
    await until(() => !state.isRunning.value);
    assert.deepEqual([state.counts.value.done, state.problem.value, picture(1)?.state], [3, null, "done"]);
});

test("cancelled, what is on screen shows what it is all the same, without being tagged", async () => {
    const { addPictures, cancel, look, next, answer } = await make();
    addPictures(found("a.jpg", "b.jpg", "c.jpg"));
    look(0, 1);
    const first = await next();
    cancel();
    first.answer();
    assert.deepEqual(await answer(1), ["preview b.jpg"]);
    await until(() => picture(1)?.thumbnail !== undefined);
    assert.deepEqual([picture(1)?.state, picture(2)?.state], ["stopped", "stopped"]);
});

test("a preview that comes when the picture has its tags is dropped", async () => {
    const { addPictures, look, next, answer } = await make({ workers: 2 });
    addPictures(found("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"));
    look(0, 1, 2);
    assert.deepEqual(await answer(1), ["tag a.jpg"]);
    const [late, other] = [await next(), await next()];
    assert.deepEqual([late.what, other.what], ["preview b.jpg", "preview c.jpg"]);
    other.answer();
    assert.deepEqual(await answer(1), ["tag b.jpg"]);
    await until(() => picture(1)?.state === "done");
    const thumbnail = picture(1)?.thumbnail;
    late.answer();
    assert.deepEqual(await answer(1), ["tag c.jpg"]);
    await until(() => picture(2)?.state === "done");
    assert.equal(picture(1)?.thumbnail, thumbnail);
});

test("a preview of a picture that is gone meanwhile leaves nothing behind", async () => {
    const urls = mock.method(URL, "createObjectURL");
    const { addPictures, look, removePictures, next, answer } = await make();
    addPictures(found("a.jpg", "b.jpg", "c.jpg"));
    look(1);
    assert.deepEqual(await answer(1), ["tag a.jpg"]);
    const late = await next();
    assert.equal(late.what, "preview b.jpg");
    removePictures([state.orderedIds.value[1] ?? 0]);
    late.answer();
    assert.deepEqual(await answer(1), ["tag c.jpg"]);
    await until(() => !state.isRunning.value);
    assert.equal(urls.mock.callCount(), 2, "those of the two that were tagged");
});
