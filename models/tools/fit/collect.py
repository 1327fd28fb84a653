"""Makes the folder `data` of the pictures that lie beside the repository: what `data.py` describes.

The networks are run by Pillow and onnxruntime, near what the product computes; the best five classes of our own
pipeline are the command line's. Minutes.
"""

import csv
import json
from pathlib import Path

import numpy as np

from convert import blazeface, classifier_card, efficientnet
from convert.tree import Tree
from eval import labelled, reference, reference_faces
from eval.program import Program
from fit import data, general_pictures, network

SPEC = {"input": classifier_card.INPUT, "outputs": {"scores": "logits", "embedding": "embedding"}}
LEAST_BOX = 0.01  # score of the boxes that are kept
MOST_BOXES = 8
BEST = 5
PEOPLE = data.FOLDER / "people.csv"


def listed(folder: Path) -> list[tuple[Path, dict]]:
    """Every picture with what its lists say of it. The order decides about folds."""
    tree = Tree.parse((network.FOLDER / "vocabulary.json").read_bytes())
    sets = labelled.read(folder, tree)
    training = labelled.read_imagenet(folder / "imagenet", sets.absent, training=True)
    others = [(name, labelled.read_folders(folder / name / "val", folder, sets.absent)) for name in data.WITHOUT_KIND]
    if sets.absent:
        raise SystemExit("Collecting needs all pictures:\n" + "\n".join(sets.absent))
    found = [(one.path, {"set": "people"}) for one in sets.people]
    for one in sets.out_of_vocabulary:
        found.append((one.path, {"set": "out_of_vocabulary", "kind": one.folder, "fair": sorted(one.fair)}))
    for one in sets.general:
        known = {"kind": one.source, "folder": one.folder, "yes": sorted(one.yes), "no": sorted(one.no)}
        found.append((one.path, {"set": "general"} | known))
    found += [(one.path, {"set": "imagenet", "class": one.label}) for one in sets.imagenet]
    found += [(one.path, {"set": "imagenet_train", "class": one.label}) for one in training]
    found += [(one.path, {"set": name}) for name, some in others for one in some]
    return found


def people() -> dict[str, str]:
    """Which pictures show people, by SHA-256; those that are not listed do not."""
    with PEOPLE.open(newline="", encoding="utf-8") as file:
        return {row["sha256"]: row["people"] for row in csv.DictReader(file)}


def is_portrait(known: dict) -> bool:
    return known["set"] == "people" or known.get("kind") == "portrait"


def best(scores: np.ndarray) -> list[int]:
    return np.argsort(-np.asarray(scores, float), kind="stable")[:BEST].tolist()


def collect_pictures(folder: Path, program: Path):
    pictures, shown = listed(folder), people()
    int8 = reference.Reference(SPEC, network.FOLDER / "model.onnx")
    float32 = reference.Reference(SPEC, efficientnet.convert("float32"))
    detector = reference_faces.Detector(network.FOLDER.parent / blazeface.SHORT.id)
    tested = [path for path, known in pictures if known["set"] == "imagenet"]
    reports = Program(program).tag(tested, ["--all-scores"])
    lines, embeddings = [], []
    for path, known in pictures:
        picture = reference.open_picture(path)
        tensor = reference.to_tensor(reference.fit(picture, classifier_card.INPUT), classifier_card.INPUT)
        embeddings.append(int8.run(tensor)["embedding"].reshape(-1))
        z, boxes = detector.faces(picture, least=LEAST_BOX)
        sizes = (boxes[:, 2:] * picture.size).max(axis=1) / min(picture.size)
        faces = [
            [round(float(value), 4) for value in pair] for pair in zip(z[:MOST_BOXES], sizes[:MOST_BOXES], strict=True)
        ]
        digest = data.sha256(path)
        line = (
            {"sha256": digest}
            | known
            | {"people": "yes" if is_portrait(known) else shown.get(digest, "no"), "faces": faces}
        )
        if known["set"] == "imagenet":
            scores = reports[path].scores
            if scores is None:
                raise SystemExit(f"The program failed on {digest}: {reports[path].fault}")
            line["top5"] = {"float32": best(float32.run(tensor)["scores"].reshape(-1)), "pipeline": best(scores)}
        lines.append(json.dumps(line, separators=(",", ":")))
    data.PICTURES.write_text("\n".join(lines) + "\n", encoding="utf-8")
    np.savez_compressed(data.EMBEDDINGS, embedding=np.array(embeddings, np.float32))


def collect(folder: Path, program: Path):
    shown = people()
    looked_up = {
        path: shown.get(data.sha256(path), "no")
        for path, known in listed(folder)
        if known["set"] in ("imagenet_train", *data.WITHOUT_KIND)
    }
    general_pictures.collect(folder, program, looked_up)
    collect_pictures(folder, program)
    for path in (data.PICTURES, data.EMBEDDINGS, data.GENERAL):
        print(f"{path.name}: {path.stat().st_size} bytes")
