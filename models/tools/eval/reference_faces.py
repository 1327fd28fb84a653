"""Boxes around faces and objects, of a picture and a detector's card: what our own pipeline is held against.

    python -m eval.reference_faces models/blazeface-short PICTURE...    prints the boxes as JSON

Pillow decodes and resizes, onnxruntime runs the network; what is done with its numbers stands here. It shares nothing
with the Rust code but the card.
"""

import argparse
import json
from itertools import groupby
from pathlib import Path

import numpy as np
from PIL import Image

from eval import reference
from fit.logistic import sigmoid


def anchors(card: dict) -> np.ndarray:
    """Centres (x, y) as fractions of the input, in the order of the network's rows.

    Strides that follow each other and are alike share a grid; its places are listed row by row, each once for every
    such stride.
    """
    size, offset = card["input"]["width"], card["anchors"]["offset"]
    grids = []
    for stride, alike in groupby(card["anchors"]["strides"]):
        places = (np.arange(size // stride) + offset) / (size // stride)
        x, y = np.meshgrid(places, places)
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], 1), len(list(alike)), axis=0))
    return np.concatenate(grids)


def decode(raw: np.ndarray, centres: np.ndarray, size: int) -> np.ndarray:
    """Boxes (x, y, width, height), x and y of the top left corner, as fractions of the input.

    The first four numbers of a row are the middle of the box, from its anchor, and the sides, in pixels of the input.
    (The others are six points of the face, which nothing here asks for.)
    """
    middle, sides = centres + raw[:, :2] / size, raw[:, 2:4] / size
    return np.concatenate([middle - sides / 2, sides], 1)


def overlap(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Shared part of the area that a box and each of the others cover together."""
    start = np.maximum(box[:2], others[:, :2])
    end = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    shared = np.clip(end - start, 0, None).prod(1)
    return shared / (box[2] * box[3] + others[:, 2] * others[:, 3] - shared)


def without_doubles(z: np.ndarray, boxes: np.ndarray, most: float) -> list[int]:
    """Which boxes stay: from the surest down, each that overlaps no surer one that stayed by more than `most`."""
    kept = []
    for one in np.argsort(-z, kind="stable").tolist():
        if not kept or overlap(boxes[one], boxes[kept]).max() <= most:
            kept.append(one)
    return kept


def frame(width: int, height: int, spec: dict) -> tuple[int, int, int, int]:
    """Where a letterboxed picture lies in the network's input: left, top, width, height in pixels, as Pillow's
    `ImageOps.pad` has it."""
    wide, high = spec["width"], spec["height"]
    inner = (wide, high)
    if width * high > height * wide:
        inner = (wide, round(height / width * wide))
    elif width * high < height * wide:
        inner = (round(width / height * high), high)
    return (round((wide - inner[0]) * 0.5), round((high - inner[1]) * 0.5), *inner)


class Detector:
    """A detector and its card in onnxruntime."""

    def __init__(self, folder: Path):
        self.network = reference.Reference.load(folder)
        self.card = self.network.card
        self.anchors = anchors(self.card)

    def look(self, picture: Image.Image) -> tuple[np.ndarray, np.ndarray]:
        """Logits, a column a class, and box (fractions of the picture; it may reach over its edges) of every row."""
        spec = self.card["input"]
        raw = self.network.run(reference.to_tensor(reference.fit(picture, spec), spec))
        left, top, width, height = frame(*picture.size, spec)
        size = np.array([spec["width"], spec["height"]])
        boxes = decode(raw["boxes"][0].astype(np.float64), self.anchors, spec["width"])
        boxes = np.concatenate([boxes[:, :2] * size - [left, top], boxes[:, 2:] * size], 1) / [
            width,
            height,
            width,
            height,
        ]
        return raw["scores"][0].astype(np.float64), boxes

    def faces(self, picture: Image.Image, least: float | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Logits and boxes of the faces, the surest first; `least` is a score, the card's where none is given."""
        least = self.card["least_score"] if least is None else least
        z, boxes = self.look(picture)
        _, z, boxes = self.surest(z[:, :1], boxes, least)
        return z, boxes

    def objects(self, picture: Image.Image, least: float | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Class, logit and box of the objects, the surest first; boxes of different classes may cover each other."""
        return self.surest(*self.look(picture), self.card["least_score"] if least is None else least)

    def surest(self, z: np.ndarray, boxes: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows, classes = np.nonzero((sigmoid(z) >= least) & (boxes[:, 2:] > 0).all(1)[:, None])
        z, boxes, kept = z[rows, classes], boxes[rows], []
        for one in np.unique(classes):
            own = np.flatnonzero(classes == one)
            kept += own[without_doubles(z[own], boxes[own], self.card["overlap"])].tolist()
        kept.sort(key=lambda one: -z[one])
        return classes[kept], z[kept], boxes[kept]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the detector's folder")
    parser.add_argument("pictures", nargs="+", type=Path)
    arguments = parser.parse_args()
    detector = Detector(arguments.folder)
    found = {}
    for path in arguments.pictures:
        picture = reference.open_picture(path)
        z, boxes = detector.faces(picture)
        faces = [
            {
                "box": [round(side, 5) for side in box],
                "score": round(float(sigmoid(logit)), 5),
                "z": round(float(logit), 4),
            }
            for logit, box in zip(z.tolist(), boxes.tolist(), strict=True)
        ]
        found[str(path)] = {
            "size": picture.size,
            "best_z": round(float(detector.look(picture)[0][:, 0].max()), 4),
            "faces": faces,
        }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
