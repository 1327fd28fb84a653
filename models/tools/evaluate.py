"""Measures the bundled model on labelled pictures that it was not trained on.

    python models/tools/evaluate.py                                      float against int8, in onnxruntime
    python models/tools/evaluate.py --tagsmith target/debug/tagsmith   and our own pipeline against that reference
    python models/tools/evaluate.py --write                              puts the figures into `figures.json`, hence into the card

The pictures lie beside the repository and are no part of it: `imagenet/labels.csv` and the 500 validation pictures it lists, 440 of
which their source has squashed to a square. With the card's centre crop and, for the squashed ones, also the whole square.

Bars: int8 loses at most 0.5 points of top-1 against float; our pipeline is at most 0.5 points from the reference. Exit code 1 where
one is missed; 0, with the reason printed, where the pictures are not there.
"""

import argparse
import csv
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import environment

environment.enter()

import numpy as np  # noqa: E402  (needs the packages that enter() provides)

import card  # noqa: E402
import convert  # noqa: E402
import reference  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "efficientnet-lite0"
DATA = ROOT.parent / "shared" / "data"
BAR = 0.005
THRESHOLD = 0.3
SET = "ImageNet validation, 440 of 500 squashed to squares"


@dataclass
class Labelled:
    """A picture and its class."""

    path: Path
    label: int
    squashed: bool


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

    def shown(self) -> float:
        """Share of pictures with a class at or above the threshold."""
        return float((self.scores.max(axis=1) >= THRESHOLD).mean())

    def right_of_shown(self) -> float:
        """Of the pictures with a best class at or above the threshold, the share where that class is the label."""
        best, shown = self.scores.argmax(axis=1), self.scores.max(axis=1) >= THRESHOLD
        return float((best == self.labels)[shown].mean())

    def line(self) -> str:
        figures = [f"{share:7.1%}" for share in (self.top(1), self.top(5), self.shown(), self.right_of_shown())]
        return f"{self.name:<50}{len(self.labels):5}  {'  '.join(figures)}"


