"""Tests of the object detector's conversion: the reader and each kind of layer on a made-up network, and the published
network against what TensorFlow.js gives for it.

`nanodet_original.json` has, for twelve golden pictures, the answers of @tensorflow/tfjs-core and -converter 4.22.0
(backend wasm) to the published files, asked for the six outputs with the pictures at 416 pixels: the surest row of each
stride with its class, score and distances (left, top, right, bottom, in pixels), and the sum of all scores.
"""

import base64
import json
import unittest
from pathlib import Path

import numpy as np

from convert import nanodet, tfjs
from convert.network import doubling
from eval import reference

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "models" / nanodet.ID
ORIGINAL = json.loads(Path(__file__).with_name("nanodet_original.json").read_text())
SURE = -0.85  # logit of 0.3


def pictures():
    for case in ORIGINAL:
        (path,) = (ROOT / "tests" / "cases" / case["case"]).glob("picture.*")
        yield case, reference.open_picture(path)


def network(size: int, model: bytes | Path) -> reference.Reference:
    card = json.loads((FOLDER / "model.json").read_text())
    return reference.Reference(card | {"input": card["input"] | {"width": size, "height": size}}, model)


def answer(detector: reference.Reference, picture) -> tuple[np.ndarray, np.ndarray]:
    spec = detector.card["input"]
    raw = detector.run(reference.to_tensor(reference.fit(picture, spec), spec))
    return raw["scores"][0].astype(np.float64), raw["boxes"][0].astype(np.float64)


class Published(unittest.TestCase):
    def test_float32_is_the_original(self):
        detector = network(nanodet.SOURCE_SIZE, nanodet.make("float32", nanodet.SOURCE_SIZE))
        for case, picture in pictures():
            logits, boxes = answer(detector, picture)
            scores = 1 / (1 + np.exp(-logits))
            self.assertAlmostEqual(scores.sum(), case["sum"], delta=0.05, msg=case["case"])
            for row, kind, score, (left, top, right, bottom) in (list(best.values()) for best in case["best"]):
                self.assertEqual(logits[row].argmax(), kind, case["case"])
                self.assertAlmostEqual(scores[row, kind], score, delta=1e-4, msg=case["case"])
                box = [(right - left) / 2, (bottom - top) / 2, left + right, top + bottom]
                np.testing.assert_allclose(boxes[row], box, atol=0.01, err_msg=case["case"])

    def test_int8_is_near_float32(self):
        shipped, exact = network(nanodet.SIZE, FOLDER / "model.onnx"), network(nanodet.SIZE, nanodet.make("float32"))
        off = []
        for case, picture in pictures():
            (logits, boxes), (wanted, wanted_boxes) = answer(shipped, picture), answer(exact, picture)
            scores, wanted_scores = 1 / (1 + np.exp(-logits)), 1 / (1 + np.exp(-wanted))
            np.testing.assert_allclose(scores, wanted_scores, atol=0.03, err_msg=case["case"])
            sure = wanted.max(1) >= SURE
            off += np.abs(boxes - wanted_boxes)[sure].max(1).tolist()
        self.assertGreater(len(off), 50)
        self.assertLess(np.mean(off), 0.75)
        self.assertLess(max(off), 4)


def word(text: str) -> dict:
    return {"s": base64.b64encode(text.encode()).decode()}


class Maker:
    """Writes the two files of a graph model."""

    def __init__(self):
        self.nodes, self.weights, self.bytes = [], [], b""

    def constant(self, name: str, values, dtype: str, stored: str | None = None) -> str:
        values = np.asarray(values, dtype)
        entry = {"name": name, "shape": list(values.shape), "dtype": dtype}
        if stored:
            entry["quantization"] = {"dtype": stored, "original_dtype": dtype}
        self.weights.append(entry)
        self.bytes += values.astype(stored or dtype).tobytes()
        self.nodes.append({"name": name, "op": "Const", "attr": {}})
        return name

    def node(self, name: str, operator: str, inputs: list[str], **attributes) -> str:
        self.nodes.append({"name": name, "op": operator, "input": inputs, "attr": attributes})
        return name

    def turned(self, name: str, x: str, axes: list[int]) -> str:
        return self.node(name, "Transpose", [x, self.constant(f"{name}/axes", axes, "int32")])

    def read(self) -> tfjs.Network:
        whole = {
            "format": "graph-model",
            "modelTopology": {"node": self.nodes},
            "weightsManifest": [{"weights": self.weights}],
            "signature": {"inputs": {"image:0": {}}, "outputs": {}},
        }
        return tfjs.read(json.dumps(whole).encode(), self.bytes)


