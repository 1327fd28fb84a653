"""Tests of the object detector's figures, on made-up boxes."""

import unittest

import numpy as np

from eval import sizes_of_detector as sizes
from eval.sizes_of_detector import Boxes

HALVES = np.array([[0, 0, 0.5, 1], [0.5, 0, 0.5, 1]])


def found(*boxes: tuple[float, list[float]]) -> list[tuple]:
    return [(np.zeros(len(boxes), int), np.array([z for z, _ in boxes]), np.array([box for _, box in boxes], float))]


class OfBoxes(unittest.TestCase):
    def test_a_true_box_is_found_once(self):
        truth = Boxes(np.array([0, 0]), HALVES, np.array([False, False]))
        left, right, nowhere = [0, 0, 0.5, 0.9], [0.6, 0, 0.4, 1], [0.2, 0.2, 0.1, 0.1]
        self.assertAlmostEqual(sizes.of_boxes(found((2, left), (1, right)), [truth], 0), 1)
        self.assertAlmostEqual(sizes.of_boxes(found((3, left), (2, left), (1, right)), [truth], 0), 0.5 + 0.5 * 2 / 3)
        self.assertAlmostEqual(sizes.of_boxes(found((2, nowhere), (1, left)), [truth], 0), 0.5 / 2)
        self.assertEqual(sizes.of_boxes(found((1, nowhere)), [truth], 0), 0)
        self.assertIsNone(sizes.of_boxes(found((1, left)), [truth], 7))

    def test_boxes_in_a_crowd_count_for_nothing(self):
        truth = Boxes(np.array([0, 0]), HALVES, np.array([False, True]))
        boxes = found((3, [0.7, 0.2, 0.1, 0.2]), (2, [0.5, 0, 0.5, 1]), (1, [0, 0, 0.5, 1]))
        self.assertEqual(sizes.of_boxes(boxes, [truth], 0), 1)


class OfPictures(unittest.TestCase):
    def test_what_is_found_where_nine_in_ten_are_right(self):
        surest = np.full((12, 80), -np.inf)
        there, large = np.zeros((12, 80), bool), np.zeros((12, 80), bool)
        surest[:11, 3] = np.arange(11, 0, -1)
        there[:9, 3] = there[11, 3] = True
        large[:5, 3] = large[11, 3] = True
        figures = sizes.of_pictures(surest, there, large)
        self.assertAlmostEqual(figures["found"], 5 / 6)
        self.assertAlmostEqual(figures["tags"], 10 / 12)
        self.assertAlmostEqual(figures["none"], 1 / 6)
        self.assertAlmostEqual(figures["from"], 1 / (1 + np.exp(-2)))

    def test_a_mirrored_box_lies_on_the_other_side(self):
        boxes = Boxes(np.array([1]), np.array([[0.1, 0.2, 0.3, 0.4]]), np.array([False]))
        np.testing.assert_allclose(boxes.mirrored().regions, [[0.6, 0.2, 0.3, 0.4]])


if __name__ == "__main__":
    unittest.main()
