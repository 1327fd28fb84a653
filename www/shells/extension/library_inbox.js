/**
 * Takes pictures that were added from web pages into the library, with the tags that were called wrong. What the library has already gets
 * only these, as corrections like any other: the newest holds, and each can be undone.
 * @import { InboxPicture } from "./inbox.js"
 */
import { actions } from "../../app/actions.js";
import { fileNameOf } from "./file_name.js";
import { INBOX_CHANNEL, readInbox, takeFromInbox } from "./inbox.js";

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
    for (const [entry, picture] of await readInbox())
        try {
            await takeIn(picture);
            await takeFromInbox(entry); // only now: what is there twice is known by its content
        } catch (error) {
            console.error(error); // those behind it are taken nevertheless, and it the next time
        }
}

/** @param {InboxPicture} picture */
async function takeIn({ path, blob, rejected, leftOpen = [] }) {
    // Firefox cannot read it any more once it is gone from the inbox.
    const file = new File([await blob.arrayBuffer()], fileNameOf(path), { type: blob.type });
    await actions.addFiles([{ file, path }]);
    await actions.whenAdded();
    const id = actions.idOf(file);
    if (id === 0) return; // it is no picture, and the list of what was left out says so
    await actions.openPart("work", (work) => {
        for (const tag of rejected) work.rejectTag(tag, [id]);
        for (const tag of leftOpen) work.resetTag(tag, [id]);
    });
}
