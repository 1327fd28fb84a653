"""The curve that turns scores into the probability that a tag is right. The confidence of a tag is

    own      = sigmoid(slope * x + intercept + support * u + conflict * v + doubt) of the classes, no parent below its
               children
    x        = logit of the probability of all classes at or below the tag, cut to [0.0001, 0.9999]
    u        = logit of the head's confidence in the tag or the nearest above it that it knows, cut to [-4, 1]; else 0
    v        = the head's highest confidence in a conflicting tag that is not the tag, above it or below it; else 0
    doubt    = of a leaf that everyday pictures disproved more often than the curve allows for; else 0
    merged   = the higher of own and the head's confidence, no parent below its children

for tags with a probability of at least `least_score`; others have none. A head that sees no animal counts against a
dog; one that sees one says nothing of the breed, hence the cuts of u.
"""

from dataclasses import dataclass

import numpy as np

from fit import logistic, truths
from fit.arrays import Arrays
from fit.head import LEAST, MOST

LEAST_SCORE = 0.003
FIT_FROM = 0.1  # the many pairs below are nearly all wrong, and would bend the curve where it matters
CONFLICTING = "flower mountain forest document screenshot drawing map chart".split()
SUPPORT_CUTS = [-4.0, 1.0]
LEAST_WRONG = 3  # everyday pictures that show a leaf wrongly, before it is doubted
SHOWN_LOGIT = -0.5  # from which on the curve would show it to somebody who asks for guesses
SPREAD = 1.5  # of what is doubted: the standard deviation of the prior


@dataclass
class Set:
    """Pictures of one kind: scores of all tags, the head's confidences, what is known (see `truths`)."""

    scores: np.ndarray
    head: np.ndarray
    truth: np.ndarray

    def part(self, chosen: np.ndarray) -> "Set":
        return Set(self.scores[chosen], self.head[chosen], self.truth[chosen])


def read_doubts(numbers: dict, tree: Arrays) -> np.ndarray:
    """Of each tag, from the `calibration` of a card."""
    doubts = np.zeros(len(tree.ids))
    for tag, doubt in numbers.get("doubts", {}).items():
        doubts[tree.index[tag]] = doubt
    return doubts


@dataclass
class Relations:
    """How the tags of the tree stand to those of the head, by the head's columns."""

    tree: Arrays
    tags: list[int]  # of the head, as numbers of the tree
    nearest: np.ndarray  # the head's column for each tag of the tree, -1 without
    conflicting: list[tuple[int, np.ndarray]]  # a column, and for each tag of the tree whether it is a stranger to it


def relate(tree: Arrays, tags: list[str], conflicting: list[str]) -> Relations:
    numbers = [tree.index[tag] for tag in tags]
    columns = {number: column for column, number in enumerate(numbers)}
    nearest = [
        next((columns[other] for other in [tag, *tree.above[tag]] if other in columns), -1)
        for tag in range(len(tree.ids))
    ]
    strangers = []
    for tag in conflicting:
        number, stranger = tree.index[tag], np.ones(len(tree.ids), bool)
        stranger[[*tree.with_above(number), *tree.below(number)]] = False
        strangers.append((columns[number], stranger))
    return Relations(tree, numbers, np.array(nearest), strangers)


def columns_of(one: Set, relations: Relations) -> np.ndarray:
    """x, 1, u and v for each picture and tag."""
    x = logistic.logit(np.clip(one.scores, LEAST, MOST))
    said = np.clip(logistic.logit(np.clip(one.head, 1e-9, 1 - 1e-9)), *SUPPORT_CUTS)
    u = np.where(relations.nearest >= 0, said[:, relations.nearest], 0)
    v = np.zeros_like(x)
    for column, stranger in relations.conflicting:
        v[:, stranger] = np.maximum(v[:, stranger], one.head[:, column, None])
    return np.stack([x, np.ones_like(x), u, v], axis=-1)


def fit(sets: list[tuple[Set, float]], relations: Relations) -> np.ndarray:
    """Slope, intercept, support, conflict, of all pairs whose truth is known; each set with a weight."""
    rows, truths_, weights = [], [], []
    for one, weight in sets:
        chosen = (one.scores > FIT_FROM) & (one.truth != truths.UNKNOWN)
        rows.append(columns_of(one, relations)[chosen])
        truths_.append(one.truth[chosen] == truths.RIGHT)
        weights.append(np.full(chosen.sum(), weight))
    truth = np.concatenate(truths_).astype(float)
    return logistic.fit_curve(np.concatenate(rows), truth, np.concatenate(weights), signs={0: 1, 2: 1, 3: -1})


def fit_doubts(everyday: Set, others: Set, fitted: np.ndarray, relations: Relations) -> np.ndarray:
    """For each tag what its logit loses, 0 for most: the most likely shift of all its known pairs under a normal prior,
    where it is wrong on `LEAST_WRONG` everyday pictures. A hill that is called a valley is one everywhere."""
    doubts, pairs = np.zeros(len(relations.tree.ids)), []
    for one in (everyday, others):
        chosen = (one.scores > FIT_FROM) & (one.truth != truths.UNKNOWN) & ~relations.tree.has_below
        z = (columns_of(one, relations) @ fitted)[chosen]
        pairs.append((np.nonzero(chosen)[1], z, one.truth[chosen] == truths.RIGHT))
    tag, z, right = pairs[0]
    wrong = np.bincount(tag[~right & (z > SHOWN_LOGIT)], minlength=len(doubts))
    tag, z, right = (np.concatenate(both) for both in zip(*pairs, strict=True))
    for one in np.flatnonzero(wrong >= LEAST_WRONG):
        m, shift = tag == one, 0.0
        for _ in range(50):
            p = logistic.sigmoid(z[m] + shift)
            shift -= ((p - right[m]).sum() + shift / SPREAD**2) / ((p * (1 - p)).sum() + 1 / SPREAD**2)
        doubts[one] = min(shift, 0)
    return doubts


@dataclass
class Confidences:
    """Of the classes alone, and merged with the head's."""

    own: np.ndarray
    merged: np.ndarray


def confidences(one: Set, curve: np.ndarray, relations: Relations, doubts: np.ndarray | float = 0) -> Confidences:
    own = np.where(one.scores > LEAST_SCORE, logistic.sigmoid(columns_of(one, relations) @ curve + doubts), 0)
    own = relations.tree.raise_parents(own)
    merged = own.copy()
    merged[:, relations.tags] = np.maximum(merged[:, relations.tags], one.head)
    return Confidences(own, relations.tree.raise_parents(merged))
