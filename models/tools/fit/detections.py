"""What the object detector sees on the pictures that its evidence is fitted on: `data/detections.jsonl`.

A line a picture: its SHA-256, its `boxes` (class, logit, then left, top, width and height in thousandths of the
picture) and its `faces` (logit, then the same), the surest first. `collect` makes it of the pictures.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fit import data

FILE = data.FOLDER / "detections.jsonl"
LEAST = 0.03  # score of the boxes that are kept
MOST = 40


@dataclass
class Detections:
    """The boxes of one picture: `classes`, logits and regions (fractions), and those of its faces."""

    classes: np.ndarray
    z: np.ndarray
    regions: np.ndarray
    face_z: np.ndarray
    faces: np.ndarray

    def surest(self, n_classes: int) -> np.ndarray:
        """The highest logit of each class, minus infinity without a box."""
        found = np.full(n_classes, -np.inf)
        np.maximum.at(found, self.classes, self.z)
        return found


def read(path: Path = FILE) -> dict[str, Detections]:
    """By SHA-256."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        boxes, faces = (np.array(one[key], float).reshape(-1, n) for key, n in (("boxes", 6), ("faces", 5)))
        found[one["sha256"]] = Detections(
            boxes[:, 0].astype(int), boxes[:, 1], boxes[:, 2:] / 1000, faces[:, 0], faces[:, 1:] / 1000
        )
    return found


def entries(rows: Iterable) -> list[list]:
    return [[*start, round(float(z), 2), *(round(float(side) * 1000) for side in box)] for *start, z, box in rows]


def collect(pictures: Iterable[tuple[str, Path]], objects, faces, path: Path = FILE):
    """`pictures`: SHA-256 and file; `objects` and `faces` are detectors of `eval.reference_faces`."""
    from eval import reference

    lines = []
    for digest, file in pictures:
        picture = reference.open_picture(file)
        found = zip(*(column[:MOST].tolist() for column in objects.objects(picture, LEAST)), strict=True)
        seen = zip(*(column[:MOST].tolist() for column in faces.faces(picture)), strict=True)
        line = {"sha256": digest, "boxes": entries(found), "faces": entries(seen)}
        lines.append(json.dumps(line, separators=(",", ":")))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
