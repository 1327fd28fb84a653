"""Tests of the face detectors' conversion, without their network."""

import unittest

import numpy as np
import onnxruntime

from convert import blazeface, network
from convert.tflite import Network, Operator, Refused, Tensor

CONV = {"padding": 1, "stride_width": 1, "stride_height": 1, "activation": 0, "dilation_width": 1, "dilation_height": 1}


class Conversion(unittest.TestCase):
    def test_doubling_interpolates_between_middles(self):
        np.testing.assert_allclose(network.doubling(3) @ [0, 4, 8], [0, 1, 3, 5, 7, 8])

    def test_a_small_network_gives_what_its_layers_say(self):
        random = np.random.default_rng(0)
        kernel = random.integers(-4, 5, (8, 3, 3, 2)).astype(np.float16)
        bias = random.integers(-4, 5, 8).astype(np.float16)
        shapes = [(1, 4, 4, 2), (8, 3, 3, 2), (8,), (8, 3, 3, 2), (8,), (4, 2), (1, 6, 6, 2), (1, 4, 4, 8)]
        shapes += [(2,), (1, 8, 8, 8), (1, 16, 16, 2), (1, 512, 1)]
        data = {1: kernel, 2: bias, 5: np.array([[0, 0], [1, 1], [1, 1], [0, 0]]), 8: np.array([8, 8])}
        tensors = [Tensor(str(number), shape, data.get(number)) for number, shape in enumerate(shapes)]
        layers = [
            Operator("dequantize", (1,), (3,), {}),
            Operator("dequantize", (2,), (4,), {}),
            Operator("pad", (0, 5), (6,), {}),
            Operator("conv", (6, 3, 4), (7,), CONV | {"activation": 1}),
            Operator("resize_bilinear", (7, 8), (9,), {"align_corners": 0, "half_pixel_centres": 1}),
            Operator("depth_to_space", (9,), (10,), {"block": 2}),
            Operator("reshape", (10,), (11,), {}),
        ]
        picture = random.integers(-4, 5, (4, 4, 2)).astype(np.float32)
        padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)))
        expected = np.empty((4, 4, 8))
        for row, column in np.ndindex(4, 4):
            expected[row, column] = np.maximum(
                (kernel * padded[row : row + 3, column : column + 3]).sum((1, 2, 3)) + bias, 0
            )
        matrix = network.doubling(4)
        expected = np.einsum("ab,bcd,ec->aed", matrix, expected, matrix)
        expected = expected.reshape(8, 8, 2, 2, 2).transpose(0, 2, 1, 3, 4).reshape(512)

        small = Network(tensors, (0,), (11,), layers)
        model = blazeface.build(small, "small")
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        (found,) = session.run(["scores"], {"image": picture.transpose(2, 0, 1)[None]})
        np.testing.assert_allclose(found.reshape(-1), expected, atol=1e-4)

    def test_what_is_not_known_is_refused(self):
        tensors = [Tensor("x", (1, 2, 2, 1), None), Tensor("y", (1, 2, 2, 1), None)]
        network = Network(tensors, (0,), (1,), [Operator("relu", (0,), (1,), {"activation": 3})])
        with self.assertRaises(Refused):
            blazeface.build(network, "small")


if __name__ == "__main__":
    unittest.main()