def read_labels(data: Path) -> list[Labelled]:
    with open(data / "labels.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["origin"].startswith("val_")]
    return [Labelled(data / row["path"], int(row["class_index"]), row["origin"] == "val_squashed") for row in rows]


def measure(name: str, model: Path | bytes, fit: dict, pictures: list[Labelled]) -> Row:
    """Scores of the reference."""
    spec = {"input": card.INPUT | {"fit": fit}, "outputs": {"scores": "logits"}, "activation": "softmax"}
    network = reference.Reference(spec, model)
    scores = [network.scores(reference.open_picture(picture.path)) for picture in pictures]
    return Row(name, np.array(scores), np.array([picture.label for picture in pictures]))


def tag(program: Path, paths: list[Path]) -> dict[str, list[float]]:
    """Scores of the command line by path. A picture that it fails on has no entry."""
    command = [str(program), "tag", "--format", "jsonl", "--all-scores", *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")
    reports = [json.loads(line) for line in done.stdout.splitlines() if line]
    for report in reports:
        if "error" in report:
            print(f"{report['path']}: {report['error']['detail']}")
    return {report["path"]: report["scores"] for report in reports if "scores" in report}


def measure_pipeline(program: Path, pictures: list[Labelled]) -> Row:
    """Scores of our own pipeline; zeros, hence wrong, for a picture it fails on."""
    found = tag(program, [picture.path for picture in pictures])
    scores = [found.get(str(picture.path), [0.0] * convert.CLASSES) for picture in pictures]
    return Row("Rust pipeline, centre crop, int8", np.array(scores), np.array([picture.label for picture in pictures]))


def restrict(row: Row, pictures: list[Labelled], squashed: bool) -> tuple[np.ndarray, np.ndarray]:
    """Scores and labels of the squashed or of the other pictures."""
    chosen = np.array([picture.squashed == squashed for picture in pictures])
    return row.scores[chosen], row.labels[chosen]


def compare(one: Row, other: Row) -> str:
    apart = np.abs(one.scores - other.scores)
    same = (one.scores.argmax(axis=1) == other.scores.argmax(axis=1)).mean()
    points = (one.top(1) - other.top(1)) * 100
    return (
        f"{one.name} against {other.name}: {points:+.1f} points of top-1, same best class in {same:.1%}, "
        f"the class furthest apart differs by {apart.max(axis=1).mean():.3f} on average and {apart.max():.3f} at most"
    )


def unknown_pictures(data: Path) -> str | None:
    """What the model says about pictures of none of its classes, where it should say little."""
    folder = data / "out_of_vocabulary"
    if not (folder / "labels.csv").exists():
        return None
    with open(data / "imagenet" / "classes.csv", newline="") as file:
        names = [row["names"].split(", ")[0] for row in csv.DictReader(file)]
    with open(folder / "labels.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    network = reference.Reference.load(MODEL)
    tagged = fair = 0
    for row in rows:
        scores = network.scores(reference.open_picture(folder / row["path"]))
        if scores.max() >= THRESHOLD:
            tagged += 1
            fair += names[scores.argmax()] in row["imagenet_tags_that_would_be_fair"].split("|")
    return (
        f"pictures of none of its classes (portraits, documents, maps, ...): {tagged} of {len(rows)} get a tag at {THRESHOLD}, "
        f"{fair} of these a fair one"
    )


def confusions(row: Row, n: int = 8) -> list[str]:
    """The surest wrong answers, for the model's README."""
    tags = json.loads((MODEL / "vocabulary.json").read_text(encoding="utf-8"))["classes"]
    best = row.scores.argmax(axis=1)
    wrong = np.flatnonzero(best != row.labels)
    surest = wrong[np.argsort(-row.scores.max(axis=1)[wrong])][:n]
    return [f"{tags[row.labels[i]]} taken for {tags[best[i]]} ({row.scores[i].max():.2f})" for i in surest]


def figure(name: str, value: float, pictures: int, options: str = "") -> dict:
    how = f"python models/tools/evaluate.py{options}"
    return {"name": name, "value": round(value, 3), "set": SET, "pictures": pictures, "how": how}


def write_figures(measured: list[dict]):
    """Replaces the figures of the same names and keeps the others, which this run did not measure."""
    old = json.loads(card.FIGURES.read_text())
    new = {entry["name"]: entry for entry in [*old, *measured]}
    card.FIGURES.write_text(json.dumps(list(new.values()), indent=2) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder with imagenet/labels.csv")
    parser.add_argument("--tagsmith", type=Path, help="the command line program, to measure our own pipeline too")
    parser.add_argument("--write", action="store_true", help="write figures.json; `cargo x model --write` then renews the card")
    arguments = parser.parse_args()
    if not (arguments.data / "imagenet" / "labels.csv").exists():
        print(f"skipped: the labelled pictures are not at {arguments.data / 'imagenet'}; they are no part of this repository")
        return 0

    pictures = read_labels((arguments.data / "imagenet").resolve())
    squashed = [picture for picture in pictures if picture.squashed]
    crop, whole = card.INPUT["fit"], {"kind": "squash"}
    int8, float32 = MODEL / "model.onnx", convert.convert(int8=False)
    by_float = measure("reference, centre crop, float32", float32, crop, pictures)
    by_int8 = measure("reference, centre crop, int8", int8, crop, pictures)
    rows = [
        by_float,
        by_int8,
        measure("reference, squashed ones, whole square, float32", float32, whole, squashed),
        measure("reference, squashed ones, whole square, int8", int8, whole, squashed),
        Row("reference, squashed ones, centre crop, int8", *restrict(by_int8, pictures, True)),
        Row("reference, undistorted ones, centre crop, int8", *restrict(by_int8, pictures, False)),
    ]
    comparisons = [compare(by_int8, by_float)]
    figures = [
        figure("top1", by_int8.top(1), len(pictures)),
        figure("top5", by_int8.top(5), len(pictures)),
        figure("top1_float32", by_float.top(1), len(pictures)),
        figure("top5_float32", by_float.top(5), len(pictures)),
    ]
    missed = []
    if by_float.top(1) - by_int8.top(1) > BAR:
        missed.append("int8 loses more than 0.5 points of top-1 against float32")
    if arguments.tagsmith:
        ours = measure_pipeline(arguments.tagsmith.resolve(), pictures)
        rows.insert(2, ours)
        comparisons.append(compare(ours, by_int8))
        figures.append(figure("top1_pipeline", ours.top(1), len(pictures), " --tagsmith target/debug/tagsmith"))
        figures.append(figure("top5_pipeline", ours.top(5), len(pictures), " --tagsmith target/debug/tagsmith"))
        if abs(ours.top(1) - by_int8.top(1)) > BAR:
            missed.append("our pipeline is more than 0.5 points of top-1 from the reference")

    print(f"{'':<50}{'':5}    top-1    top-5    shown  right of shown")
    print(f"{'':<50}{'':5}                     at {THRESHOLD}")
    for row in rows:
        print(row.line())
    print(*comparisons, sep="\n")
    print(unknown_pictures(arguments.data) or "no out_of_vocabulary pictures to look at")
    print("surest wrong answers (label, answer):", *confusions(by_int8), sep="\n  ")
    for sentence in missed:
        print(f"missed: {sentence}")
    if arguments.write:
        write_figures(figures)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
