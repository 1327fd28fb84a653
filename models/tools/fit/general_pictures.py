"""Makes `data/general.npz`: embeddings of the pictures that the head "general" is fitted on, and what is known of its
tags.

Embeddings are our own pipeline's, in 8 bits with a scale a row; those of pictures that cannot be had again stay what
they were. What is known comes from the lists of the pictures and, where somebody looked (`labels_by_eye.csv`), from
there. A sea is water, as people say it. Of near-duplicates one stays, with what is known of all: a scene that is
there forty times would else count forty times. On rendered pictures there is nothing to be seen, so they have none
of the tags.
"""

import csv
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from eval import labelled
from eval.program import Program
from fit import data, network
from fit.data import UNKNOWN
from fit.head import normalise

LEVELS = 255  # of an embedding, whose numbers are 0 or more
ALIKE = 0.98  # cosine from which on two pictures are near-duplicates
VALIDATION = 1  # in `split`
NOISE = 12  # of the noisy ones of the rendered pictures, standard deviation
COLOURS = [(v, v, v) for v in (0, 16, 48, 96, 128, 180, 224, 255)] + [
    (110, 160, 220),
    (40, 70, 140),
    (200, 60, 40),
    (230, 140, 60),
    (60, 120, 50),
    (120, 90, 60),
    (240, 220, 190),
    (90, 40, 110),
]
# Sets of which every picture, or what is known by eye of it, enters as a source of its own.
OBJECTS, PHOTOS, PLAIN, LOOKED_UP = "objects", "photos", "plain", "looked up"
UNSEEN_SPLIT = "val2017"  # of COCO: the other pictures of `objects` may have trained a detector that is measured on it


@dataclass
class Rows:
    """What `general.npz` holds, a picture at a time."""

    tags: list[str]
    kinds: list[str]  # of each source
    paths: list[Path | None] = field(default_factory=list)
    sha256: list[str] = field(default_factory=list)
    y: list[np.ndarray] = field(default_factory=list)
    split: list[int] = field(default_factory=list)
    source: list[int] = field(default_factory=list)
    embedding: list[np.ndarray | None] = field(default_factory=list)

    def new_source(self, kind: str) -> int:
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def add(self, path: Path | None, y: np.ndarray, source: int, split: int = 0, embedding: np.ndarray | None = None):
        self.paths.append(path)
        self.sha256.append(data.sha256(path) if path else "")
        self.y.append(y)
        self.source.append(source)
        self.split.append(split)
        self.embedding.append(embedding)


def plain_pictures(folder: Path) -> list[Path]:
    """One colour all over, and noise about it."""
    random, paths = np.random.default_rng(0), []
    for number, colour in enumerate(COLOURS):
        even = np.full((240, 320, 3), colour, float)
        for name, pixels in (("even", even), ("noise", even + random.normal(0, NOISE, even.shape))):
            paths.append(folder / f"{name}{number}.bmp")
            Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(paths[-1])
    return paths


def add_general(rows: Rows, folder: Path, sources: list[dict]):
    """The pictures of `general/labels.csv`, and the embeddings of those that are not there."""
    numbers = {(one["repository"], one["source_class"]): number for number, one in enumerate(sources)}
    listed = set()
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            y = np.array([int(row[tag]) if row[tag] else UNKNOWN for tag in rows.tags], np.uint8)
            source = numbers[tuple(row["source"].split(" | "))]
            rows.add(folder / row["path"], y, source, VALIDATION if row["split"] == "val" else 0)
            if row["embedding_row"]:
                listed.add(int(row["embedding_row"]))
    with np.load(folder / "embeddings.npz") as arrays:
        for number, embedding in enumerate(arrays["E"].astype(np.float32)):
            if number not in listed:
                rows.add(
                    None,
                    arrays["y"][number],
                    int(arrays["source"][number]),
                    int(arrays["split"][number]),
                    embedding,
                )


