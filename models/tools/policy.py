"""Which tags of a picture are shown, as the product does it (`Selector::shown`): the measuring stick of `calibrate.py`.

A tag is shown from the threshold on. One with tags below it that only the classes speak for has to clear `parents` as well: beside
others, "household" at 0.6 says little and is often wrong. What is above a shown tag is folded into it. Where nothing is left, the surest
branch that clears the threshold is shown by its most specific tag.
"""

import numpy as np

from tree import Tree

EVEN = 0.5  # a tag less likely than this does not stand beside another of its kind: the kind is shown, or the other alone


def fold(tags: list[int], tree: Tree) -> list[int]:
    """Without those that are above another one."""
    above = {other for tag in tags for other in tree.above[tag]}
    return [tag for tag in tags if tag not in above]


def kind_of_both(one: int, other: int, tree: Tree) -> int | None:
    """The nearest tag above both that is no category: two dogs are of a kind, two animals are not."""
    return next((above for above in tree.above[one] if tree.above[above] and above in tree.above[other]), None)


def rivals(tags: list[int], clear: list[int], confidence: np.ndarray, tree: Tree) -> tuple[int, int, int] | None:
    """Two tags, the surest first, and their kind, which clears the threshold too; the second is less likely than not."""
    for second in range(1, len(tags)):
        for first in range(second):
            kind = kind_of_both(tags[first], tags[second], tree)
            if confidence[tags[second]] < EVEN and kind in clear:
                return first, second, kind
    return None


def settle(tags: list[int], clear: list[int], confidence: np.ndarray, tree: Tree) -> list[int]:
    """Where two of a kind compete: a likely one stays alone; where both are less likely than not, their kind takes their place."""
    tags = list(tags)
    while found := rivals(tags, clear, confidence, tree):
        first, second, kind = found
        if confidence[tags[first]] >= EVEN:
            del tags[second]
        else:
            tags = surest_first([tag for tag in tags if kind not in tree.above[tag]] + [kind], confidence)
    return tags


def surest_first(tags: list[int], confidence: np.ndarray) -> list[int]:
    return sorted(tags, key=lambda tag: (-confidence[tag], tag))


def shown(confidence: np.ndarray, own: np.ndarray, tree: Tree, threshold: float, parents: float, most: int = 8) -> list[int]:
    """The shown tags of one picture, the surest first. `own` is what the classes say, `confidence` the higher of that and the heads'."""
    clear = surest_first([int(tag) for tag in np.flatnonzero(confidence >= threshold)], confidence)
    wanted = [tag for tag in clear if not tree.has_below[tag] or confidence[tag] > own[tag] or own[tag] >= parents]
    found = settle(fold(wanted, tree), clear, confidence, tree) or fold(clear, tree)[:1]
    return found[:most]
