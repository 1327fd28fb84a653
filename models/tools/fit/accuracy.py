"""Accuracy of the bundled network on labelled pictures that it was not trained on: what stands in
`fitted/figures.json`."""

import numpy as np

from fit import data, network

SET = "ImageNet validation, 440 of 500 squashed to squares"
HOW = "cargo x model fit"


def top(best: np.ndarray, labels: np.ndarray, n: int) -> float:
    """Share of pictures whose label is among the `n` best classes."""
    return float((best[:, :n] == labels[:, None]).any(axis=1).mean())


def figures(pictures: data.Pictures) -> list[dict]:
    some = pictures.of("imagenet")
    labels = np.array([one["class"] for one in some.known])
    ways = {"": np.argsort(-network.classify(some.embedding), axis=1, kind="stable")[:, :5]}
    ways |= {f"_{way}": np.array([one["top5"][way] for one in some.known]) for way in ("float32", "pipeline")}
    return [
        {
            "name": f"top{n}{way}",
            "value": round(top(best, labels, n), 3),
            "set": SET,
            "pictures": len(labels),
            "how": HOW,
        }
        for way, best in ways.items()
        for n in (1, 5)
    ]