def add_everyday(rows: Rows, folder: Path):
    """Pictures of which nothing is known but what was seen."""
    nothing = np.full(len(rows.tags), UNKNOWN, np.uint8)
    source = rows.new_source(OBJECTS)
    with (folder / "objects" / "images.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["coco_split"].startswith(UNSEEN_SPLIT):
                rows.add(folder / "objects" / row["path"], nothing, source)
    source = rows.new_source(PHOTOS)
    for path in sorted((folder / "photos").iterdir()):
        if path.suffix.lower() in labelled.PICTURES:
            rows.add(path, nothing, source)
    for kind in labelled.folders_in(folder / "out_of_vocabulary"):
        source = rows.new_source(kind.name)
        for path in sorted(kind.iterdir()):
            rows.add(path, nothing, source)


def add_looked_up(rows: Rows, people: dict[Path, str]):
    """Pictures of which somebody looked up whether people are on them: "yes", "no" or "unsure"."""
    source, column = rows.new_source(LOOKED_UP), rows.tags.index("person")
    for path, shown in people.items():
        y = np.full(len(rows.tags), UNKNOWN, np.uint8)
        y[column] = {"yes": 1, "no": 0}.get(shown, UNKNOWN)
        rows.add(path, y, source)


def look(rows: Rows):
    """Puts what was seen in place of what the lists say."""
    seen = data.labels_by_eye()
    for digest, y in zip(rows.sha256, rows.y, strict=True):
        for column, tag in enumerate(rows.tags):
            if said := seen.get(digest, {}).get(tag):
                y[column] = UNKNOWN if said == "?" else int(said)


def a_sea_is_water(rows: Rows):
    sea, water = rows.tags.index("sea"), rows.tags.index("water")
    for y in rows.y:
        if y[sea] == 1:
            y[water] = 1


def without_near_duplicates(embedding: np.ndarray, y: np.ndarray, sha256: np.ndarray) -> np.ndarray:
    """Which pictures stay, in their order; `y` of these learns what is known of those that go, and an embedding without
    a picture gets the hash of its twin."""
    x, known = normalise(embedding), (y != UNKNOWN).sum(axis=1)
    kept: list[int] = []
    for one in np.argsort(-known, kind="stable"):
        alike = x[kept] @ x[one]
        if kept and alike.max() >= ALIKE:
            twin = kept[alike.argmax()]
            y[twin] = np.where(y[twin] == UNKNOWN, y[one], y[twin])
            if not sha256[twin].any():
                sha256[twin] = sha256[one]
        else:
            kept.append(one)
    return np.sort(kept)


def collect(folder: Path, program: Path, people: dict[Path, str]):
    """`people` of `add_looked_up`."""
    about = json.loads((folder / "general" / "tags.json").read_text(encoding="utf-8"))
    rows = Rows(about["tags"], [source["source_class"] for source in about["sources"]])
    add_general(rows, folder / "general", about["sources"])
    add_everyday(rows, folder)
    add_looked_up(rows, people)
    rows.y = [y.copy() for y in rows.y]
    look(rows)
    a_sea_is_water(rows)
    with tempfile.TemporaryDirectory() as rendered:
        source = rows.new_source(PLAIN)
        for path in plain_pictures(Path(rendered)):
            rows.add(path, np.zeros(len(rows.tags), np.uint8), source)
        reports = Program(program, network.FOLDER).tag([path for path in rows.paths if path], ["--embedding"])
    for number, path in enumerate(rows.paths):
        if path:
            rows.embedding[number] = reports[path].embedding
    readable = [number for number, one in enumerate(rows.embedding) if one is not None]
    embedding, y, source, split = (
        np.array([some[number] for number in readable], kind)
        for some, kind in (
            (rows.embedding, np.float32),
            (rows.y, np.uint8),
            (rows.source, np.int16),
            (rows.split, np.uint8),
        )
    )
    digests = np.array(
        [list(bytes.fromhex(rows.sha256[number] or "00" * 32)) for number in readable], np.uint8
    )  # zeros where there is no picture
    kept = without_near_duplicates(embedding, y, digests)
    scale = np.maximum(embedding.max(axis=1), 1e-12) / LEVELS
    np.savez_compressed(
        data.GENERAL,
        embedding=np.rint(embedding / scale[:, None]).astype(np.uint8)[kept],
        scale=scale[kept],
        sha256=digests[kept],
        y=y[kept],
        source=source[kept],
        split=split[kept],
        tags=np.array(rows.tags),
        kinds=np.array(rows.kinds),
    )
