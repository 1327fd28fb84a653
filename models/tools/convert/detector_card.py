"""Makes the folders of the detectors: network, card and licence, of the published files, of what `fit` has fitted and
measured (what a face means as a tag), and of the tags that the classes of objects feed."""

import hashlib
import json
import zipfile
from pathlib import Path

from convert import blazeface, coco, fetch, nanodet

TOOLS = Path(__file__).resolve().parents[1]
FACES = TOOLS / "fitted" / "faces.json"
LICENCE = "mediapipe-0.10.14.dist-info/LICENSE"


def card(detector: str, name: str, provenance: dict, model: bytes, own: dict) -> bytes:
    """The bytes of `model.json`. `own`: the fields from the input on."""
    whole = {
        "schema": 1,
        "id": detector,
        "version": "1.0.0",
        "name": name,
        "kind": "detector",
        "licence": "Apache-2.0",
        "provenance": provenance,
        "model": {"file": "model.onnx", "bytes": len(model), "sha256": hashlib.sha256(model).hexdigest()},
    } | own
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def network(size: int, colour: str, mean: list[float], std: list[float], strides: tuple[int, ...]) -> dict:
    """What goes in and what comes out, as fields of the card."""
    return {
        "input": {
            "name": "image",
            "height": size,
            "width": size,
            "layout": "nchw",
            "colour": colour,
            "mean": mean,
            "std": std,
            "fit": {"kind": "letterbox", "pad": [0, 0, 0]},
            "filter": "bilinear",
        },
        "outputs": {"scores": "scores", "boxes": "boxes"},
        "anchors": {"strides": list(strides), "offset": 0.5},
    }


def licence() -> bytes:
    """The licence of the face detectors as their package has it."""
    with zipfile.ZipFile(fetch.fetch(fetch.MEDIAPIPE, blazeface.PLATFORM)) as archive:
        return archive.read(LICENCE)


def make_faces(detector: blazeface.Detector) -> dict[str, bytes]:
    """Every generated file of a face detector by name."""
    model, package = blazeface.make(detector), fetch.MEDIAPIPE
    numbers = json.loads(FACES.read_text())[detector.id]
    provenance = {
        "source": f"Python package {package}",
        "sha256": package.sha256,
        "data": "photographs of people, chosen and labelled by Google, not published",
        "conversion": f"models/tools/convert: {detector.file} of the wheel with this hash; "
        "layout turned, weights float16 as published",
    }
    own = network(detector.size, "rgb", [127.5] * 3, [127.5] * 3, detector.strides) | {
        "least_score": numbers["least_score"],
        "overlap": 0.3,
        "tags": numbers["tags"],
        "figures": numbers["figures"],
    }
    files = {"model.onnx": model, "model.json": card(detector.id, detector.name, provenance, model, own)}
    return files | {"LICENSE": licence()}


def make_objects() -> dict[str, bytes]:
    """Every generated file of the object detector by name. Its licence is no part of the package."""
    model, package = nanodet.make(), fetch.HUMAN_MODELS
    provenance = {
        "source": f"npm package {package}, models/nanodet.json and nanodet.bin; trained by RangiLyu/nanodet",
        "sha256": nanodet.WEIGHTS_SHA256,
        "data": "COCO train2017, 118,287 photographs, 80 classes",
        "conversion": "models/tools/convert: the weights with this hash; int8 but for small layers, boxes decoded",
    }
    own = network(nanodet.SIZE, "bgr", nanodet.MEAN, nanodet.STD, nanodet.STRIDES) | {
        "least_score": 0.1,
        "overlap": 0.6,
        "classes": list(coco.read().values()),
        "figures": [],
    }
    return {"model.onnx": model, "model.json": card(nanodet.ID, "NanoDet-g", provenance, model, own)}


def make_all() -> dict[str, dict[str, bytes]]:
    """The files of every detector that is bundled."""
    faces = {detector.id: make_faces(detector) for detector in blazeface.SHIPPED}
    return faces | {nanodet.ID: make_objects()}
