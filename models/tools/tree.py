"""The tree of tags as arrays, for arithmetic on many pictures at once."""

from dataclasses import dataclass

import numpy as np

import vocabulary


@dataclass
class Tree:
    """Tags by number, in the order of `tags/tree.csv`."""

    ids: list[str]
    index: dict[str, int]
    above: list[list[int]]  # the ancestors of each, nearest first
    first_parent: list[int]  # -1 for a category
    category: list[int]
    has_below: np.ndarray
    feeds: np.ndarray  # classes x tags: 1 where the class feeds the tag or one below it
    tag_of_class: np.ndarray

    def with_above(self, tag: int) -> set[int]:
        return {tag, *self.above[tag]}

    def below(self, tag: int) -> list[int]:
        return [other for other, above in enumerate(self.above) if tag in above]

    def raise_parents(self, confidence: np.ndarray) -> np.ndarray:
        """A parent is at least as certain as what is below it."""
        raised = confidence.copy()
        for tag, above in enumerate(self.above):
            for other in above:
                raised[:, other] = np.maximum(raised[:, other], confidence[:, tag])
        return raised


def of(tags: list[dict]) -> Tree:
    """The arrays of what `vocabulary.read_tree` gives."""
    ids = [tag["id"] for tag in tags]
    index = {tag: number for number, tag in enumerate(ids)}
    parents = {tag["id"]: tag["parents"] for tag in tags}
    above = [[index[other] for other in vocabulary.ancestors(tag, parents)] for tag in ids]
    has_below = np.zeros(len(ids), bool)
    n_classes = 1 + max(number for tag in tags for number in tag["classes"])
    feeds, tag_of_class = np.zeros((n_classes, len(ids))), np.zeros(n_classes, int)
    for number, tag in enumerate(tags):
        has_below[above[number]] = True
        for one in tag["classes"]:
            tag_of_class[one] = number
            feeds[one, [number, *above[number]]] = 1
    first_parent = [index[parents[tag][0]] if parents[tag] else -1 for tag in ids]
    category = [index[vocabulary.category(tag, parents)] for tag in ids]
    return Tree(ids, index, above, first_parent, category, has_below, feeds, tag_of_class)
