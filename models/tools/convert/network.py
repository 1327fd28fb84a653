"""What the conversions to ONNX share: int8 weights, SAME padding, doubling a map's size, and a model around a graph.

A conversion gives the same bytes on every run: all arithmetic is float64 element by element, names and order are fixed.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int, int]:
    """TensorFlow's SAME: (before, after, size of the output) along one side of `size` pixels."""
    out = -(-size // stride)
    total = max((out - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2, out


def quantize(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 and float32 scales, symmetric, one scale per output channel (axis 0)."""
    highest = np.abs(weight).reshape(len(weight), -1).max(axis=1)
    scale = np.where(highest > 0, highest / 127, 1).astype(np.float32)
    whole = np.rint(weight / scale.astype(np.float64).reshape(-1, *[1] * (weight.ndim - 1)))
    return np.clip(whole, -127, 127).astype(np.int8), scale


def doubling(size: int) -> np.ndarray:
    """The matrix that doubles `size` numbers by linear interpolation between their middles; the first and last are
    held."""
    places = np.clip((np.arange(2 * size) + 0.5) / 2 - 0.5, 0, size - 1)
    below = np.minimum(places.astype(int), size - 2)
    matrix = np.zeros((2 * size, size), np.float32)
    matrix[np.arange(2 * size), below] = 1 - (places - below)
    matrix[np.arange(2 * size), below + 1] = places - below
    return matrix


class Graph:
    """Collects nodes and initializers in the order in which they are added. `weights`: int8, float16 or float32."""

    def __init__(self, weights: str):
        self.kind = weights
        self.nodes, self.initializers = [], []

    def constant(self, name: str, value) -> str:
        self.initializers.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def doubled(self, x: str, output: str, height: int, width: int) -> str:
        """A map of twice the height and width, bilinear, by two products with a matrix: every engine computes those
        alike, while resizing is where engines differ."""
        rows = self.constant(f"{output}.rows", doubling(height))
        columns = self.constant(f"{output}.columns", doubling(width).T)
        taller = self.node("MatMul", [rows, x], f"{output}.taller")
        return self.node("MatMul", [taller, columns], output)

    def reshaped(self, x: str, output: str, shape: list[int]) -> str:
        return self.node("Reshape", [x, self.constant(f"{output}.shape", np.array(shape, np.int64))], output)

    def weight(self, name: str, value: np.ndarray, kind: str | None = None) -> str:
        """A weight as it is stored, and what makes float32 of it. `kind`: for this one, where it differs."""
        kind = kind or self.kind
        if kind == "float32":
            return self.constant(name, value.astype(np.float32))
        if kind == "float16":
            half = self.constant(f"{name}.half", value.astype(np.float16))
            return self.node("Cast", [half], name, to=TensorProto.FLOAT)
        whole, scale = quantize(value.astype(np.float64))
        inputs = [self.constant(f"{name}.int8", whole), self.constant(f"{name}.scale", scale)]
        return self.node("DequantizeLinear", inputs, name, axis=0)

    def model(self, name: str, inputs: dict[str, list[int]], outputs: dict[str, list[int]]) -> onnx.ModelProto:
        """The whole as a checked model; shapes by the names of inputs and outputs."""

        def values(shapes):
            return [helper.make_tensor_value_info(one, TensorProto.FLOAT, shape) for one, shape in shapes.items()]

        graph = helper.make_graph(self.nodes, name, values(inputs), values(outputs), self.initializers)
        about = {"producer_name": "tagsmith", "producer_version": "1", "ir_version": 8}
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], **about)
        onnx.checker.check_model(model, full_check=True)
        return model
