"""Makes `model.json`, the card of the bundled model, of the files beside it and of what `fit` has fitted and
measured."""

import hashlib
import json
from pathlib import Path

from convert import fetch

FITTED = Path(__file__).resolve().parents[1] / "fitted"

INPUT = {  # as in the network's published evaluation
    "name": "image",
    "height": 224,
    "width": 224,
    "layout": "nchw",
    "colour": "rgb",
    "mean": [127, 127, 127],
    "std": [128, 128, 128],
    "fit": {"kind": "centre_crop", "shorter_side": 256},
    "filter": "bicubic",
}


def part(name: str, content: bytes) -> dict:
    """How the card names a file that belongs to it: another one under that name is refused."""
    return {"id": name, "sha256": hashlib.sha256(content).hexdigest()}


def make(
    model: bytes,
    vocabulary: bytes,
    heads: dict[str, bytes],
    detectors: dict[str, bytes],
    second_look: tuple[str, bytes],
) -> bytes:
    """The bytes of `model.json`; `detectors` are their cards, and `second_look` is the object detector with its own."""
    package = fetch.EFFICIENTNET_LITE0
    fitted, fused = (json.loads((FITTED / f"{name}.json").read_text()) for name in ("calibration", "objects"))
    card = {
        "schema": 1,
        "id": "efficientnet-lite0",
        "version": "1.0.0",
        "name": "EfficientNet-Lite0",
        "kind": "classifier",
        "licence": "Apache-2.0",
        "provenance": {
            "source": f"Python package {package}",
            "sha256": package.sha256,
            "data": "ImageNet-1k (ILSVRC2012), 1.28 million pictures of 1000 classes",
            "conversion": "models/tools/convert: batch norm folded, SAME padding explicit, "
            "weights int8 per output channel",
        },
        "model": {"file": "model.onnx", "bytes": len(model), "sha256": hashlib.sha256(model).hexdigest()},
        "vocabulary": {"file": "vocabulary.json", "sha256": hashlib.sha256(vocabulary).hexdigest()},
        "input": INPUT,
        "outputs": {"scores": "logits", "embedding": "embedding", "feature_map": "feature_map"},
        "activation": "softmax",
        "calibration": fitted["calibration"],
        "heads": [part(*head) for head in heads.items()],
        "detectors": [part(*detector) for detector in detectors.items()],
        "second_look": {"detector": part(*second_look), "fusion": fused["fusion"]},
        "policy": {
            "threshold": fused["settings"]["balanced"],
            "max_tags": 8,
            "parents": fitted["parents"],
            "settings": fused["settings"],
        },
        "figures": json.loads((FITTED / "figures.json").read_text()) + fitted["figures"] + fused["figures"],
    }
    return (json.dumps(card, ensure_ascii=False, indent=2) + "\n").encode()
