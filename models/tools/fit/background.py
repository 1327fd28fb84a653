"""Makes `background.bin` (docs/formats/background.md): what everyday pictures look like to the bundled network.

Own tags are told from them. 400 centres of the embeddings in `data/general.npz` by k-means, in integers all the way:
sums come out the same on every processor, so the file does byte for byte. Pictures that `fit` only measures on, those
that no class is the answer for, and those of the sets that own tags are measured on, are not among them.
"""

import json
import struct

import numpy as np

from fit import data, network
from fit.general_pictures import OBJECTS, VALIDATION

PATH = network.FOLDER / "background.bin"
MAGIC = b"TSBACKG1"
CENTRES = 400
ROUNDS = 30
STEPS = 4096  # of a value from 0 to 1: products of two rows stay far below 2^53, so float64 adds them exactly
LEVELS = 127
DECIMALS = 6  # of deviations


def everyday(general) -> np.ndarray:
    """Embeddings of length 1 of the pictures that the general tags are fitted on."""
    kinds = general["kinds"].tolist()
    sources = [
        number
        for number, kind in enumerate(kinds[: kinds.index(OBJECTS)])
        if kind.split("/")[0] not in data.WITHOUT_KIND
    ]
    chosen = (general["split"] != VALIDATION) & np.isin(general["source"], sources)
    rows = general["embedding"][chosen].astype(np.float64)
    return rows / np.sqrt((rows**2).sum(axis=1, keepdims=True))


def centres(rows: np.ndarray) -> np.ndarray:
    """k-means from rows that lie evenly in the list, with whole numbers."""
    x = np.rint(rows * STEPS)
    middle = x[np.arange(CENTRES) * len(x) // CENTRES]
    for _ in range(ROUNDS):
        # The same for all centres: |x|², which is left out.
        nearest = (2 * (x @ middle.T) - (middle**2).sum(axis=1)).argmax(axis=1)
        of_centre = np.zeros((CENTRES, len(x)))
        of_centre[nearest, np.arange(len(x))] = 1
        n = of_centre.sum(axis=1, keepdims=True)
        moved = np.where(n > 0, np.floor(of_centre @ x / np.maximum(n, 1) + 0.5), middle)
        if (moved == middle).all():
            break
        middle = moved
    return middle


def made() -> bytes:
    with np.load(data.GENERAL) as general:
        rows = everyday(general)
    found = centres(rows)
    largest = found.max(axis=1, keepdims=True)
    vectors = np.floor(found * LEVELS / largest + 0.5).astype(np.int8)
    scales = (largest[:, 0] / (STEPS * LEVELS)).astype("<f4")
    deviations = np.round(rows.std(axis=0), DECIMALS).astype("<f4")
    card = json.loads((network.FOLDER / "model.json").read_text(encoding="utf-8"))
    identity, version = (card[key].encode() for key in ("id", "version"))
    head = struct.pack("<4I", *vectors.shape, len(identity), len(version))
    return b"".join((MAGIC, head, identity, version, deviations.tobytes(), scales.tobytes(), vectors.tobytes()))


def faults(write: bool) -> list[str]:
    """A sentence where the committed file is not what the data give, unless it is to be written."""
    content = made()
    if write:
        PATH.write_bytes(content)
    return [] if content == PATH.read_bytes() else [f"{PATH.name} is not what the data give."]