def small(padding: str = "VALID") -> tuple[Maker, np.ndarray, np.ndarray]:
    """A padded convolution, activated, doubled and halved again; sizes as in a network of `SOURCE_SIZE` pixels."""
    maker, random = Maker(), np.random.default_rng(0)
    kernel = random.integers(-4, 5, (3, 3, 3, 2)).astype(np.float32)
    bias = np.array([1, -2], np.float32)
    maker.node("image", "Placeholder", [])
    amounts = maker.constant("amounts", [[0, 0], [0, 0], [1, 1], [1, 1]], "int32")
    x = maker.turned("turned", maker.node("padded", "Pad", ["image", amounts]), [0, 2, 3, 1])
    ones = {"list": {"i": ["1"] * 4}}
    weight = maker.constant("weight", kernel, "float32", stored="float16")
    x = maker.node("conv", "Conv2D", [x, weight], padding=word(padding), strides=ones, dilations=ones)
    x = maker.node("sum", "Add", [x, maker.constant("bias", bias, "float32")])
    x = maker.node("active", "LeakyRelu", [maker.turned("turned back", x, [0, 3, 1, 2])], alpha={"f": 0.1})
    x = maker.turned("turned again", x, [0, 2, 3, 1])
    usual = {"half_pixel_centers": {"b": True}, "align_corners": {"b": False}}
    for name, side in [("doubled", 2 * nanodet.SOURCE_SIZE), ("halved", nanodet.SOURCE_SIZE)]:
        x = maker.node(name, "ResizeBilinear", [x, maker.constant(f"{name}/size", [side] * 2, "int32")], **usual)
    return maker, kernel, bias


class Layers(unittest.TestCase):
    def test_a_small_network_gives_what_its_layers_say(self):
        maker, kernel, bias = small()
        graph = nanodet.Converter(maker.read(), 32, "float32")
        output = graph.tensor("halved")
        model = graph.model("small", {"image": [1, 3, 32, 32]}, {output: [1, 2, 32, 32]})
        picture = np.random.default_rng(1).integers(-4, 5, (3, 32, 32)).astype(np.float32)
        runtime = reference.Reference(
            {"input": {"name": "image"}, "outputs": {"map": output}}, model.SerializeToString()
        )
        found = runtime.run(picture[None])["map"][0]

        padded = np.pad(picture, ((0, 0), (1, 1), (1, 1))).transpose(1, 2, 0)[..., None]
        expected = np.empty((2, 32, 32))
        for row, column in np.ndindex(32, 32):
            expected[:, row, column] = (kernel * padded[row : row + 3, column : column + 3]).sum((0, 1, 2)) + bias
        expected = np.where(expected > 0, expected, expected / 10)
        twice = doubling(32)
        expected = (twice @ expected @ twice.T).reshape(2, 32, 2, 32, 2).mean((2, 4))
        np.testing.assert_allclose(found, expected, atol=1e-3)

    def test_what_is_not_known_is_refused(self):
        maker, _, _ = small(padding="SAME")
        maker.node("softplus", "Softplus", ["active"])
        for wrong in ("halved", "softplus", "nothing"):
            with self.subTest(wrong), self.assertRaises(tfjs.Refused):
                nanodet.Converter(maker.read(), 32, "float32").tensor(wrong)
        with self.assertRaises(tfjs.Refused):
            nanodet.Converter(small()[0].read(), 100, "float32")


class Reader(unittest.TestCase):
    def test_constants_are_as_many_as_the_manifest_says(self):
        for change in (lambda stored: stored[:-1], lambda stored: stored + b"0"):
            maker, _, _ = small()
            maker.bytes = change(maker.bytes)
            with self.assertRaises(tfjs.Refused):
                maker.read()

    def test_other_ways_of_storing_are_refused(self):
        maker, _, _ = small()
        for change in ({"dtype": "uint8", "min": 0, "scale": 1}, {"dtype": "float16", "scale": 1}):
            maker.weights[2]["quantization"] = change
            with self.assertRaises(tfjs.Refused):
                maker.read()


if __name__ == "__main__":
    unittest.main()
