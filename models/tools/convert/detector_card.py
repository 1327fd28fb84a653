"""Makes the folders of the face detectors: network, card and licence, of the published files and of what `fit` has
fitted and measured: what a face means as a tag."""

import hashlib
import json
import zipfile
from pathlib import Path

from convert import blazeface, fetch

NUMBERS = Path(__file__).resolve().parents[1] / "fitted" / "faces.json"
LICENCE = "mediapipe-0.10.14.dist-info/LICENSE"


def card(detector: blazeface.Detector, model: bytes, numbers: dict) -> bytes:
    """The bytes of `model.json`."""
    package = fetch.MEDIAPIPE
    whole = {
        "schema": 1,
        "id": detector.id,
        "version": "1.0.0",
        "name": detector.name,
        "kind": "detector",
        "licence": "Apache-2.0",
        "provenance": {
            "source": f"Python package {package}",
            "sha256": package.sha256,
            "data": "photographs of people, chosen and labelled by Google, not published",
            "conversion": f"models/tools/convert: {detector.file} of the wheel with this hash; "
            "layout turned, weights float16 as published",
        },
        "model": {"file": "model.onnx", "bytes": len(model), "sha256": hashlib.sha256(model).hexdigest()},
        "input": {
            "name": "image",
            "height": detector.size,
            "width": detector.size,
            "layout": "nchw",
            "colour": "rgb",
            "mean": [127.5] * 3,
            "std": [127.5] * 3,
            "fit": {"kind": "letterbox", "pad": [0, 0, 0]},
            "filter": "bilinear",
        },
        "outputs": {"scores": "scores", "boxes": "boxes"},
        "anchors": {"strides": list(detector.strides), "offset": 0.5},
        "least_score": numbers["least_score"],
        "overlap": 0.3,
        "tags": numbers["tags"],
        "figures": numbers["figures"],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def licence() -> bytes:
    """The licence as the package has it."""
    with zipfile.ZipFile(fetch.fetch(fetch.MEDIAPIPE, blazeface.PLATFORM)) as archive:
        return archive.read(LICENCE)


def make(detector: blazeface.Detector) -> dict[str, bytes]:
    """Every generated file of a detector by name."""
    model = blazeface.make(detector)
    numbers = json.loads(NUMBERS.read_text())[detector.id]
    return {"model.onnx": model, "model.json": card(detector, model, numbers), "LICENSE": licence()}
