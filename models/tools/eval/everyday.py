"""Everyday pictures with labels of COCO's objects and of the general tags, and what is judged by eye beside them.

A folder labelled so has `labels.csv` (path, class, x0, y0, x1, y1: a box a line, in fractions of the picture) and may
have `images.csv` (path: also pictures without any box) and `general.csv` (path, and 1, 0 or ? for each general tag).
`data/verdicts.csv` and `data/labels_by_eye.csv` judge tags of pictures that they know by their SHA-256; so pictures of
other folders are everyday pictures as well if all of their general tags were labelled by eye.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from convert import coco
from convert.tree import Tree
from fit import data
from fit.truths import SAYS_LITTLE

LARGE = 0.01  # of the picture's area: what a person would tag
TRAINED_ON = {"000000314370"}  # in COCO's training set: the detector has seen it
MARKS = {"1": True, "0": False, "?": None}
VERDICTS = {"r": True, "w": False, "a": None}


@dataclass(frozen=True)
class Everyday:
    """A picture and its labels. True: there; False: not there; None: arguable."""

    path: Path
    has_boxes: bool  # COCO's labels are complete: what is not among them is not there
    objects: frozenset[str] = frozenset()  # tags of the classes with a box
    large: frozenset[str] = frozenset()  # of these, with a box of at least `LARGE`
    counts: dict[str, int] = field(default_factory=dict)  # boxes by tag, where each thing has its own
    general: dict[str, bool | None] = field(default_factory=dict)
    by_eye: dict[str, bool | None] = field(default_factory=dict)
    was_fitted_on: bool = False


class Truth:
    """What is known of a picture's tags, by its labels, by eye, and by what follows from either in the tree."""

    def __init__(self, picture: Everyday, tree: Tree, objects: frozenset[str], by_eye: bool = True):
        """`objects`: every tag that COCO has a class for."""
        self.labels = dict(picture.general)
        if picture.has_boxes:
            there = frozenset(one for tag in picture.objects for one in tree.way(tag))
            for tag in objects:
                known = self.labels.get(tag, False)
                self.labels[tag] = True if tag in there else known
        seen = picture.by_eye if by_eye else {}
        known = self.labels | seen
        above = {one for tag, truth in known.items() if truth and tag in tree for one in tree.above(tag)}
        self.known = dict.fromkeys(above, True) | {tag: truth for tag, truth in known.items() if tag not in above}
        self.known |= seen
        self._absent = {tag for tag, truth in self.known.items() if truth is False} - SAYS_LITTLE
        self._tree = tree

    def __call__(self, tag: str) -> tuple[bool, bool | None]:
        """Whether it is judged, and how. What lies below an absent tag is absent."""
        if tag in self.known:
            return True, self.known[tag]
        return (True, False) if self._tree.above(tag) & self._absent else (False, None)

    def of_labels(self, tag: str) -> bool | None:
        """By the labels alone; None where they do not know."""
        return self.known.get(tag) if tag in self.labels else None


def read_csv(path: Path) -> list[dict]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_labelled(folder: Path) -> bool:
    path = folder / "labels.csv"
    if not path.is_file():
        return False
    with path.open(newline="", encoding="utf-8") as file:
        return {"path", "class", "x0", "y0", "x1", "y1"} <= set(next(csv.reader(file), []))


@dataclass
class ByEye:
    """What people saw, by SHA-256 and tag."""

    tags: dict[str, dict[str, bool | None]]
    whole: set[str]  # pictures of which every general tag is known
    general: frozenset[str]


def judged_by_eye() -> ByEye:
    tags, whole, general = {}, set(), frozenset()
    for digest, row in data.labels_by_eye().items():
        tags[digest] = {tag: MARKS[mark] for tag, mark in row.items() if mark}
        general = frozenset(row)
        if len(tags[digest]) == len(row):
            whole.add(digest)
    for (digest, tag), verdict in data.verdicts().items():
        tags.setdefault(digest, {})[tag] = VERDICTS[verdict]
    return ByEye(tags, whole, general)


def read(folder: Path, by_eye: ByEye | None = None) -> list[Everyday]:
    """The pictures of a folder that is labelled so; those that are listed but not there are left out."""
    by_eye = judged_by_eye() if by_eye is None else by_eye
    tags, boxes = coco.read(), {}
    for row in read_csv(folder / "labels.csv"):
        boxes.setdefault(row["path"], []).append((tags[row["class"]], area(row), row.get("crowd") == "1"))
    general = {}
    if (folder / "general.csv").is_file():
        general = {row.pop("path"): row for row in read_csv(folder / "general.csv")}
    listed = [row["path"] for row in read_csv(folder / "images.csv")] if (folder / "images.csv").is_file() else []
    found = []
    for name in dict.fromkeys([*listed, *boxes]):
        path = folder / name
        if path.stem in TRAINED_ON or not path.is_file():
            continue
        own, digest = boxes.get(name, []), data.sha256(path)
        found.append(
            Everyday(
                path,
                has_boxes=True,
                objects=frozenset(tag for tag, *_ in own),
                large=frozenset(tag for tag, area, _ in own if area >= LARGE),
                counts=count(own),
                general={tag: MARKS[mark] for tag, mark in general.get(name, {}).items() if mark in MARKS},
                by_eye=by_eye.tags.get(digest, {}),
                was_fitted_on=digest in by_eye.whole,
            )
        )
    return found


def area(row: dict) -> float:
    """Of a box, as a share of the picture."""
    return (float(row["x1"]) - float(row["x0"])) * (float(row["y1"]) - float(row["y0"]))


def count(boxes: list[tuple[str, float, bool]]) -> dict[str, int]:
    crowded = {tag for tag, _, is_crowd in boxes if is_crowd}
    return Counter(tag for tag, *_ in boxes if tag not in crowded)


def read_by_eye(paths: Iterable[Path], by_eye: ByEye | None = None) -> list[Everyday]:
    """Of other pictures, each once, those whose general tags were all labelled by eye."""
    by_eye = judged_by_eye() if by_eye is None else by_eye
    found: dict[str, Everyday] = {}
    for path in paths:
        digest = data.sha256(path)
        if digest in by_eye.whole and digest not in found:
            found[digest] = Everyday(path, has_boxes=False, by_eye=by_eye.tags[digest], was_fitted_on=True)
    return list(found.values())
