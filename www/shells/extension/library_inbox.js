/**
 * Takes pictures that were added from web pages into the library, with the tags that were called wrong.
 * @import { InboxPicture } from "./inbox.js"
 */
import { actions } from "../../app/actions.js";
import * as state from "../../app/state.js";
import { INBOX_CHANNEL, emptyInbox } from "./inbox.js";

/** One at a time: a picture is taken once. */
let taking = Promise.resolve();

export function followInbox() {
    const channel = new BroadcastChannel(INBOX_CHANNEL);
    const take = () => {
        taking = taking.then(takeAll).catch((error) => console.error(error));
    };
    channel.onmessage = take;
    take();
}

async function takeAll() {
    for (const picture of await emptyInbox()) await takeIn(picture);
}

/** @param {InboxPicture} picture */
async function takeIn({ path, blob, rejected }) {
    const file = new File([blob], nameOf(path), { type: blob.type });
    await actions.addFiles([{ file, path }]);
    const id = [...state.pictures.values()].find((one) => one.value.file === file)?.value.id;
    if (id === undefined) return;
    await actions.openPart("work", (work) => {
        for (const tag of rejected) work.rejectTag(tag, [id]);
    });
}

/** @param {string} path */
const nameOf = (path) => decodeURIComponent(path.split(/[?#]/)[0]?.split("/").pop() ?? "") || "picture";
