"""What the object detector sees on the pictures that its evidence is fitted on: `data/detections.jsonl`.

A line a picture: its SHA-256, its `boxes` (class, logit, then left, top, width and height in thousandths of the
picture) and its `faces` (logit, then the same), the surest first. `collect_objects.py` makes it of the pictures.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fit import data

MOST = 40  # boxes that are kept, of those that the card permits


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


def read(path: Path = data.DETECTIONS) -> dict[str, Detections]:
    """By SHA-256."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        boxes, faces = (np.array(one[key], float).reshape(-1, n) for key, n in (("boxes", 6), ("faces", 5)))
        found[one["sha256"]] = Detections(
            boxes[:, 0].astype(int), boxes[:, 1], boxes[:, 2:] / 1000, faces[:, 0], faces[:, 1:] / 1000
        )
    return found
