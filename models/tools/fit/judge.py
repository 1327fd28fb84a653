"""How much of what is shown is right, and how well confidences keep their promise."""

from dataclasses import dataclass

import numpy as np

from fit import reliability, truths
from fit.arrays import Arrays
from fit.curve import LEAST_SCORE, Confidences, Relations, Set
from fit.general_head import HEARS_CLASSES

BINS = 10
LEAST_SHOWN = 10
LEAST_DRAWN = 0.2


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


def everyday(shown: list[list[int]], truth: np.ndarray, relations: Relations) -> dict[str, float]:
    """Of pictures of which tags are known one by one: what is right of all that is shown and judged, of the head's
    tags, and of the classes'; how much of it is judged, and of the head's tags how much is found and the worst
    precision of a tag shown `LEAST_SHOWN` times. What is found, and right tags a picture, count folded parents."""
    columns = np.array(relations.tags)
    is_shown = np.zeros(truth.shape, bool)
    for row, tags in zip(is_shown, shown, strict=True):
        row[tags] = True
    with_folded = is_shown.copy()
    for row, tags in zip(with_folded, shown, strict=True):
        row[[other for tag in tags for other in relations.tree.above[tag]]] = True
    right, wrong = is_shown & (truth == truths.RIGHT), is_shown & (truth == truths.WRONG)
    n_right, n_wrong = right[:, columns].sum(axis=0), wrong[:, columns].sum(axis=0)
    judged = n_right + n_wrong
    often = judged >= LEAST_SHOWN
    others = right.sum() - n_right.sum(), wrong.sum() - n_wrong.sum()
    return {
        "precision": right.sum() / (right.sum() + wrong.sum()),
        "precision_of_classes": others[0] / sum(others),
        "precision_of_general_tags": n_right.sum() / judged.sum(),
        "worst_general_tag": (n_right[often] / judged[often]).min(initial=1),
        "recall_of_general_tags": (with_folded & (truth == truths.RIGHT))[:, columns].sum()
        / (truth[:, columns] == truths.RIGHT).sum(),
        "tags_judged": (right.sum() + wrong.sum()) / is_shown.sum(),
        "right_tags_per_picture": (with_folded & (truth == truths.RIGHT)).sum() / len(truth),
    }


def known_pairs(found: np.ndarray, truth: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Confidence and truth of the pairs of a picture and one of the `chosen` tags that would be shown to somebody who
    asks for guesses: below `LEAST_DRAWN` only some were judged."""
    m = (found >= LEAST_DRAWN) & chosen & (truth != truths.UNKNOWN)
    return found[m], (truth[m] == truths.RIGHT).astype(float)


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
