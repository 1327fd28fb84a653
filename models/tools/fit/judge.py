"""How much of what is shown is right, and how well confidences keep their promise."""

from dataclasses import dataclass

import numpy as np

from fit import reliability, truths
from fit.arrays import Arrays
from fit.curve import LEAST_SCORE, Confidences, Relations, Set
from fit.general_head import HEARS_CLASSES

BINS = 10


@dataclass
class Judged:
    """What is shown of one set, and how much of it is right."""

    pictures: int
    shown: int
    precision: float
    precision_with_folded: float
    any_right: float
    any_right_with_folded: float
    right_leaf: float
    none_shown: float
    wrong_leaf: float  # pictures with one
    wrong: float  # pictures with any wrong tag
    unspoken: int  # tags of the head that the label says nothing of: not counted


def judge(
    shown: list[list[int]],
    found: Confidences,
    truth: np.ndarray,
    leaves: list[int],
    relations: Relations,
    bars: list[float],
) -> Judged:
    """`leaves` are the tags of the labels, -1 without. A tag that only the head speaks for counts where it is right;
    elsewhere the label of a thing says nothing of it (a person in a gown), but of animals, food and fruit it does."""
    tree, hears = relations.tree, {relations.tree.index[tag] for tag in HEARS_CLASSES}
    n = right = n_folded = right_folded = unspoken = 0
    shares = np.zeros(6)
    for i, tags in enumerate(shown):
        known = [tag for tag in tags if truth[i, tag] == truths.RIGHT or tag in hears or found.own[i, tag] >= bars[i]]
        known = [tag for tag in known if truth[i, tag] != truths.UNKNOWN]
        unspoken += len(tags) - len(known)
        all_ = {tag for one in known for tag in tree.with_above(one) if truth[i, tag] != truths.UNKNOWN}
        good, good_all = [[tag for tag in some if truth[i, tag] == truths.RIGHT] for some in (known, all_)]
        bad = [tag for tag in known if tag not in good]
        n, right, n_folded, right_folded = (
            n + len(known),
            right + len(good),
            n_folded + len(all_),
            right_folded + len(good_all),
        )
        wrong_leaf = any(not tree.has_below[tag] for tag in bad)
        shares += [bool(good), bool(good_all), leaves[i] in tags, not tags, wrong_leaf, bool(bad)]
    shares /= len(shown)
    return Judged(len(shown), n, right / max(n, 1), right_folded / max(n_folded, 1), *map(float, shares), unspoken)


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error, in bins of equal width."""
    return sum(
        one["share"] * abs(one["confidence"] - one["right"]) for one in reliability.bins(confidence, right, BINS)
    )


def pairs(found: np.ndarray, one: Set, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Confidence and truth of the pairs of a picture and one of the `chosen` tags."""
    m = (one.scores > LEAST_SCORE) & chosen & (one.truth != truths.UNKNOWN)
    return found[m], (one.truth[m] == truths.RIGHT).astype(float)


def top_categories(confidence: np.ndarray, tree: Arrays) -> np.ndarray:
    roots = np.unique(tree.category)
    return roots[confidence[:, roots].argmax(axis=1)]
