import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { ownTaggers } from "../own_state.js";
import { trainingOffer } from "../own_view_state.js";
import { collection } from "../state.js";
import { createOwnOffers, saidIn } from "./own_offers.js";

const HASHES = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const hex = (/** @type {number} */ byte) => `0${byte}`.repeat(32);
const [HAT, BAG] = [
    { id: "own:hat", name: "Hat" },
    { id: "own:bag", name: "Bag" },
];
/** Three pictures: a hat; a hat and a bag; a bag, and no hat. */
const SET = /** @type {any} */ ({
    tags: [HAT, BAG],
    ids: Uint32Array.of(0, 1, 2),
    sha256s: Uint8Array.from(HASHES.flatMap((hash) => [...hash])),
    ...{ n_given: Uint16Array.of(1, 2, 1), given: Uint16Array.of(0, 0, 1, 1) },
    ...{ n_rejected: Uint16Array.of(0, 0, 1), rejected: Uint16Array.of(0) },
});

/** @param {{isHere?: boolean, isRemoved?: boolean}} [how] whether the tagger is here, with examples of its own */
function world({ isHere = false, isRemoved = false } = {}) {
    /** @type {[string, any][]} */
    const asked = [];
    const tagger = { id: "shoes-1", name: "Shoes", settings: { collections: [3] } };
    const isThere = () => isHere || (!isRemoved && asked.some(([name]) => name === "make_own_tagger"));
    const call = async (/** @type {string} */ name, /** @type {any} */ params) => {
        asked.push([name, params]);
        if (name === "own_taggers") return isThere() ? [tagger] : [];
        if (name === "files_of_hashes") return { files: Uint32Array.of(20, 30), places: Uint32Array.of(1, 2) };
        return null;
    };
    const did = (/** @type {string} */ name) =>
        mock.fn(async (/** @type {any[]} */ ...params) => void asked.push([name, params]));
    const actions = {
        ...{
            changeTrainingSet: did("change"),
            showTagger: did("show"),
            train: did("train"),
            takeOver: did("take over"),
        },
        putBackTagger: mock.fn(async () => {
            asked.push(["put back", null]);
            isRemoved = false;
        }),
        refreshOwnTaggers: async () => void (ownTaggers.value = /** @type {any} */ (isThere() ? [tagger] : [])),
    };
    const readSet = async () => ({ set: { examples: [{ file: 30 }, { file: 40 }] } });
    const library = { call, collection: 9 };
    const offers = createOwnOffers(
        /** @type {any} */ ({ library }),
        /** @type {any} */ ({ readSet }),
        /** @type {any} */ (actions),
    );
    return { ...offers, asked, library, names: () => asked.map(([name]) => name) };
}

beforeEach(() => {
    trainingOffer.value = null;
    ownTaggers.value = [];
    collection.value = /** @type {any} */ ({ id: 9 });
});

test("what a set says of each of its pictures is read by their contents", () => {
    assert.deepEqual(saidIn(SET), [
        { sha256: hex(1), given: [HAT], rejected: [] },
        { sha256: hex(2), given: [HAT, BAG], rejected: [] },
        { sha256: hex(3), given: [BAG], rejected: [HAT] },
    ]);
});

test("pictures that are here count once, whether the file or the tagger knows them, and get their tags before it trains", async () => {
    const { asked, names, offerTraining, takeOffer } = world({ isHere: true });
    await offerTraining("shoes-1", { name: "Shoes" }, SET);
    assert.deepEqual(trainingOffer.value, { tagger: "shoes-1", name: "Shoes", nHere: 3, nOfFile: 3 });
    assert.deepEqual(asked.find(([name]) => name === "files_of_hashes")?.[1], {
        hashes: [1, 2, 3].map(hex),
        collection: 9,
    });
    await takeOffer();
    assert.deepEqual(names().slice(-3), ["show", "take over", "train"]);
    const [name, said] = asked.at(-2)?.[1] ?? [];
    assert.deepEqual(
        [name, said.get(20), said.get(30)],
        ["Shoes", { given: [HAT, BAG], rejected: [] }, { given: [BAG], rejected: [HAT] }],
    );
    assert.deepEqual(asked.find(([one]) => one === "change")?.[1], ["shoes-1", { collections: [3, 9] }]);
    assert.equal(trainingOffer.value, null);
});

test("a tagger that is not here is made for what is dropped, and one that was removed comes back", async () => {
    for (const isRemoved of [false, true]) {
        const { asked, dropForOffer, names, offerTraining } = world({ isRemoved });
        await offerTraining("shoes-1", { name: "Shoes" }, null);
        assert.deepEqual([trainingOffer.value?.nHere, trainingOffer.value?.nOfFile], [0, 0]);
        await dropForOffer();
        const made = asked.find(([name]) => name === "make_own_tagger")?.[1];
        assert.deepEqual([made.id, made.name, made.settings.collections], ["shoes-1", "Shoes", [9]]);
        assert.equal(names().includes("put back"), isRemoved);
        assert.deepEqual([names().at(-1), names().includes("train")], ["show", false]);
    }
});

test("an offer is of the pictures of its collection: in another one it is gone, and nothing is trained", async () => {
    const { library, names, offerTraining, takeOffer } = world({ isHere: true });
    await offerTraining("shoes-1", { name: "Shoes" }, SET);
    library.collection = 10;
    await takeOffer();
    assert.equal(trainingOffer.value, null);
    assert.ok(!names().includes("take over") && !names().includes("train"));
});
