"""Holds what was fitted against the committed files.

On the kind of machine where they were written the files come out byte for byte. Elsewhere a processor may add float32
numbers in another order, which moves the rows of the head by a step of int8 here and there, and what is fitted on them
in the fourth digit: that much is allowed.
"""

import base64
import json
from pathlib import Path

import numpy as np

TOLERANCE = 0.005  # of a number, or of its share where it is larger than 1
STEPS = 2  # of int8 that a weight may move by
SETTINGS = 0.0101  # a threshold is a step of 0.01


def differences(path: Path, made: str) -> list[str]:
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
    elif where.endswith(".weights") and len(committed) == len(made):
        one, other = (np.frombuffer(base64.b64decode(text), np.int8).astype(int) for text in (committed, made))
        if (steps := np.abs(one - other).max()) > STEPS:
            yield f"{where}: weights differ by up to {steps} steps."
    elif committed != made:
        yield f"{where}: {committed!r} is committed, the data give {made!r}."
