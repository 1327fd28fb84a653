"""The tree of tags as arrays, for arithmetic on many pictures at once."""

from dataclasses import dataclass

import numpy as np

from convert import vocabulary
from convert.tree import Tree


@dataclass
class Arrays:
    """Tags by number, in the order of `tags/tree.csv`."""

    ids: list[str]
    index: dict[str, int]
    above: list[list[int]]  # the ancestors of each, nearest first
    category: np.ndarray
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


def of(tree: Tree) -> Arrays:
    index = {tag: number for number, tag in enumerate(tree.ids)}
    above = [[index[other] for other in tree.ancestors[tag]] for tag in tree.ids]
    tag_of_class = np.array([index[tag] for tag in tree.classes])
    feeds = np.zeros((len(tree.classes), len(tree.ids)))
    for one, tag in enumerate(tag_of_class):
        feeds[one, [tag, *above[tag]]] = 1
    has_below = np.array([not tree.is_leaf(tag) for tag in tree.ids])
    category = np.array([index[tree.category(tag)] for tag in tree.ids])
    return Arrays(tree.ids, index, above, category, has_below, feeds, tag_of_class)


def bundled() -> Arrays:
    """Of the tree in `tags`."""
    return of(Tree.parse(vocabulary.make()))
