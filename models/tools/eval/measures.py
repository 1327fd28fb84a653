"""What `eval` computes of tags and truths: pure functions over plain values, tested without pictures
(`test_measures.py`).

A report shows the most specific tags; the parents of each are folded into it and count as shown. So there are two
ways to count: "strict" looks at the shown tags alone, "folded" at them and their parents, each once a picture. On
a picture of which only the class is known, tags of the classes are right if they lie on the way from the label's
tag to the top, and wrong if not; whether a tag of a head or a detector is right ("sky" behind the bird) is not
known, so these are counted apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from convert.tree import Tree

CLASSES = "classes"


def share(part: float, whole: float) -> float | None:
    """None where there is nothing to take a share of: nothing was measured."""
    return part / whole if whole else None


def middle(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def with_parents(tags: Iterable[dict]) -> set[str]:
    """Ids of shown tags and of the parents folded into them."""
    return {one for tag in tags for one in (tag["id"], *tag["parents"])}


def of_classes(tags: Iterable[dict]) -> list[dict]:
    return [tag for tag in tags if tag["from"] == CLASSES]


@dataclass(frozen=True)
class Verdict:
    """The tags of one picture against the tags that are right on it."""

    n_right: int  # shown tags of the classes, strict
    n_wrong: int
    n_right_folded: int  # with their parents, each once
    n_wrong_folded: int
    n_unknown: int  # shown tags of heads and detectors
    has_right: bool  # of whatever source: a right tag is right
    has_right_folded: bool
    has_leaf: bool  # the label's own tag, shown or folded below a still narrower one


def judge(tags: Sequence[dict], label: str, tree: Tree) -> Verdict:
    right = tree.way(label)
    strict = {tag["id"] for tag in of_classes(tags)}
    folded = with_parents(of_classes(tags))
    return Verdict(
        n_right=len(strict & right),
        n_wrong=len(strict - right),
        n_right_folded=len(folded & right),
        n_wrong_folded=len(folded - right),
        n_unknown=len(tags) - len(strict),
        has_right=any(tag["id"] in right for tag in tags),
        has_right_folded=bool(with_parents(tags) & right),
        has_leaf=label in with_parents(tags),
    )


def surest(tags: Sequence[dict]) -> dict | None:
    """The most confident tag; the first of equal ones."""
    return max(tags, key=lambda tag: tag["confidence"], default=None)


def is_top_category_right(tags: Sequence[dict], label: str, tree: Tree) -> bool:
    """Whether the most confident tag of the classes lies in the label's category; nothing is wrong."""
    best = surest(of_classes(tags))
    return best is not None and bool(tree.categories(best["id"]) & tree.categories(label))


def is_in_top(scores: Sequence[float], label: int, n: int) -> bool:
    """Whether fewer than `n` classes come before the label's; of equal scores the lower index comes first."""
    own = scores[label]
    return sum(score > own or (score == own and index < label) for index, score in enumerate(scores)) < n


def average_precision(scores: Sequence[float], truths: Sequence[bool | None]) -> float | None:
    """Area under the steps of precision over recall; unknown truths are left out, pictures of one score enter together.

    None without a single picture that has the tag. A scorer that says the same of all gets the share of pictures that
    have it.
    """
    known = sorted(
        ((score, truth) for score, truth in zip(scores, truths, strict=True) if truth is not None), reverse=True
    )
    n_yes = sum(truth for _, truth in known)
    if not n_yes:
        return None
    area = seen = hits = 0
    while seen < len(known):
        until = seen
        while until < len(known) and known[until][0] == known[seen][0]:
            until += 1
        new = sum(truth for _, truth in known[seen:until])
        hits, seen = hits + new, until
        area += new / n_yes * hits / seen
    return area


@dataclass(frozen=True)
class Bin:
    """Pairs of a picture and a tag whose confidences lie together."""

    n: int
    confidence: float  # mean
    right: float  # share


def bins_of(groups: Iterable[Sequence[tuple[float, bool]]]) -> list[Bin]:
    return [
        Bin(len(pairs), sum(pair[0] for pair in pairs) / len(pairs), sum(pair[1] for pair in pairs) / len(pairs))
        for pairs in groups
        if pairs
    ]


def bins_of_equal_width(pairs: Sequence[tuple[float, bool]], n: int = 15) -> list[Bin]:
    """Bins over [0, 1]; empty ones are left out. `pairs`: confidence, whether the tag was right."""
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(n)]
    for confidence, right in pairs:
        groups[min(int(confidence * n), n - 1)].append((confidence, right))
    return bins_of(groups)


def bins_of_equal_mass(pairs: Sequence[tuple[float, bool]], n: int = 15) -> list[Bin]:
    """Bins of as many pairs each, give or take one."""
    ordered = sorted(pairs, key=lambda pair: pair[0])
    cuts = [len(ordered) * i // n for i in range(n + 1)]
    return bins_of(ordered[low:high] for low, high in pairwise(cuts))


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: the mean distance between what was promised and what was right, weighted by count."""
    return share(sum(one.n * abs(one.confidence - one.right) for one in bins), sum(one.n for one in bins))


def known(ids: Iterable[str], yes: Iterable[str], no: Iterable[str]) -> tuple[set[str], set[str]]:
    """Of `ids`, those known to be right and those known to be wrong."""
    ids = set(ids)
    return ids & set(yes), ids & set(no)
