"""Makes `data/objects.csv` and `data/detections.jsonl` of the pictures that lie beside the repository. Minutes.

Both detectors are run by Pillow and onnxruntime, near what the product computes.
"""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from convert.tree import Tree
from eval import everyday, labelled, reference, reference_faces
from fit import data, network
from fit.detections import MOST

DETECTOR, FACES = "nanodet-g", "blazeface-short"


def entries(rows: Iterable) -> list[list]:
    return [[*start, round(float(z), 2), *(round(float(side) * 1000) for side in box)] for *start, z, box in rows]


def collect_labels(folder: Path):
    """Of the pictures that the detector was not trained on."""
    lines = []
    by_path: dict[str, list[dict]] = {}
    for row in everyday.read_csv(folder / "labels.csv"):
        by_path.setdefault(row["path"], []).append(row)
    for picture in everyday.read(folder):
        rows = by_path.get(picture.path.relative_to(folder).as_posix(), [])
        digest = data.sha256(picture.path)
        for name in sorted({row["class"] for row in rows}) or [""]:
            own = [row for row in rows if row["class"] == name]
            area = max((everyday.area(row) for row in own), default=0)
            lines.append([digest, name, len(own), f"{area:.4f}", int(any(row["crowd"] == "1" for row in own))])
    with data.OBJECTS.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([["sha256", "class", "boxes", "largest", "crowd"], *lines])


def pictures(folder: Path) -> list[Path]:
    """Everyday ones, those of classes and of none, and the general ones that are reported on."""
    tree = Tree.parse((network.FOLDER / "vocabulary.json").read_bytes())
    sets = labelled.read(folder, tree)
    if sets.absent:
        raise SystemExit("Collecting needs all pictures:\n" + "\n".join(sets.absent))
    return [one.path for one in [*sets.everyday(), *sets.imagenet, *sets.out_of_vocabulary, *sets.general]]


def look(detector: reference_faces.Detector, faces: reference_faces.Detector, picture: Image.Image) -> dict:
    found = zip(*(column[:MOST].tolist() for column in detector.objects(picture)), strict=True)
    seen = zip(*(column[:MOST].tolist() for column in faces.faces(picture)), strict=True)
    return {"boxes": entries(found), "faces": entries(seen)}


def collect(folder: Path):
    collect_labels(folder / "objects")
    detector, faces = (reference_faces.Detector(network.FOLDER.parent / name) for name in (DETECTOR, FACES))
    lines = {}
    for path in pictures(folder):
        line = {"sha256": data.sha256(path)} | look(detector, faces, reference.open_picture(path))
        lines[line["sha256"]] = json.dumps(line, separators=(",", ":"))
    data.DETECTIONS.write_text("\n".join(lines.values()) + "\n", encoding="utf-8")
