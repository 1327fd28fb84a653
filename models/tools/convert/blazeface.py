"""Makes ONNX files of MediaPipe's face detectors, BlazeFace, which are published as `.tflite` files.

What differs from the source, and why:

- Pictures are (channels, rows, columns) here and (rows, columns, channels) there: weights are turned once, so that only
  the last layers need a Transpose, where boxes are listed place by place.
- Padding around a picture is written into the Conv after it.
- Doubling a map's size by bilinear interpolation is two products with a fixed matrix (`network.doubling`).
- Weights stay float16, as they are published, behind a Cast: every number is the source's own. int8 saves 40 % and
  moves the logit of the surest box by 0.1 to 0.2 on average and 0.8 at most, and sides of boxes by up to 12 pixels
  (short range).
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

from convert import fetch, network, tflite

SAME, VALID = 0, 1
NOTHING, RELU = 0, 1  # activations
PLATFORM = "manylinux_2_17_x86_64"


@dataclass(frozen=True)
class Detector:
    """One of the published networks."""

    id: str
    name: str
    file: str  # within the package
    size: int  # of the picture it looks at
    strides: tuple[int, ...]  # pixels from one place to the next, one entry for each box of a place


SHORT = Detector(
    "blazeface-short", "BlazeFace, short range", "face_detection_short_range.tflite", 128, (8,) * 2 + (16,) * 6
)
FULL = Detector("blazeface-full", "BlazeFace, full range", "face_detection_full_range_sparse.tflite", 192, (4,))
DETECTORS = {detector.id: detector for detector in (SHORT, FULL)}
# The full range finds more faces that are small, and takes nearly four times the multiplications and 240 KB more on
# the first visit: `models/blazeface-short/README.md` has both.
SHIPPED = (SHORT,)


class Converter(network.Graph):
    """Writes one ONNX node after another while it walks through the layers of a network."""

    def __init__(self, source: tflite.Network, weights: str):
        super().__init__(weights)
        self.source = source
        self.constants = {i: tensor.data for i, tensor in enumerate(source.tensors) if tensor.data is not None}
        self.names = {source.inputs[0]: "image"}
        self.margins = {}  # padded tensor -> (the one within, rows before and after, columns before and after)

    def run(self) -> None:
        for number, layer in enumerate(self.source.operators):
            getattr(self, layer.kind)(layer, f"{layer.kind}{number}")

    def shape(self, tensor: int) -> tuple[int, ...]:
        return self.source.tensors[tensor].shape

    def finish(self, layer: tflite.Operator, output: str) -> None:
        """What is left of a layer whose numbers are in `output`: its activation, and to be known by name."""
        activation = layer.options.get("activation", NOTHING)
        if activation not in (NOTHING, RELU):
            raise tflite.Refused(f"activation {activation} is not known here")
        self.names[layer.outputs[0]] = self.node("Relu", [output], f"{output}.relu") if activation == RELU else output

    def dequantize(self, layer: tflite.Operator, _output: str) -> None:
        self.constants[layer.outputs[0]] = self.constants[layer.inputs[0]].astype(np.float32)

    def densify(self, layer: tflite.Operator, _output: str) -> None:
        self.constants[layer.outputs[0]] = self.constants[layer.inputs[0]]

    def conv(self, layer: tflite.Operator, output: str, order=(0, 3, 1, 2)) -> None:
        x, weight, bias = layer.inputs
        options = layer.options
        if options["dilation_width"] != 1 or options["dilation_height"] != 1 or options.get("multiplier", 1) != 1:
            raise tflite.Refused(f"{output} is a convolution of a kind that is not known here")
        kernel = self.constants[weight].transpose(order)
        strides = [options["stride_height"], options["stride_width"]]
        x, *margins = self.margins.get(x, (x, (0, 0), (0, 0)))
        if options["padding"] == SAME:
            margins = [
                network.same_padding(self.shape(x)[1 + i], kernel.shape[2 + i], strides[i])[:2] for i in range(2)
            ]
        inputs = [
            self.names[x],
            self.weight(f"{output}.weight", kernel),
            self.constant(f"{output}.bias", self.constants[bias]),
        ]
        pads = [margins[0][0], margins[1][0], margins[0][1], margins[1][1]]
        groups = self.shape(x)[3] // kernel.shape[1]
        self.node("Conv", inputs, output, kernel_shape=list(kernel.shape[2:]), strides=strides, pads=pads, group=groups)
        self.finish(layer, output)

    def depthwise_conv(self, layer: tflite.Operator, output: str) -> None:
        self.conv(layer, output, order=(3, 0, 1, 2))

    def relu(self, layer: tflite.Operator, output: str) -> None:
        self.finish(layer, self.node("Relu", [self.names[layer.inputs[0]]], output))

    def add(self, layer: tflite.Operator, output: str) -> None:
        self.finish(layer, self.node("Add", [self.names[x] for x in layer.inputs], output))

    def max_pool(self, layer: tflite.Operator, output: str) -> None:
        options, (_, height, width, _) = layer.options, self.shape(layer.inputs[0])
        kernel, strides = [options["height"], options["width"]], [options["stride_height"], options["stride_width"]]
        if height % strides[0] or width % strides[1] or kernel != strides:
            raise tflite.Refused(f"{output} would need padding")
        self.finish(
            layer, self.node("MaxPool", [self.names[layer.inputs[0]]], output, kernel_shape=kernel, strides=strides)
        )

    def pad(self, layer: tflite.Operator, output: str) -> None:
        x, amounts = layer.inputs
        pictures, rows, columns, channels = self.constants[amounts].tolist()
        if pictures != [0, 0]:
            raise tflite.Refused(f"{output} pads the list of pictures")
        if channels == [0, 0]:
            self.margins[layer.outputs[0]] = (x, rows, columns)
            return
        if rows != [0, 0] or columns != [0, 0]:
            raise tflite.Refused(f"{output} pads rows or columns as well as channels")
        pads = self.constant(f"{output}.pads", np.array([0, channels[0], 0, 0, 0, channels[1], 0, 0], np.int64))
        self.finish(layer, self.node("Pad", [self.names[x], pads], output))

    def resize_bilinear(self, layer: tflite.Operator, output: str) -> None:
        (_, height, width, _), after = self.shape(layer.inputs[0]), self.shape(layer.outputs[0])
        if (
            after[1:3] != (2 * height, 2 * width)
            or not layer.options["half_pixel_centres"]
            or layer.options["align_corners"]
        ):
            raise tflite.Refused(f"{output} resizes in a way that is not known here")
        self.finish(layer, self.doubled(self.names[layer.inputs[0]], output, height, width))

    def depth_to_space(self, layer: tflite.Operator, output: str) -> None:
        block, (_, height, width, channels) = layer.options["block"], self.shape(layer.outputs[0])
        apart = [block, block, channels, height // block, width // block]
        x = self.reshaped(self.names[layer.inputs[0]], f"{output}.apart", apart)
        x = self.node("Transpose", [x], f"{output}.turned", perm=[2, 3, 0, 4, 1])
        self.finish(layer, self.reshaped(x, output, [1, channels, height, width]))

    def reshape(self, layer: tflite.Operator, output: str) -> None:
        x = self.node("Transpose", [self.names[layer.inputs[0]]], f"{output}.turned", perm=[0, 2, 3, 1])
        self.finish(layer, self.reshaped(x, output, list(self.shape(layer.outputs[0]))))

    def concatenation(self, layer: tflite.Operator, output: str) -> None:
        if any(len(self.shape(x)) == 4 for x in layer.inputs):
            raise tflite.Refused(f"{output} joins pictures; only lists of boxes are known here")
        self.finish(
            layer, self.node("Concat", [self.names[x] for x in layer.inputs], output, axis=layer.options["axis"])
        )


def build(source: tflite.Network, name: str, weights: str = "float16") -> onnx.ModelProto:
    """The network as ONNX: `image` in, `scores` (1, boxes, 1) and `boxes` (1, boxes, 16) out."""
    converter = Converter(source, weights)
    converter.run()
    shapes = {tensor: source.tensors[tensor].shape for tensor in source.outputs}
    wanted = {converter.names[tensor]: "scores" if shape[2] == 1 else "boxes" for tensor, shape in shapes.items()}
    for node in converter.nodes:
        node.output[0] = node.name = wanted.get(node.output[0], node.output[0])
    named = {wanted[converter.names[tensor]]: shape for tensor, shape in shapes.items()}
    _, height, width, channels = source.tensors[source.inputs[0]].shape
    outputs = {one: named[one] for one in ("scores", "boxes") if one in named}
    return converter.model(name, {"image": [1, channels, height, width]}, outputs)


def source(detector: Detector) -> Path:
    """The published `.tflite` file; its package (36 MB) is downloaded the first time."""
    wheel = fetch.fetch(fetch.MEDIAPIPE, PLATFORM)
    path = wheel.with_name(detector.file)
    with zipfile.ZipFile(wheel) as archive:
        path.write_bytes(archive.read(f"mediapipe/modules/face_detection/{detector.file}"))
    return path


def make(detector: Detector, weights: str = "float16") -> bytes:
    """The bytes of the ONNX file."""
    return build(tflite.read(source(detector)), detector.id, weights).SerializeToString(deterministic=True)
