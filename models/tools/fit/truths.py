"""What is known about the tags of a picture, set by set: right, wrong, or nothing.

ImageNet's label is one class: its tag and those above it are right, and every other tag of the classes counts as wrong,
though some are only not the main thing. On pictures of no class (`out_of_vocabulary`) only what its list calls fair is
right, and what it says they are. The general pictures know 26 tags; where one of them is surely absent, so is what lies
below it. On everyday pictures the other tags that were shown have a verdict by eye.
"""

import numpy as np

from fit.arrays import Arrays

RIGHT, WRONG, UNKNOWN = 1, 0, -1
# What the kinds of `out_of_vocabulary` are in our words. Medical pictures and textures are none of them.
TAG_OF_KIND = {"portrait": "person"} | {
    kind: kind for kind in ["document", "screenshot", "map", "drawing", "chart", "sky"]
}
# Kinds of the general pictures on which nothing but the tag (and what its list calls fair) can be right.
KIND_OF_SOURCE = {"charts": "chart", "maps": "map", "pdf": "document", "receipts": "document", "screens": "screenshot"}
# Scenes without people or things, and the categories that are therefore wrong there.
EMPTY_SCENES = {"intel/forest", "intel/glacier", "intel/mountain", "intel/sea", "scene/coast", "scene/opencountry"}
NOT_IN_SCENES = "animal food clothing vehicle furniture household instrument sport tool technology graphics".split()
# Where the absence of the tag says little about what is below: a room is no building but has windows; a poster is no
# document.
SAYS_LITTLE = {"building", "document"}


def of_classes(labels: np.ndarray, tree: Arrays) -> np.ndarray:
    truth = np.full((len(labels), len(tree.ids)), WRONG, np.int8)
    for row, label in zip(truth, labels, strict=True):
        row[list(tree.with_above(tree.tag_of_class[label]))] = RIGHT
    return truth


def fair_tags(pictures: list[dict], tree: Arrays) -> dict[str, set[int]]:
    """By kind of picture without a class, the tags that are no answer but are fair, with those above them."""
    fair: dict[str, set[int]] = {}
    for picture in pictures:
        tags = {other for tag in picture["fair"] for other in tree.with_above(tree.index[tag])}
        fair.setdefault(picture["kind"], set()).update(tags)
    return fair


def of_kinds(kinds: list[str], fair: dict[str, set[int]], tree: Arrays) -> np.ndarray:
    truth = np.full((len(kinds), len(tree.ids)), WRONG, np.int8)
    for row, kind in zip(truth, kinds, strict=True):
        row[list(fair[kind])] = RIGHT
        if kind in TAG_OF_KIND:
            row[list(tree.with_above(tree.index[TAG_OF_KIND[kind]]))] = RIGHT
    return truth


def of_general(y: np.ndarray, tags: list[str], kinds: list[str], fair: dict[str, set[int]], tree: Arrays) -> np.ndarray:
    """`y` has 1 yes, 0 no and anything else for each picture and each of `tags`; `kinds` are the source's kinds of the
    pictures."""
    truth = np.full((len(y), len(tree.ids)), UNKNOWN, np.int8)
    kinds = np.array(kinds)
    categories = [tree.index[tag] for tag in NOT_IN_SCENES]
    truth[np.ix_(np.isin(kinds, list(EMPTY_SCENES)), np.isin(tree.category, categories))] = WRONG
    for source, kind in KIND_OF_SOURCE.items():
        unfair = np.setdiff1d(np.arange(len(tree.ids)), list(fair[kind]))
        truth[np.ix_(kinds == source, unfair)] = WRONG
    know(truth, y, tags, tree)
    return truth


def know(truth: np.ndarray, y: np.ndarray, tags: list[str], tree: Arrays):
    """Puts into `truth` what `y` says of `tags`."""
    drink = set(tree.below(tree.index["drink"])) | {tree.index["drink"]}  # a bottle is no food
    for column, tag in enumerate(tags):
        absent = [] if tag in SAYS_LITTLE else sorted(set(tree.below(tree.index[tag])) - drink)
        truth[np.ix_(y[:, column] == 0, [tree.index[tag], *absent])] = WRONG
    for column, tag in enumerate(tags):
        for other in tree.with_above(tree.index[tag]):
            truth[y[:, column] == 1, other] = RIGHT


def of_everyday(
    y: np.ndarray, tags: list[str], sha256: list[str], verdicts: dict[tuple[str, str], str], tree: Arrays
) -> np.ndarray:
    """By labels and verdicts; what nobody judged is unknown, and so is what is arguable."""
    truth = np.full((len(y), len(tree.ids)), UNKNOWN, np.int8)
    know(truth, y, tags, tree)
    rows = {digest: row for row, digest in enumerate(sha256)}
    said = {kind: [] for kind in "wra"}
    for (digest, tag), verdict in verdicts.items():
        if digest in rows and tag in tree.index:
            said[verdict].append((rows[digest], tree.index[tag]))
    for row, tag in said["w"]:
        truth[row, [tag, *tree.below(tag)]] = WRONG
    for row, tag in said["r"]:
        truth[row, list(tree.with_above(tag))] = RIGHT
    for row, tag in said["a"]:
        truth[row, tag] = UNKNOWN
    return truth
