"""What the object detector finds alone, at several sizes of its input: what the choice rests on.

    python -m eval.sizes_of_detector [DIR] [--sizes 256 320 352 384 416 448]

DIR is labelled as `eval.everyday` says (default: the pictures beside the repository). Pillow and onnxruntime; each
picture and its mirror image, so that figures are steadier. A line a size: multiplications, time of the network against
the classifier's in onnxruntime (one thread, medians of rounds in which all take turns), mean average precision of
pictures (by the surest box of each class), what is found where 90 in 100 pairs of picture and class are right, and the
mean average precision of boxes at an intersection over union of 0.5.
"""

import argparse
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import onnx
from PIL import ImageOps

from convert import coco, nanodet
from eval import everyday, reference, reference_faces
from eval.__main__ import DATA, MODEL
from eval.measures import average_precision

LEAST = 0.05  # of a box
PRECISION = 0.9
SAME = 0.5
ROUNDS = 21
NAMES = list(coco.read())


@dataclass
class Boxes:
    """The true ones of a picture: class, left, top, width, height; whether it goes round a crowd."""

    classes: np.ndarray
    regions: np.ndarray
    is_crowd: np.ndarray

    @classmethod
    def of(cls, rows: list[dict]) -> "Boxes":
        ends = np.array([[float(row[side]) for side in ("x0", "y0", "x1", "y1")] for row in rows]).reshape(-1, 4)
        regions = np.concatenate([ends[:, :2], ends[:, 2:] - ends[:, :2]], 1)
        classes = np.array([NAMES.index(row["class"]) for row in rows], int)
        return cls(classes, regions, np.array([row["crowd"] == "1" for row in rows], bool))

    def mirrored(self) -> "Boxes":
        regions = self.regions.copy()
        regions[:, 0] = 1 - regions[:, 0] - regions[:, 2]
        return Boxes(self.classes, regions, self.is_crowd)


def detector_of(size: int) -> reference_faces.Detector:
    card = json.loads((MODEL.parent / nanodet.ID / "model.json").read_text())
    card["input"] |= {"width": size, "height": size}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "model.json").write_text(json.dumps(card))
        (Path(folder) / "model.onnx").write_bytes(nanodet.make(size=size))
        return reference_faces.Detector(Path(folder))


def multiplications(size: int) -> int:
    """Of all convolutions, by the sizes of their outputs."""
    graph = onnx.shape_inference.infer_shapes(onnx.load_from_string(nanodet.make("float32", size))).graph
    weights = {one.name: one.dims for one in graph.initializer}
    sides = {one.name: [side.dim_value for side in one.type.tensor_type.shape.dim] for one in graph.value_info}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    return sum(int(np.prod(weights[node.input[1]])) * int(np.prod(sides[node.output[0]][2:])) for node in convolutions)


def times(detectors: dict[int, reference_faces.Detector]) -> dict[int, float]:
    """Median time of each network as a multiple of the classifier's."""
    networks = {0: reference.Reference.load(MODEL)} | {size: one.network for size, one in detectors.items()}
    tensors = {size: np.zeros((1, 3, size or 224, size or 224), np.float32) for size in networks}
    taken = {size: [] for size in networks}
    for _ in range(ROUNDS):
        for size, network in networks.items():
            start = time.perf_counter()
            network.run(tensors[size])
            taken[size].append(time.perf_counter() - start)
    return {size: median(taken[size]) / median(taken[0]) for size in detectors}


