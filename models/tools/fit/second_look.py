"""The fusion of two looks, as the product does it (`docs/ALGORITHMS.md`), for many pictures at once.

Two tags are rivals if they lie below one of `RIVALS` and neither is the other or above it: what is one is not the
other. For the box b of a class that feeds the tag t

    x = slope * z + intercept + support * f + overlapped * o + against * v
    z = logit of the box
    f = logit of the first look's confidence in t, at least 0.01
    o = the highest score of a box of another tag over the same place
    v = the classes' highest confidence in a rival of t

and the confidence d in t is sigmoid(x) of the box with the highest z, whatever the first look said: f has it. A tag u
without a box loses to what is seen in its place, and where the detector knows it, or a tag above it, to its absence:

    logit(confidence(u)) += conflict * max(0, D - max(A, 0.5)), for a u of the classes
                          + unseen * (1 - A), where a class of the detector feeds u or a tag above it
    D = the highest d of a rival of u,  A = the highest d of a tag above or below u

No parent is below its children.
"""

from dataclasses import dataclass

import numpy as np

from eval.reference_faces import overlap
from fit import logistic
from fit.arrays import Arrays
from fit.detections import Detections
from fit.head import LEAST, MOST

RIVALS = ["animal", "vehicle", "furniture", "food"]
LEAST_FIRST = 0.01
EVEN = 0.5  # a rival that is less likely than not speaks against nothing
SAME_THING = 0.5  # share of the smaller of two boxes of a tag
SAME_PLACE = 0.6  # intersection over union: `overlap` of the detector's card
COLUMNS = ["slope", "intercept", "support", "overlapped", "against"]


def logit(p: np.ndarray) -> np.ndarray:
    return logistic.logit(np.clip(p, LEAST, MOST))


@dataclass
class Fusion:
    """The numbers of the card."""

    box: np.ndarray  # by `COLUMNS`
    conflict: float
    unseen: float


@dataclass
class Names:
    """The tags that the detector's classes feed, as numbers of the tree, and how they stand to the others."""

    tree: Arrays
    tags: list[int]
    column: np.ndarray  # of each class, its tag's place in `tags`
    rivals: np.ndarray  # tags x tree
    related: np.ndarray  # tags x tree: the tag itself, above, below
    known: np.ndarray  # of the tree: the tag itself, below


def names(tree: Arrays, classes: list[str], rivals: list[str] = RIVALS) -> Names:
    tags = sorted({tree.index[tag] for tag in classes})
    below = np.zeros((len(rivals), len(tree.ids)), bool)
    for row, root in zip(below, rivals, strict=True):
        row[[tree.index[root], *tree.below(tree.index[root])]] = True
    related = np.zeros((len(tags), len(tree.ids)), bool)
    for row, tag in zip(related, tags, strict=True):
        row[[*tree.with_above(tag), *tree.below(tag)]] = True
    together = (below[:, tags].T[:, :, None] & below[None]).any(axis=1)
    column = np.array([tags.index(tree.index[tag]) for tag in classes])
    known = np.zeros(len(tree.ids), bool)
    for tag in tags:
        known[[tag, *tree.below(tag)]] = True
    return Names(tree, tags, column, together & ~related, related, known)


@dataclass
class Looks:
    """Pictures of one kind: what the classes and the whole first look say of all tags, and the boxes."""

    own: np.ndarray
    first: np.ndarray
    detections: list[Detections]
    has_box: np.ndarray  # pictures x the detector's tags
    columns: np.ndarray  # z, 1, f, o and v of the surest box there

    def part(self, chosen: np.ndarray) -> "Looks":
        seen = [self.detections[one] for one in np.flatnonzero(chosen)]
        return Looks(self.own[chosen], self.first[chosen], seen, self.has_box[chosen], self.columns[chosen])


def overlapped(seen: Detections, column: np.ndarray) -> np.ndarray:
    """For each box, the highest score of a box of another tag over the same place."""
    found, scores = np.zeros(len(seen.z)), logistic.sigmoid(seen.z)
    tags = column[seen.classes]
    for one, box in enumerate(seen.regions):
        over = (tags != tags[one]) & (overlap(box, seen.regions) > SAME_PLACE)
        found[one] = scores[over].max(initial=0)
    return found


