"""What the numbers of the models are fitted on: the folder `data`. No pictures, no file names; a picture is its
SHA-256.

- `pictures.jsonl`: a line a picture with its set and what is known of it: `class` (ImageNet), `kind` (what sort
  of picture it is), `folder` (the general tag that it was chosen for), `fair`, `yes`, `no` (tags), `people`
  (looked up by eye: "yes", "no" or "unsure"), `faces` (logit and size of each box of the face detector, the
  surest first) and `top5` (the best five classes by other ways of running the network).
- `pictures.npz`: their embeddings by the bundled network, in the same order.
- `general.npz`: embeddings of the pictures that the head "general" is fitted on, and what is known of its tags.

`collect.py` makes all of it of the pictures.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "data"
PICTURES, EMBEDDINGS, GENERAL = FOLDER / "pictures.jsonl", FOLDER / "pictures.npz", FOLDER / "general.npz"
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


def pictures() -> Pictures:
    lines = PICTURES.read_text(encoding="utf-8").splitlines()
    with np.load(EMBEDDINGS) as arrays:
        return Pictures([json.loads(line) for line in lines], arrays["embedding"])


def general() -> General:
    with np.load(GENERAL) as arrays:
        embedding = arrays["embedding"] * arrays["scale"][:, None]
        kinds, tags = arrays["kinds"].tolist(), arrays["tags"].tolist()
        return General(tags, embedding, arrays["y"], arrays["split"] == 1, arrays["source"], kinds)
