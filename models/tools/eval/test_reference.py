"""Tests of the reference's anchors and boxes, without pictures or a network."""

import unittest

import numpy as np
from PIL import Image

from convert import blazeface
from eval import reference, reference_faces


def card(detector: blazeface.Detector) -> dict:
    return {
        "input": {"width": detector.size, "height": detector.size},
        "anchors": {"strides": list(detector.strides), "offset": 0.5},
    }


class Anchors(unittest.TestCase):
    def test_short_range(self):
        centres = reference_faces.anchors(card(blazeface.SHORT))
        self.assertEqual(centres.shape, (896, 2))
        np.testing.assert_allclose(
            centres[[0, 1, 2, 32]], np.array([[0.5, 0.5], [0.5, 0.5], [1.5, 0.5], [0.5, 1.5]]) / 16
        )
        np.testing.assert_allclose(centres[511], [15.5 / 16] * 2)
        np.testing.assert_allclose(centres[[512, 517, 518]], np.array([[0.5, 0.5], [0.5, 0.5], [1.5, 0.5]]) / 8)
        np.testing.assert_allclose(centres[-1], [7.5 / 8] * 2)

    def test_full_range(self):
        centres = reference_faces.anchors(card(blazeface.FULL))
        self.assertEqual(centres.shape, (2304, 2))
        np.testing.assert_allclose(
            centres[[0, 1, 48, -1]], np.array([[0.5, 0.5], [1.5, 0.5], [0.5, 1.5], [47.5, 47.5]]) / 48
        )


class Boxes(unittest.TestCase):
    def test_a_box_lies_around_its_anchor(self):
        raw = np.zeros((1, 16))
        raw[0, :4] = [12.8, -6.4, 64, 32]
        boxes = reference_faces.decode(raw, np.array([[0.5, 0.5]]), 128)
        np.testing.assert_allclose(boxes, [[0.35, 0.325, 0.5, 0.25]])

    def test_overlap(self):
        others = np.array([[0, 0, 2, 2], [1, 0, 2, 2], [2, 0, 2, 2], [5, 5, 1, 1]], float)
        np.testing.assert_allclose(reference_faces.overlap(others[0], others), [1, 2 / 6, 0, 0])

    def test_the_surest_of_overlapping_boxes_stays(self):
        boxes = np.array([[0, 0, 10, 10], [1, 0, 10, 10], [20, 0, 10, 10], [8, 0, 10, 10]], float)
        z = np.array([1.0, 2.0, 0.5, 1.5])
        self.assertEqual(reference_faces.without_doubles(z, boxes, 0.3), [1, 3, 2])
        self.assertEqual(reference_faces.without_doubles(z, boxes, 0.1), [1, 2])
        self.assertEqual(reference_faces.without_doubles(z[:0], boxes[:0], 0.3), [])

    def test_the_frame_is_where_pillow_puts_the_picture(self):
        spec = {"width": 128, "height": 128, "fit": {"kind": "letterbox", "pad": [0, 0, 0]}, "filter": "bilinear"}
        for size in [(256, 256), (451, 300), (300, 451), (640, 50), (30, 999), (128, 127)]:
            fitted = np.asarray(reference.fit(Image.new("RGB", size, "white"), spec))[:, :, 0] == 255
            rows, columns = np.flatnonzero(fitted.any(1)), np.flatnonzero(fitted.any(0))
            found = (columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1)
            self.assertEqual(reference_faces.frame(*size, spec), tuple(int(value) for value in found), size)


if __name__ == "__main__":
    unittest.main()
