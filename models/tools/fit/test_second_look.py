"""The fusion of two looks on made-up evidence, and what is fitted of it."""

import json
import unittest

import numpy as np

from convert import coco, vocabulary
from convert.tree import Tree
from fit import arrays, data, detections, objects, second_look
from fit.detections import Detections
from fit.evidence import Seen
from fit.second_look import Fusion, look

TAGS = [
    {"id": "animal"},
    {"id": "dog", "parents": ["animal"]},
    {"id": "corgi", "parents": ["dog"]},
    {"id": "cat", "parents": ["animal"]},
    {"id": "fox", "parents": ["animal"]},
    {"id": "cup"},
    {"id": "sky"},
]
TREE = arrays.of(Tree.parse(json.dumps({"tags": TAGS, "classes": ["corgi", "cat", "fox", "cup"]})))
NAMES = second_look.names(TREE, ["dog", "cat", "cup", "cup"], ["animal"])
FUSION = Fusion(np.array([2.0, 2.5, 0.4, -3.0, -1.5]), -3.0, -2.0)
LEFT, RIGHT = [0.0, 0.0, 0.4, 0.4], [0.5, 0.5, 0.4, 0.4]


def boxes(*found: tuple[int, float, list[float]]) -> Detections:
    classes, z, regions = ([one[part] for one in found] for part in range(3))
    nothing = np.zeros((0, 4))
    return Detections(
        np.array(classes, int), np.array(z, float), np.array(regions, float).reshape(-1, 4), nothing[:, 0], nothing
    )


def fused(seen: Detections, fusion: Fusion = FUSION, **classes: float) -> dict[str, float]:
    first = np.zeros((1, len(TAGS)))
    for tag, confidence in classes.items():
        first[0, TREE.index[tag]] = confidence
    first = TREE.raise_parents(first)
    merged = second_look.fuse(look(first, first, [seen], NAMES), NAMES, fusion).merged[0]
    return dict(zip(TREE.ids, merged.tolist(), strict=True))


class Fusing(unittest.TestCase):
    def test_a_cat_that_the_classes_took_for_a_corgi(self):
        found = fused(boxes((1, 0.5, LEFT)), corgi=0.8)
        self.assertGreater(found["cat"], 0.6)
        self.assertLess(found["corgi"], 0.3)
        self.assertLess(found["dog"], 0.3)
        self.assertGreaterEqual(found["animal"], found["cat"], "a parent is never less sure")

    def test_a_cat_beside_a_corgi_says_nothing_against_it(self):
        found = fused(boxes((1, 0.5, LEFT), (0, 1.0, RIGHT)), corgi=0.8)
        self.assertGreater(found["corgi"], 0.7)
        self.assertGreater(found["cat"], 0.5)

    def test_what_the_classes_are_sure_of_speaks_against_its_rivals(self):
        self.assertGreater(fused(boxes((0, 0.0, LEFT)))["dog"], fused(boxes((0, 0.0, LEFT)), fox=0.9)["dog"] + 0.2)

    def test_what_the_detector_knows_and_does_not_see_is_less_likely_and_the_rest_stays(self):
        found = fused(boxes(), corgi=0.8, fox=0.8, cup=0.5, sky=0.5)
        self.assertLess(found["cup"], 0.2)
        self.assertLess(found["corgi"], 0.5)
        self.assertEqual((found["fox"], found["sky"]), (0.8, 0.5))

    def test_one_thing_is_one_class(self):
        alone, hidden = fused(boxes((0, 0.0, LEFT))), fused(boxes((0, 0.0, LEFT), (1, 0.2, LEFT)))
        beside = fused(boxes((0, 0.0, LEFT), (1, 0.2, RIGHT)))
        self.assertLess(hidden["dog"], alone["dog"] - 0.1)
        self.assertEqual(beside["dog"], alone["dog"])
        self.assertEqual(fused(boxes((2, 0.0, LEFT), (3, -0.1, LEFT)))["cup"], fused(boxes((2, 0.0, LEFT)))["cup"])

    def test_the_first_look_supports_a_box_and_a_box_decides(self):
        weak = boxes((2, -1.0, LEFT))
        self.assertGreater(fused(weak, cup=0.9)["cup"], fused(weak)["cup"])
        self.assertLess(fused(boxes((2, -2.0, LEFT)), cup=0.7)["cup"], 0.5)

    def test_without_numbers_that_move_it_the_first_look_stays(self):
        nothing = Fusion(FUSION.box, 0.0, 0.0)
        self.assertEqual(fused(boxes(), nothing, corgi=0.8)["corgi"], 0.8)


class Counting(unittest.TestCase):
    def test_a_part_of_a_thing_is_not_another_one(self):
        whole, half, beside = [0, 0, 1, 1], [0.6, 0, 1, 1], [0.4, 0, 0.5, 1]
        regions = np.array([whole, half, beside], float)
        found = second_look.counted(np.array([0.9, 0.8, 0.7]), regions, 0.5)
        self.assertEqual(found, [0, 1], "the third lies in the first")
        self.assertEqual(second_look.counted(np.array([0.4, 0.3, 0.2]), regions, 0.5), [0], "the surest always counts")

    def test_boxes_of_all_classes_of_a_tag_count_from_a_confidence_on(self):
        first = np.zeros((1, len(TAGS)))
        looks = look(first, first, [boxes((2, 2.0, LEFT), (3, 1.0, RIGHT), (3, -2.0, [0.1, 0.6, 0.1, 0.1]))], NAMES)
        cup = NAMES.tags.index(TREE.index["cup"])
        self.assertEqual(objects.counts(looks, NAMES, FUSION.box, 0.5)[0, cup], 2)
        self.assertEqual(objects.counts(looks, NAMES, FUSION.box, 0.01)[0, cup], 3)


class Folds(unittest.TestCase):
    def test_what_belongs_together_stays_together_and_folds_are_even(self):
        group = np.repeat(np.arange(20), 5)
        nothing = np.zeros((100, 1))
        fold = objects.folds_of(Seen(None, nothing, group, [], nothing))
        self.assertTrue(all(len(set(fold[group == one])) == 1 for one in range(20)))
        self.assertEqual(set(np.bincount(fold)), {20})


class Data(unittest.TestCase):
    def test_every_box_is_of_a_known_class_and_lies_about_the_picture(self):
        for seen in detections.read().values():
            self.assertTrue(((seen.classes >= 0) & (seen.classes < coco.CLASSES)).all())
            self.assertTrue((np.abs(seen.regions) < 3).all())
            self.assertTrue((np.diff(seen.z) <= 0).all(), "the surest first")

    def test_the_labels_name_cocos_classes(self):
        names = coco.read()
        rows = [line.split(",") for line in data.OBJECTS.read_text(encoding="utf-8").splitlines()[1:]]
        self.assertLessEqual({row[1] for row in rows}, {*names, ""})
        self.assertEqual(len({row[0] for row in rows}), 222)
        self.assertLessEqual(set(names.values()), {tag["id"] for tag in vocabulary.read_tree()})


if __name__ == "__main__":
    unittest.main()
