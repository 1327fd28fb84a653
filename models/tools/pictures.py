"""What the network says about the pictures that lie beside the repository: logits and embeddings, kept under `target/numbers`.

They are those of the committed int8 file, by Pillow and onnxruntime, with the card's preprocessing: near what the product computes.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

import card
import reference
from tree import Tree

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "efficientnet-lite0" / "model.onnx"
KEPT = ROOT / "target" / "numbers"
SPEC = {"input": card.INPUT, "outputs": {"scores": "logits", "embedding": "embedding"}, "activation": "softmax"}


@dataclass
class Seen:
    """Outputs of the network for some pictures."""

    logits: np.ndarray
    embedding: np.ndarray


def classify(embedding: np.ndarray) -> np.ndarray:
    """Logits of embeddings as they leave the network, by its last layer."""
    numbers = {one.name: onnx.numpy_helper.to_array(one) for one in onnx.load(MODEL).graph.initializer}
    weight = numbers["logits.weight.int8"].astype(np.float32) * numbers["logits.weight.scale"][:, None]
    return (embedding.astype(np.float32) @ weight.T + numbers["logits.bias"]).astype(float)


def tags_scores(logits: np.ndarray, tree: Tree) -> np.ndarray:
    """The probability of all classes at or below each tag."""
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True) @ tree.feeds


def see(paths: list[Path], views=None) -> Seen:
    """Runs the network, or reads what it said last time. `views` makes one or more inputs of a picture; their order is kept."""
    name = f"{getattr(views, '__name__', '')}\n" + "\n".join(map(str, paths))
    key = hashlib.sha256(MODEL.read_bytes() + name.encode()).hexdigest()[:16]
    kept = KEPT / f"{key}.npz"
    if not kept.exists():
        network = reference.Reference(SPEC, MODEL)
        logits, embedding = [], []
        for path in paths:
            picture = reference.open_picture(path)
            for view in views(picture) if views else [reference.fit(picture, card.INPUT)]:
                raw = network.run(reference.to_tensor(view, card.INPUT))
                logits.append(raw["scores"].reshape(-1))
                embedding.append(raw["embedding"].reshape(-1))
        KEPT.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(kept, logits=np.array(logits, np.float32), embedding=np.array(embedding, np.float32))
    arrays = np.load(kept)
    return Seen(arrays["logits"].astype(float), arrays["embedding"])