def of_boxes(found: list[tuple], truths: list[Boxes], one: int) -> float | None:
    """Average precision of a class: from the surest box down, each true box is found once; boxes in a crowd count for
    nothing."""
    n_true = sum(int(((truth.classes == one) & ~truth.is_crowd).sum()) for truth in truths)
    if not n_true:
        return None
    taken, right = [set() for _ in truths], []
    own = [
        (z, index, box)
        for index, (classes, zs, boxes) in enumerate(found)
        for kind, z, box in zip(classes, zs, boxes, strict=True)
        if kind == one
    ]
    for _, index, box in sorted(own, key=lambda entry: -entry[0]):
        truth = truths[index]
        candidates = np.flatnonzero(truth.classes == one)
        shared = reference_faces.overlap(box, truth.regions[candidates]) if len(candidates) else np.zeros(0)
        free = [
            (value, at)
            for value, at in zip(shared, candidates, strict=True)
            if value >= SAME and at not in taken[index] and not truth.is_crowd[at]
        ]
        if free:
            taken[index].add(max(free)[1])
            right.append(True)
        elif not (shared[truth.is_crowd[candidates]] > 0).any():
            right.append(False)
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float(precision[np.array(right, bool)].sum() / n_true) if right else 0.0


def of_pictures(surest: np.ndarray, there: np.ndarray, large: np.ndarray) -> dict[str, float]:
    """Figures of (picture, class) pairs by the logit of the surest box."""
    each = [average_precision(surest[:, one].tolist(), there[:, one].tolist()) for one in range(len(NAMES))]
    order = np.argsort(-surest.ravel(), kind="stable")
    precision = np.cumsum(there.ravel()[order]) / np.arange(1, order.size + 1)
    enough = np.flatnonzero(precision >= PRECISION)
    least = surest.ravel()[order[enough[-1]]] if len(enough) else np.inf
    shown = surest >= least
    with_large = large.any(1)
    return {
        "pictures": float(np.mean([one for one in each if one is not None])),
        "from": float(1 / (1 + np.exp(-least))),
        "found": float((shown & large).sum() / large.sum()),
        "tags": float(shown.sum(1).mean()),
        "none": float(1 - (shown & there).any(1)[with_large].mean()),
    }


def measure(detector: reference_faces.Detector, folder: Path) -> dict[str, float]:
    by_path: dict[str, list[dict]] = {}
    for row in everyday.read_csv(folder / "labels.csv"):
        by_path.setdefault(row["path"], []).append(row)
    sides = []
    for is_mirrored in (False, True):
        found, truths = [], []
        for one in everyday.read(folder):
            picture = reference.open_picture(one.path)
            truth = Boxes.of(by_path.get(one.path.relative_to(folder).as_posix(), []))
            found.append(detector.objects(ImageOps.mirror(picture) if is_mirrored else picture, LEAST))
            truths.append(truth.mirrored() if is_mirrored else truth)
        surest = np.full((len(found), len(NAMES)), -np.inf)
        there, large = np.zeros(surest.shape, bool), np.zeros(surest.shape, bool)
        for index, ((classes, z, _), truth) in enumerate(zip(found, truths, strict=True)):
            np.maximum.at(surest[index], classes, z)
            there[index, truth.classes] = True
            large[index, truth.classes[truth.regions[:, 2:].prod(1) >= everyday.LARGE]] = True
        boxes = [of_boxes(found, truths, one) for one in range(len(NAMES))]
        boxes = float(np.mean([one for one in boxes if one is not None]))
        sides.append(of_pictures(surest, there, large) | {"boxes": boxes})
    return {name: float(np.mean([side[name] for side in sides])) for name in sides[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DATA / "objects")
    parser.add_argument("--sizes", nargs="+", type=int, default=[256, 320, 352, 384, 416, 448])
    arguments = parser.parse_args()
    if not everyday.is_labelled(arguments.folder):
        raise SystemExit(f"{arguments.folder} has no labels.csv with boxes.")
    detectors = {size: detector_of(size) for size in arguments.sizes}
    ratios = times(detectors)
    print("| size | multiplications | time | mAP, pictures | from | large found | tags | none right | mAP, boxes |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for size, detector in detectors.items():
        figures = measure(detector, arguments.folder)
        cost = f"{multiplications(size) / 1e9:.2f} G | {ratios[size]:.2f} x"
        shown = "{pictures:.3f} | {from:.2f} | {found:.3f} | {tags:.2f} | {none:.3f} | {boxes:.3f}".format(**figures)
        print(f"| {size} | {cost} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
