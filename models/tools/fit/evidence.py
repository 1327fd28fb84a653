"""What the fusion of two looks is fitted and measured on: everyday pictures with COCO's labels, others with labels by
eye, ImageNet's, and pictures of no class, each with its first look and its boxes.

On everyday pictures the head's values are of folds that left their source out; the curve of the classes, which has four
numbers, saw some of them.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convert import coco
from convert.tree import Tree
from eval.everyday import LARGE, ByEye, Everyday, Truth, judged_by_eye
from fit import curve, data, detections, faces, general_head, logistic, network, truths
from fit.head import Head, class_logits, normalise
from fit.second_look import Looks, Names, look

# A picture of one animal or vehicle seldom shows another kind; of what else is on it, its label says nothing.
SHOWN_ALONE = ["animal", "vehicle"]


@dataclass
class Seen:
    """Pictures of one kind. Truths are as in `truths`, of all tags."""

    looks: Looks
    truth: np.ndarray
    group: np.ndarray  # what folds keep together
    pictures: list[Everyday]  # labels, where there are such
    labels: np.ndarray  # tags of the classes, -1 without

    @property
    def n(self) -> int:
        return len(self.truth)


@dataclass
class Evidence:
    objects: Seen
    others: Seen
    imagenet: Seen
    unknown: Seen

    def all(self) -> dict[str, Seen]:
        return vars(self)


def labelled_objects(by_eye: ByEye) -> dict[str, Everyday]:
    """By SHA-256; counts only where no box is around a crowd."""
    tags, rows = coco.read(), {}
    with data.OBJECTS.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["sha256"], []).extend([row] if row["class"] else [])
    found = {}
    for digest, own in rows.items():
        counts: dict[str, int] = {}
        crowded = {tags[row["class"]] for row in own if row["crowd"] == "1"}
        for row in own:
            if tags[row["class"]] not in crowded:
                counts[tags[row["class"]]] = counts.get(tags[row["class"]], 0) + int(row["boxes"])
        found[digest] = Everyday(
            Path(digest),
            has_boxes=True,
            objects=frozenset(tags[row["class"]] for row in own),
            large=frozenset(tags[row["class"]] for row in own if float(row["largest"]) >= LARGE),
            counts=counts,
            general={tag: truth for tag, truth in by_eye.tags[digest].items() if tag in by_eye.general},
            by_eye=by_eye.tags[digest],
        )
    return found


def truth_of(picture: Everyday, tree: Tree, names: frozenset[str]) -> np.ndarray:
    truth = Truth(picture, tree, names)
    known = (truth(tag)[1] for tag in tree.ids)
    return np.array([truths.UNKNOWN if one is None else int(one) for one in known], np.int8)


@dataclass
class Heard:
    """What the head says of a picture."""

    confidences: np.ndarray
    person: float  # its value of "person", of which the face detector hears


class FirstLook:
    """The bundled model's own confidences, of embeddings."""

    def __init__(self, head: Head, numbers: dict, people: dict, names: Names):
        self.head, self.names, self.tree = head, names, names.tree
        self.curve = np.array([numbers[name] for name in ("slope", "intercept", "support", "conflict")])
        self.relations = curve.relate(self.tree, head.tags, curve.CONFLICTING)
        self.person = people[faces.DETECTOR]["tags"]["person"]

    def look(self, embedding: np.ndarray, seen: list[detections.Detections], out_of_fold: dict[int, Heard]) -> Looks:
        """`out_of_fold`: what the head says of pictures that it was fitted on, by row."""
        scores = network.tag_scores(network.classify(embedding), self.tree)
        z = self.head.values(normalise(embedding))
        said = class_logits(scores, [self.tree.index[tag] for tag in self.head.tags])
        both = curve.Set(scores, self.head.confidences(z, said), np.zeros(0))
        person = z[:, self.head.tags.index("person")]
        for row, heard in out_of_fold.items():
            both.head[row], person[row] = heard.confidences, heard.person
        found = curve.confidences(both, self.curve, self.relations)
        merged, column = found.merged.copy(), self.tree.index["person"]
        merged[:, column] = np.maximum(
            merged[:, column], self.faces(seen, scores[:, self.tree.index["animal"]], person)
        )
        return look(found.own, self.tree.raise_parents(merged), seen, self.names)

    def faces(self, seen: list[detections.Detections], animal: np.ndarray, person: np.ndarray) -> np.ndarray:
        """The confidence of the face detector in a person, 0 without a face."""
        has_face = np.array([len(one.face_z) > 0 for one in seen])
        x = self.person["slope"] * np.array([one.face_z.max(initial=faces.FLOOR) for one in seen])
        x += self.person["intercept"] + self.person["support"]["weight"] * np.clip(person, -faces.MOST, faces.MOST)
        if "against" in self.person:
            score = np.clip(animal, faces.LEAST_SCORE, 1 - faces.LEAST_SCORE)
            x += self.person["against"]["weight"] * logistic.logit(score)
        return np.where(has_face, logistic.sigmoid(x), 0)


