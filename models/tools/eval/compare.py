"""Compares ways of running the bundled network on labelled pictures: float32, int8, and our own pipeline.

    python -m eval.compare --tagsmith target/debug/tagsmith

Prints the tables of `models/efficientnet-lite0/README.md` and the surest wrong answers. The accuracy on the card comes
from `fit`. Bars: int8 loses at most 0.5 points of top-1 against float32; our pipeline is at most 0.5 points from the
reference.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convert import classifier_card, efficientnet
from convert.tree import Tree
from eval import labelled, reference
from eval.labelled import Picture
from eval.program import Program

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "models" / "efficientnet-lite0"
DATA = ROOT.parent / "shared" / "data"
BAR = 0.005
THRESHOLD = 0.3


@dataclass
class Row:
    """Scores of one way of tagging all pictures: (pictures, 1000)."""

    name: str
    scores: np.ndarray
    labels: np.ndarray

    def top(self, n: int) -> float:
        """Share of pictures whose label is among the `n` best classes."""
        best = np.argsort(-self.scores, axis=1, kind="stable")[:, :n]
        return float((best == self.labels[:, None]).any(axis=1).mean())

    def only(self, name: str, chosen: np.ndarray) -> "Row":
        return Row(name, self.scores[chosen], self.labels[chosen])

    def line(self) -> str:
        shown = self.scores.max(axis=1) >= THRESHOLD
        right = (self.scores.argmax(axis=1) == self.labels)[shown].mean()
        figures = [f"{share:7.1%}" for share in (self.top(1), self.top(5), shown.mean(), right)]
        return f"{self.name:<50}{len(self.labels):5}  {'  '.join(figures)}"


def measure(name: str, model: Path | bytes, fit: dict, pictures: list[Picture]) -> Row:
    """Scores of the reference."""
    card = {"input": classifier_card.INPUT | {"fit": fit}, "outputs": {"scores": "logits"}, "activation": "softmax"}
    network = reference.Reference(card, model)
    scores = [network.scores(reference.open_picture(picture.path)) for picture in pictures]
    return Row(name, np.array(scores), np.array([picture.label for picture in pictures]))


def measure_pipeline(program: Path, pictures: list[Picture]) -> Row:
    """Scores of our own pipeline; zeros, hence wrong, for a picture it fails on."""
    reports = Program(program).tag([picture.path for picture in pictures], ["--all-scores"])
    scores = [reports[picture.path].scores or [0.0] * efficientnet.CLASSES for picture in pictures]
    return Row("Tagsmith, centre crop, int8", np.array(scores), np.array([picture.label for picture in pictures]))


def compare(one: Row, other: Row) -> str:
    apart = np.abs(one.scores - other.scores)
    same = (one.scores.argmax(axis=1) == other.scores.argmax(axis=1)).mean()
    points = (one.top(1) - other.top(1)) * 100
    return (
        f"{one.name} against {other.name}: {points:+.1f} points of top-1, same best class in {same:.1%}, "
        f"the class furthest apart differs by {apart.max(axis=1).mean():.3f} on average and {apart.max():.3f} at most"
    )


def of_no_class(pictures: list[Picture], tree: Tree) -> str:
    """What the network alone says about pictures of none of its classes, where it should say little."""
    network = reference.Reference.load(MODEL)
    tagged = fair = 0
    for picture in pictures:
        scores = network.scores(reference.open_picture(picture.path))
        if scores.max() >= THRESHOLD:
            tagged += 1
            fair += tree.classes[scores.argmax()] in picture.fair
    return f"pictures of no class: {tagged} of {len(pictures)} get a tag at {THRESHOLD}, {fair} of these a fair one"


def confusions(row: Row, tree: Tree, n: int = 8) -> list[str]:
    """The surest wrong answers."""
    best = row.scores.argmax(axis=1)
    wrong = np.flatnonzero(best != row.labels)
    surest = wrong[np.argsort(-row.scores.max(axis=1)[wrong])][:n]
    tags = tree.classes
    return [f"{tags[row.labels[i]]} taken for {tags[best[i]]} ({row.scores[i].max():.2f})" for i in surest]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.compare", description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=DATA, metavar="DIR", help="folder with imagenet")
    parser.add_argument("--tagsmith", type=Path, required=True, help="the command line program")
    arguments = parser.parse_args()
    tree = Tree.parse((MODEL / "vocabulary.json").read_bytes())
    sets = labelled.read(arguments.data.resolve(), tree)
    if not sets.imagenet:
        print(f"skipped: {arguments.data} has no labelled ImageNet pictures; they are no part of this repository")
        return 0
    pictures, is_squashed = sets.imagenet, np.array([picture.is_squashed for picture in sets.imagenet])
    squashed = [picture for picture in pictures if picture.is_squashed]
    crop, whole = classifier_card.INPUT["fit"], {"kind": "squash"}
    int8, float32 = MODEL / "model.onnx", efficientnet.convert("float32")
    by_float = measure("reference, centre crop, float32", float32, crop, pictures)
    by_int8 = measure("reference, centre crop, int8", int8, crop, pictures)
    ours = measure_pipeline(arguments.tagsmith, pictures)
    rows = [
        by_float,
        by_int8,
        ours,
        measure("reference, squashed ones, whole square, float32", float32, whole, squashed),
        measure("reference, squashed ones, whole square, int8", int8, whole, squashed),
        by_int8.only("reference, squashed ones, centre crop, int8", is_squashed),
        by_int8.only("reference, undistorted ones, centre crop, int8", ~is_squashed),
    ]
    print(f"{'':<50}{'':5}    top-1    top-5    shown  right of shown, both at {THRESHOLD}")
    print(*(row.line() for row in rows), compare(by_int8, by_float), compare(ours, by_int8), sep="\n")
    print(of_no_class(sets.out_of_vocabulary, tree))
    print("surest wrong answers (label, answer):", *confusions(by_int8, tree), sep="\n  ")
    missed = []
    if by_float.top(1) - by_int8.top(1) > BAR:
        missed.append("int8 loses more than 0.5 points of top-1 against float32")
    if abs(ours.top(1) - by_int8.top(1)) > BAR:
        missed.append("our pipeline is more than 0.5 points of top-1 from the reference")
    for sentence in missed:
        print(f"missed: {sentence}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
