/** Backups that nobody's program writes, made of one that is sound: what a stranger may hand to a person. */

const PAGE_SIZE = 8192;
const N_CHILDREN = 1000;

/** A page of a tree that has a page as its child again and again. @param {Buffer} page @param {number} at where its head is @param {number} child @param {number} n */
function writeBranch(page, at, child, n) {
    page.fill(0, at);
    page[at] = 5;
    page.writeUInt16BE(n, at + 3);
    page.writeUInt32BE(child, at + 8);
    for (let idx = 0; idx < n; idx++) {
        const cell = PAGE_SIZE - 5 * (idx + 1);
        page.writeUInt32BE(child, cell);
        page[cell + 4] = 1;
        page.writeUInt16BE(cell, at + 12 + 2 * idx);
    }
    page.writeUInt16BE(PAGE_SIZE - 5 * n, at + 5);
}

/** Four pages more, and its list of tables has 10⁹ times as many. @param {Buffer} sound */
export function withSharedPages(sound) {
    const nPages = sound.length / PAGE_SIZE;
    const leaf = sound.readUInt32BE(108); // the last page of the list
    const hostile = Buffer.concat([sound, Buffer.alloc(3 * PAGE_SIZE)]);
    for (const idx of [0, 1, 2]) {
        const page = hostile.subarray((nPages + idx) * PAGE_SIZE, (nPages + idx + 1) * PAGE_SIZE);
        writeBranch(page, 0, idx === 2 ? leaf : nPages + idx + 2, N_CHILDREN);
    }
    writeBranch(hostile.subarray(0, PAGE_SIZE), 100, nPages + 1, 1);
    hostile.writeUInt32BE(nPages + 3, 28);
    return hostile;
}

/** The page is its own child. @param {Buffer} sound */
export function withCircle(sound) {
    const hostile = Buffer.from(sound);
    writeBranch(hostile.subarray(0, PAGE_SIZE), 100, 1, 10);
    return hostile;
}

/** The head claims more pages than any disk has. @param {Buffer} sound */
export function withClaimedPages(sound) {
    const hostile = Buffer.from(sound);
    hostile.writeUInt32BE(0xffff_fffe, 28);
    return hostile;
}