def gather(
    pictures: data.Pictures,
    general: data.General,
    labelled: general_head.Labelled,
    z_folds: np.ndarray,
    heard: np.ndarray,
    first: FirstLook,
) -> Evidence:
    """`z_folds` and `heard`: what the head says of the labelled pictures, out of fold."""
    tree, by_eye, boxes = (
        Tree.parse((network.FOLDER / "vocabulary.json").read_bytes()),
        judged_by_eye(),
        detections.read(),
    )
    names = frozenset(coco.read().values())
    objects = labelled_objects(by_eye)
    row_of = {digest: row for row, digest in enumerate(general.sha256)}
    column = first.head.tags.index("person")
    person = np.where(labelled.is_val, first.head.values(labelled.x)[:, column], z_folds[:, column])

    def hear(digests: list[str]) -> dict[int, Heard]:
        rows = {number: row_of[digest] for number, digest in enumerate(digests) if digest in row_of}
        return {number: Heard(heard[row], person[row]) for number, row in rows.items()}

    def everyday(found: dict[str, Everyday], by_source: bool) -> Seen:
        rows = np.array([row_of[digest] for digest in found])
        looks = first.look(general.embedding[rows], [boxes[digest] for digest in found], hear(list(found)))
        truth = np.stack([truth_of(one, tree, names) for one in found.values()])
        group = labelled.source[rows] if by_source else np.arange(len(rows))
        return Seen(looks, truth, group, list(found.values()), np.full(len(rows), -1))

    def of_set(name: str) -> Seen:
        some = pictures.of(name)
        digests, n = [one["sha256"] for one in some.known], len(some.known)
        looks = first.look(some.embedding, [boxes[digest] for digest in digests], hear(digests))
        if name == "imagenet":
            classes = np.array([one["class"] for one in some.known])
            labels = first.tree.tag_of_class[classes]
            return Seen(looks, truths.of_classes(classes, first.tree), np.arange(n), [], labels)
        fair = truths.fair_tags(some.known, first.tree)
        truth = truths.of_kinds([one["kind"] for one in some.known], fair, first.tree)
        return Seen(looks, truth, np.arange(n), [], np.full(n, -1))

    there = row_of.keys() & boxes.keys()
    everyday_ones = {digest for digest, yes in zip(labelled.sha256, labelled.is_everyday, strict=True) if yes}
    with_boxes = {digest: one for digest, one in objects.items() if digest in there}
    seen = {
        digest: Everyday(Path(digest), has_boxes=False, by_eye=by_eye.tags[digest])
        for digest in sorted((everyday_ones & there) - objects.keys())
    }
    return Evidence(everyday(with_boxes, False), everyday(seen, True), of_set("imagenet"), of_set("out_of_vocabulary"))


def truth_of_boxes(name: str, seen: Seen, names: Names) -> np.ndarray:
    """What is known of the detector's tags: on ImageNet's pictures only of those that exclude the label's."""
    truth = seen.truth[:, names.tags].copy()
    if name == "unknown":
        truth[:] = truths.UNKNOWN
    if name != "imagenet":
        return truth
    roots = [{names.tree.index[root], *names.tree.below(names.tree.index[root])} for root in SHOWN_ALONE]
    for row, label in zip(truth, seen.labels, strict=True):
        for column, tag in enumerate(names.tags):
            excludes = any(label in root and tag in root for root in roots) and label not in names.tree.above[tag]
            if row[column] == truths.WRONG and not excludes:
                row[column] = truths.UNKNOWN
    return truth
