/**
 * The files that a card names besides its model and vocabulary: by path from its folder, and by the names under which they lie in a build.
 */

/** What the first tags need: heads, and detectors of the first look. @param {Uint8Array | undefined} card */
export function companionPaths(card) {
    const { heads = [], detectors = [] } = parsed(card);
    return [...heads.map(({ id }) => `heads/${id}.json`), ...detectors.flatMap(detectorPaths)];
}

/** What the second look needs; fetched after the first tags. @param {Uint8Array | undefined} card */
export function objectPaths(card) {
    const { second_look: secondLook } = parsed(card);
    return secondLook ? detectorPaths(secondLook.detector) : [];
}

/** Files of a build lie in one folder. @param {string} path */
export const companionName = (path) => path.split("/").slice(-2).join("-");

/** @param {string[]} paths @param {Record<string, string>} names that a build gave, by the plain one */
export const namesByPath = (paths, names) =>
    Object.fromEntries(paths.map((path) => [path, names[companionName(path)]]));

/** @param {{id: string}} detector */
const detectorPaths = ({ id }) => [`../${id}/model.json`, `../${id}/model.onnx`];

/**
 * @param {Uint8Array | undefined} card
 * @returns {{heads?: {id: string}[], detectors?: {id: string}[], second_look?: {detector: {id: string}}}}
 */
const parsed = (card) => JSON.parse(new TextDecoder().decode(card));
