"""What the bundled network makes of its own embeddings: the last layer, and the scores of tags."""

from pathlib import Path

import numpy as np
import onnx

from fit.arrays import Arrays

FOLDER = Path(__file__).resolve().parents[2] / "efficientnet-lite0"


def classify(embedding: np.ndarray) -> np.ndarray:
    """Logits of embeddings as they leave the network, by its last layer."""
    numbers = {one.name: onnx.numpy_helper.to_array(one) for one in onnx.load(FOLDER / "model.onnx").graph.initializer}
    weight = numbers["logits.weight.int8"].astype(np.float32) * numbers["logits.weight.scale"][:, None]
    return (embedding.astype(np.float32) @ weight.T + numbers["logits.bias"]).astype(float)


def tag_scores(logits: np.ndarray, tree: Arrays) -> np.ndarray:
    """The probability of all classes at or below each tag."""
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True) @ tree.feeds
