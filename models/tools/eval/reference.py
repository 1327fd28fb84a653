"""The reference that the Rust pipeline is held against: Pillow decodes and resizes, onnxruntime runs the network.

It follows the model card and shares nothing with the Rust code but that card.
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

FILTERS = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}


def open_picture(path: Path) -> Image.Image:
    """RGB, 8 bits, upright, transparency on white."""
    with Image.open(path) as picture:
        picture = ImageOps.exif_transpose(picture)
        if picture.has_transparency_data:
            picture = picture.convert("RGBA")
            white = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(white, picture)
        return picture.convert("RGB")


def fit(picture: Image.Image, spec: dict) -> Image.Image:
    """The picture at the size of the network's input, as `input.fit` of the card says.

    Sizes are rounded as in torchvision's `Resize` and `CenterCrop`; a letterbox is Pillow's own `ImageOps.pad`.
    """
    size = (spec["width"], spec["height"])
    kind, resample = spec["fit"]["kind"], FILTERS[spec["filter"]]
    if kind == "squash":
        return picture.resize(size, resample)
    if kind == "centre_crop":
        shorter = spec["fit"]["shorter_side"]
        scaled = [shorter * side // min(picture.size) for side in picture.size]
        left, top = (round((have - want) / 2) for have, want in zip(scaled, size, strict=True))
        return picture.resize(scaled, resample).crop((left, top, left + size[0], top + size[1]))
    if kind == "letterbox":
        return ImageOps.pad(picture, size, resample, tuple(spec["fit"]["pad"]))
    raise ValueError(f"unknown fit {kind}")


def to_tensor(picture: Image.Image, spec: dict) -> np.ndarray:
    """float32, (1, 3, H, W) or (1, H, W, 3), normalised as the card says."""
    pixels = np.asarray(picture, dtype=np.float32)
    if spec["colour"] == "bgr":
        pixels = pixels[:, :, ::-1]
    pixels = (pixels - np.float32(spec["mean"])) / np.float32(spec["std"])
    if spec["layout"] == "nchw":
        pixels = pixels.transpose(2, 0, 1)
    return np.ascontiguousarray(pixels[None])


def activate(scores: np.ndarray, activation: str) -> np.ndarray:
    """Scores in [0, 1], float64."""
    scores = scores.astype(np.float64)
    if activation == "softmax":
        scores = np.exp(scores - scores.max())
        return scores / scores.sum()
    return 1 / (1 + np.exp(-scores)) if activation == "sigmoid" else scores


class Reference:
    """A model and its card in onnxruntime, one thread.

    `as_written` runs operator by operator what the file says, without the fusions that may round quantized values
    otherwise.
    """

    def __init__(self, card: dict, model: Path | bytes, as_written: bool = False):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        if as_written:
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        self.card = card
        source = model if isinstance(model, bytes) else str(model)
        self.session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])

    @classmethod
    def load(cls, folder: Path) -> "Reference":
        """The model in `folder`, by its card."""
        card = json.loads((folder / "model.json").read_text())
        return cls(card, folder / card["model"]["file"])

    def run(self, tensor: np.ndarray) -> dict[str, np.ndarray]:
        """Raw outputs by the names of the card: `scores`, and `embedding` and `feature_map` where the model has
        them."""
        wanted = {role: name for role, name in self.card["outputs"].items() if name}
        half = self.session.get_inputs()[0].type == "tensor(float16)"
        tensor = tensor.astype(np.float16) if half else tensor
        return dict(
            zip(wanted, self.session.run(list(wanted.values()), {self.card["input"]["name"]: tensor}), strict=True)
        )

    def scores(self, picture: Image.Image) -> np.ndarray:
        """The probability of each class."""
        spec = self.card["input"]
        raw = self.run(to_tensor(fit(picture, spec), spec))["scores"]
        return activate(raw.reshape(-1), self.card["activation"])
