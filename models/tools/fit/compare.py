"""Holds what was fitted against the committed files.

Where they were written the files come out byte for byte. Elsewhere a processor may add float32 numbers in another
order. The head feels it most: its fit is an iteration that stops at a tolerance, and weights that hardly matter end
elsewhere. So a head is judged by the confidences that it gives. What is fitted beside it moves in the fourth digit.
"""

import json
from pathlib import Path

import numpy as np

from fit.general_head import Labelled
from fit.head import Head

TOLERANCE = 0.005  # of a number, or of its share where it is larger than 1
SETTINGS = 0.0101  # a threshold is a step of 0.01
PAIRS = 5  # that change their bin in the reliability diagram
# Confidences of two heads over pictures and tags: the largest difference and the mean. Of two processors: 0.019 and
# 0.00003; of embeddings in 16 bits, which the committed head was fitted on, and in 8 bits, as they are kept: 0.041 and
# 0.0003.
MOST, MEAN = 0.05, 0.0005


def of_heads(committed: str, made: str, pictures: Labelled) -> list[str]:
    """A sentence where two heads do not say the same of the pictures that they are fitted and reported on."""
    if committed == made:
        return []
    one, other = Head(committed), Head(made)
    if one.tags != other.tags:
        return ["general.json: the tags are not those of the data."]
    heard = [head.confidences(head.values(pictures.x), pictures.class_logit) for head in (one, other)]
    apart = np.abs(heard[0] - heard[1])
    sentence = f"general.json: confidences differ by up to {apart.max():.4f}, {apart.mean():.6f} on average."
    if apart.max() > MOST or apart.mean() > MEAN:
        return [sentence]
    print(sentence)
    return []


def of_files(path: Path, made: str) -> list[str]:
    """A sentence for each thing that is not as committed."""
    if not path.exists():
        return [f"{path.name} is missing."]
    committed = path.read_text(encoding="utf-8")
    if committed == made:
        return []
    if path.suffix != ".json":
        return [f"{path.name} is not what the data give."]
    found = list(apart(path.name, json.loads(committed), json.loads(made)))
    if not found:
        print(f"{path.name}: not byte for byte, but within what rounding on another processor explains")
    return found


def apart(where: str, committed, made):
    """Walks through two values of JSON."""
    if isinstance(committed, dict) and isinstance(made, dict) and list(committed) == list(made):
        for key in committed:
            yield from apart(f"{where}.{key}", committed[key], made[key])
    elif isinstance(committed, list) and isinstance(made, list) and len(committed) == len(made):
        for number, (one, other) in enumerate(zip(committed, made, strict=True)):
            yield from apart(f"{where}.{number}", one, other)
    elif isinstance(committed, float) and isinstance(made, float):
        allowed = SETTINGS if ".settings." in where else TOLERANCE * max(1, abs(committed))
        if abs(committed - made) > allowed:
            yield f"{where}: {committed} is committed, the data give {made}."
    elif not (where.endswith(".pairs") and abs(committed - made) <= PAIRS) and committed != made:
        yield f"{where}: {committed!r} is committed, the data give {made!r}."
