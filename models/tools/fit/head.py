"""The file of a head: made of rows and curves, and run as the product runs it."""

import base64
import json

import numpy as np

from fit.logistic import logit, sigmoid

LEAST, MOST = 1e-4, 1 - 1e-4  # between which the probability of classes is cut before its logit is taken


def normalise(embeddings: np.ndarray) -> np.ndarray:
    x = embeddings.astype(np.float32)
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


def class_logits(scores: np.ndarray, columns: list[int]) -> np.ndarray:
    """What the classes say of the tags in `columns` of the scores of all tags."""
    return logit(np.clip(scores[:, columns], LEAST, MOST))


def quantise(row: np.ndarray) -> tuple[np.ndarray, float]:
    """int8 and the scale that gives `row` back."""
    scale = float(np.abs(row).max() / 127) or 1.0
    return np.clip(np.rint(row / scale), -127, 127).astype(np.int8), scale


def shorten(number: float) -> float:
    return float(f"{number:.6g}")


def to_json(tags: list[str], rows: np.ndarray, numbers: list[dict]) -> str:
    """The head's file, a tag a line, so that diffs stay small."""
    head = {
        "schema": 1,
        "id": "general",
        "version": "1.0.0",
        "backbone": {"id": "efficientnet-lite0", "version": "1.0.0"},
        "n_features": rows.shape[1],
        "normalise": "l2",
        "weights": base64.b64encode(rows.tobytes()).decode(),
    }
    entries = ({"id": tag} | entry for tag, entry in zip(tags, numbers, strict=True))
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    return json.dumps(head, separators=(",", ":"))[:-1] + ',"tags":[\n' + lines + "\n]}\n"


class Head:
    """A head as its file says it."""

    def __init__(self, text: str):
        head = json.loads(text)
        self.tags = [tag["id"] for tag in head["tags"]]
        rows = np.frombuffer(base64.b64decode(head["weights"]), np.int8)
        self.rows = rows.reshape(len(self.tags), head["n_features"]).astype(np.float32)
        self.scale, self.intercept = (np.array([tag[key] for tag in head["tags"]]) for key in ("scale", "intercept"))
        curves = [tag["calibration"] for tag in head["tags"]]
        self.slope, self.offset, self.classes = (
            np.array([curve.get(key, 0) for curve in curves]) for key in ("slope", "offset", "classes")
        )

    def values(self, x: np.ndarray) -> np.ndarray:
        """z of normalised embeddings."""
        return x @ self.rows.T * self.scale + self.intercept

    def confidences(self, z: np.ndarray, class_logit: np.ndarray) -> np.ndarray:
        return sigmoid(self.slope * z + self.offset + self.classes * class_logit)
