"""What the numbers of the models are fitted on: the folder `data`. No pictures, no file names; a picture is its
SHA-256.

- `pictures.jsonl`: a line a picture with its set and what is known of it: `class` (ImageNet), `kind` (what sort
  of picture it is), `folder` (the general tag that it was chosen for), `fair`, `yes`, `no` (tags), `people`
  (looked up by eye: "yes", "no" or "unsure"), `faces` (logit and size of each box of the face detector, the
  surest first) and `top5` (the best five classes by other ways of running the network).
- `pictures.npz`: their embeddings by the bundled network, in the same order.
- `general.npz`: embeddings of the pictures that the head "general" is fitted on, and what is known of its tags.
- `objects.csv`: COCO's labels of everyday pictures: a line a class (none where there is nothing of the 80) with its
  boxes, the area of the largest, and whether one of them is around a crowd.
- `detections.jsonl`: what the object detector and that of faces see there and elsewhere, see `detections.py`.
- `labels_by_eye.csv`: of pictures that somebody looked at, a column for each general tag: 1 it is there, 0 it is not,
  ? two people would disagree, empty where only other tags were looked for.
- `verdicts.csv`: shown tags that no label judges, looked at one by one: r right, w wrong, a arguable.

`collect.py` and `collect_objects.py` make the others of the pictures; the last two are made by people.
"""

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "data"
PICTURES, EMBEDDINGS, GENERAL = FOLDER / "pictures.jsonl", FOLDER / "pictures.npz", FOLDER / "general.npz"
OBJECTS, DETECTIONS = FOLDER / "objects.csv", FOLDER / "detections.jsonl"
BY_EYE, VERDICTS = FOLDER / "labels_by_eye.csv", FOLDER / "verdicts.csv"
WITHOUT_KIND = ("clothing", "grocery", "houses", "materials")
UNKNOWN = 255  # of a tag, beside 1 and 0


@dataclass
class Pictures:
    """Pictures of some sets: a dict of what is known of each, and its embedding."""

    known: list[dict]
    embedding: np.ndarray

    def of(self, *sets: str) -> "Pictures":
        chosen = [number for number, one in enumerate(self.known) if one["set"] in sets]
        return Pictures([self.known[number] for number in chosen], self.embedding[chosen])


@dataclass
class General:
    """Embeddings as they leave the network, and for each tag 1, 0 or `UNKNOWN`."""

    tags: list[str]
    embedding: np.ndarray
    y: np.ndarray
    is_val: np.ndarray
    source: np.ndarray  # numbers of sources
    kinds: list[str]  # of each source
    sha256: list[str]  # "" where only the embedding is left


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def labels_by_eye() -> dict[str, dict[str, str]]:
    """By SHA-256 and tag: "1", "0" or "?"; "" where the tag was not looked for."""
    with BY_EYE.open(newline="", encoding="utf-8") as file:
        return {row.pop("sha256"): row for row in csv.DictReader(file)}


def verdicts() -> dict[tuple[str, str], str]:
    """By SHA-256 and tag: "r", "w" or "a"."""
    with VERDICTS.open(newline="", encoding="utf-8") as file:
        return {(row["sha256"], row["tag"]): row["verdict"] for row in csv.DictReader(file)}


def pictures() -> Pictures:
    lines = PICTURES.read_text(encoding="utf-8").splitlines()
    with np.load(EMBEDDINGS) as arrays:
        return Pictures([json.loads(line) for line in lines], arrays["embedding"])


def general() -> General:
    with np.load(GENERAL) as arrays:
        embedding = arrays["embedding"] * arrays["scale"][:, None]
        kinds, tags = arrays["kinds"].tolist(), arrays["tags"].tolist()
        digests = [bytes(one).hex() if one.any() else "" for one in arrays["sha256"]]
        return General(tags, embedding, arrays["y"], arrays["split"] == 1, arrays["source"], kinds, digests)
