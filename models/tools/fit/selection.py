"""Which tags a threshold shows: asked of `tagsmith select`, so that the rule stands in one place, the product
itself."""

import json
import subprocess
from pathlib import Path

import numpy as np

from fit import network
from fit.arrays import Arrays
from fit.curve import Confidences

PARENTS = 0.85  # a tag with tags below it is shown beside others from here on
MOST_TAGS = 8
HEAD = "head:general"


class Program:
    """A `tagsmith` with the command `select`, and the tree of the bundled model."""

    def __init__(self, path: Path, tree: Arrays):
        self.path, self.tree = path.resolve(), tree
        self.fixed = ["--model", network.FOLDER, "--parents", f"{PARENTS}", "--max-tags", f"{MOST_TAGS}"]

    def shown(self, found: Confidences, thresholds: list[float]) -> list[list[list[int]]]:
        """The tags of each picture, the surest first, for each threshold."""
        command = [self.path, "select", *self.fixed, "--threshold", ",".join(map(str, thresholds))]
        given = "".join(
            self.line(own, merged, min(thresholds)) for own, merged in zip(found.own, found.merged, strict=True)
        )
        done = subprocess.run(command, input=given, stdout=subprocess.PIPE, encoding="utf-8", check=True)
        pictures = [json.loads(line)["shown"] for line in done.stdout.splitlines()]
        return [[[self.tree.index[tag] for tag in tags] for tags in picture] for picture in pictures]

    def shown_at(self, found: Confidences, thresholds: np.ndarray) -> list[list[int]]:
        """The same with a threshold for each picture."""
        some = np.unique(thresholds).tolist()
        pictures = self.shown(found, some)
        return [picture[some.index(one)] for picture, one in zip(pictures, thresholds.tolist(), strict=True)]

    def line(self, own: np.ndarray, merged: np.ndarray, least: float) -> str:
        """A picture's candidates; what no threshold shows is left out."""
        candidates = [
            {
                "id": self.tree.ids[tag],
                "confidence": float(merged[tag]),
                "from": "classes" if merged[tag] == own[tag] else HEAD,
            }
            for tag in np.flatnonzero(merged > least - 0.001)
        ]
        return json.dumps({"candidates": candidates}) + "\n"