def look(own: np.ndarray, first: np.ndarray, detections: list[Detections], names: Names) -> Looks:
    shape = (len(first), len(names.tags))
    z, o = np.full(shape, -np.inf), np.zeros(shape)
    for row, seen in enumerate(detections):
        hidden, tags = overlapped(seen, names.column), names.column[seen.classes]
        for box in np.argsort(seen.z, kind="stable"):  # the surest of each tag comes last
            z[row, tags[box]], o[row, tags[box]] = seen.z[box], hidden[box]
    has_box = np.isfinite(z)
    f = logit(np.maximum(first[:, names.tags], LEAST_FIRST))
    v = np.stack([own[:, rivals].max(axis=1, initial=0) for rivals in names.rivals], 1)
    columns = np.stack([np.where(has_box, z, 0), np.ones(shape), f, o, v], -1)
    return Looks(own, first, detections, has_box, columns)


def scores_of_boxes(looks: Looks, names: Names, box: np.ndarray) -> list[np.ndarray]:
    """sigmoid(x) of every box, picture by picture. What the first look says for a tag is said of its surest box: that
    there is a person says nothing of how many."""
    found = []
    for seen, row in zip(looks.detections, looks.columns, strict=True):
        own = row[names.column[seen.classes]].copy()
        own[:, 0], own[:, 3] = seen.z, overlapped(seen, names.column)
        order, others = np.argsort(-seen.z, kind="stable"), np.ones(len(own), bool)
        others[order[np.unique(names.column[seen.classes[order]], return_index=True)[1]]] = False
        own[others, 2] = np.minimum(own[others, 2], 0)
        found.append(logistic.sigmoid(own @ box))
    return found


def counted(confidence: np.ndarray, regions: np.ndarray, count_at: float) -> list[int]:
    """Which boxes of a tag are things of their own: from the surest down, those that share at most half of the smaller
    one with each that counts already. The surest always does."""
    found: list[int] = []
    for one in np.argsort(-confidence, kind="stable").tolist():
        if found and confidence[one] < count_at:
            break
        box, others = regions[one], regions[found]
        start, end = np.maximum(box[:2], others[:, :2]), np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
        shared = np.clip(end - start, 0, None).prod(axis=1)
        if (shared <= SAME_THING * np.minimum(box[2:].prod(), others[:, 2:].prod(axis=1))).all():
            found.append(one)
    return found


def detected(looks: Looks, box: np.ndarray) -> np.ndarray:
    """d of each picture and tag of the detector, 0 without a box."""
    return np.where(looks.has_box, logistic.sigmoid(looks.columns @ box), 0)


def surroundings(d: np.ndarray, names: Names) -> tuple[np.ndarray, np.ndarray]:
    """max(0, D - max(A, 0.5)) and 1 - A of each picture and tag of the tree; the latter is 0 where the detector knows
    nothing."""
    apart, absence = np.empty((2, len(d), len(names.tree.ids)))
    for row, own in enumerate(d):
        seen = own > 0
        rivals = np.where(names.rivals[seen], own[seen, None], 0).max(axis=0, initial=0)
        related = np.where(names.related[seen], own[seen, None], 0).max(axis=0, initial=0)
        apart[row] = np.maximum(0, rivals - np.maximum(related, EVEN))
        absence[row] = np.where(names.known, 1 - related, 0)
    return apart, absence


def is_of_classes(looks: Looks) -> np.ndarray:
    """Where the first look has a tag from the classes, not from a head or a face."""
    return (looks.own > 0) & (looks.own >= looks.first)


@dataclass
class Fused:
    """Confidences of each picture and tag of the tree: of the classes, of all together, and which the detector gave."""

    own: np.ndarray
    merged: np.ndarray
    has_box: np.ndarray

    def part_of(self, other: "Fused", chosen: np.ndarray):
        """Puts in the `chosen` pictures of `other`."""
        other.own[chosen], other.merged[chosen], other.has_box[chosen] = self.own, self.merged, self.has_box


def fuse(looks: Looks, names: Names, fusion: Fusion) -> Fused:
    d = detected(looks, fusion.box)
    apart, absence = surroundings(d, names)
    shift = fusion.conflict * apart * is_of_classes(looks) + fusion.unseen * absence
    own, merged = (
        np.where((shift < 0) & (one > 0), logistic.sigmoid(logit(one) + shift), one) for one in (looks.own, looks.first)
    )
    has_box = np.zeros(merged.shape, bool)
    has_box[:, names.tags] = d > 0
    merged[:, names.tags] = np.where(d > 0, d, merged[:, names.tags])
    own[has_box] = np.minimum(own, merged)[has_box]
    return Fused(names.tree.raise_parents(own), names.tree.raise_parents(merged), has_box)
