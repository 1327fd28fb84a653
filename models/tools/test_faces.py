"""Tests of the face detectors' conversion and decoding, without pictures or a network: `python models/tools/test_faces.py`."""

import unittest

import environment

environment.enter()

import numpy as np  # noqa: E402  (needs the packages that enter() provides)
import onnxruntime  # noqa: E402
from PIL import Image  # noqa: E402

import faces  # noqa: E402
import faces_reference  # noqa: E402
import reference  # noqa: E402
from tflite import Network, Operator, Refused, Tensor  # noqa: E402

CONV = {"padding": 1, "stride_width": 1, "stride_height": 1, "activation": 0, "dilation_width": 1, "dilation_height": 1}


def card(detector: faces.Detector) -> dict:
    return {
        "input": {"width": detector.size, "height": detector.size},
        "anchors": {"strides": list(detector.strides), "offset": 0.5},
    }


class Anchors(unittest.TestCase):
    def test_short_range(self):
        centres = faces_reference.anchors(card(faces.SHORT))
        self.assertEqual(centres.shape, (896, 2))
        np.testing.assert_allclose(centres[[0, 1, 2, 32]], np.array([[0.5, 0.5], [0.5, 0.5], [1.5, 0.5], [0.5, 1.5]]) / 16)
        np.testing.assert_allclose(centres[511], [15.5 / 16] * 2)
        np.testing.assert_allclose(centres[[512, 517, 518]], np.array([[0.5, 0.5], [0.5, 0.5], [1.5, 0.5]]) / 8)
        np.testing.assert_allclose(centres[-1], [7.5 / 8] * 2)

    def test_full_range(self):
        centres = faces_reference.anchors(card(faces.FULL))
        self.assertEqual(centres.shape, (2304, 2))
        np.testing.assert_allclose(centres[[0, 1, 48, -1]], np.array([[0.5, 0.5], [1.5, 0.5], [0.5, 1.5], [47.5, 47.5]]) / 48)


class Boxes(unittest.TestCase):
    def test_a_box_lies_around_its_anchor(self):
        raw = np.zeros((1, 16))
        raw[0, :4] = [12.8, -6.4, 64, 32]
        boxes = faces_reference.decode(raw, np.array([[0.5, 0.5]]), 128)
        np.testing.assert_allclose(boxes, [[0.35, 0.325, 0.5, 0.25]])

    def test_overlap(self):
        others = np.array([[0, 0, 2, 2], [1, 0, 2, 2], [2, 0, 2, 2], [5, 5, 1, 1]], float)
        np.testing.assert_allclose(faces_reference.overlap(others[0], others), [1, 2 / 6, 0, 0])

    def test_the_surest_of_overlapping_boxes_stays(self):
        boxes = np.array([[0, 0, 10, 10], [1, 0, 10, 10], [20, 0, 10, 10], [8, 0, 10, 10]], float)
        z = np.array([1.0, 2.0, 0.5, 1.5])
        self.assertEqual(faces_reference.without_doubles(z, boxes, 0.3), [1, 3, 2])
        self.assertEqual(faces_reference.without_doubles(z, boxes, 0.1), [1, 2])
        self.assertEqual(faces_reference.without_doubles(z[:0], boxes[:0], 0.3), [])

    def test_the_frame_is_where_pillow_puts_the_picture(self):
        spec = {"width": 128, "height": 128, "fit": {"kind": "letterbox", "pad": [0, 0, 0]}, "filter": "bilinear"}
        for size in [(256, 256), (451, 300), (300, 451), (640, 50), (30, 999), (128, 127)]:
            fitted = np.asarray(reference.fit(Image.new("RGB", size, "white"), spec))[:, :, 0] == 255
            rows, columns = np.flatnonzero(fitted.any(1)), np.flatnonzero(fitted.any(0))
            found = (columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1)
            self.assertEqual(faces_reference.frame(*size, spec), tuple(int(value) for value in found), size)


class Conversion(unittest.TestCase):
    def test_doubling_interpolates_between_middles(self):
        np.testing.assert_allclose(faces.doubling(3) @ [0, 4, 8], [0, 1, 3, 5, 7, 8])

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
            expected[row, column] = np.maximum((kernel * padded[row : row + 3, column : column + 3]).sum((1, 2, 3)) + bias, 0)
        matrix = faces.doubling(4)
        expected = np.einsum("ab,bcd,ec->aed", matrix, expected, matrix)
        expected = expected.reshape(8, 8, 2, 2, 2).transpose(0, 2, 1, 3, 4).reshape(512)

        network = Network(tensors, (0,), (11,), layers)
        model = faces.build(network, "small")
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        (found,) = session.run(["scores"], {"image": picture.transpose(2, 0, 1)[None]})
        np.testing.assert_allclose(found.reshape(-1), expected, atol=1e-4)

    def test_what_is_not_known_is_refused(self):
        tensors = [Tensor("x", (1, 2, 2, 1), None), Tensor("y", (1, 2, 2, 1), None)]
        network = Network(tensors, (0,), (1,), [Operator("relu", (0,), (1,), {"activation": 3})])
        with self.assertRaises(Refused):
            faces.build(network, "small")


if __name__ == "__main__":
    unittest.main()
