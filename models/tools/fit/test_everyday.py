"""Everyday pictures: what is known of them, and what is fitted and measured on them."""

import json
import unittest
from types import SimpleNamespace

import numpy as np

from convert.tree import Tree
from fit import arrays, curve, data, general_head, general_pictures, judge, thresholds, truths
from fit.data import UNKNOWN
from fit.head import Head

TREE_OF_TAGS = arrays.bundled()
TAGS = [
    {"id": "animal", "parents": []},
    {"id": "dog", "parents": ["animal"]},
    {"id": "pug", "parents": ["dog"]},
    {"id": "food", "parents": []},
    {"id": "drink", "parents": ["food"]},
    {"id": "tree", "parents": []},
]
TREE = arrays.of(Tree.parse(json.dumps({"tags": TAGS, "classes": ["pug"]})))
ANIMAL, DOG, PUG, FOOD, DRINK, TREE_TAG = range(6)
RELATIONS = curve.relate(TREE, ["animal", "tree"], [])


class ByEye(unittest.TestCase):
    """What people looked up is well formed and about tags that exist."""

    def test_labels_are_known_tags_with_known_answers(self):
        labels = data.labels_by_eye()
        self.assertGreater(len(labels), 2500)
        for digest, row in labels.items():
            self.assertRegex(digest, "^[0-9a-f]{64}$")
            self.assertLessEqual(set(row.values()), {"1", "0", "?", ""})
        self.assertEqual(list(row), data.general().tags)

    def test_verdicts_are_about_known_tags_and_each_is_given_once(self):
        verdicts = data.verdicts()
        lines = data.VERDICTS.read_text(encoding="utf-8").splitlines()
        self.assertEqual(len(verdicts), len(lines) - 1)
        self.assertLessEqual({tag for _, tag in verdicts}, TREE_OF_TAGS.index.keys())
        self.assertEqual(set(verdicts.values()), {"r", "w", "a"})

    def test_what_is_arguable_counts_for_nothing(self):
        seen, general = data.labels_by_eye(), data.general()
        arguable = [
            general.y[row, column]
            for row, digest in enumerate(general.sha256)
            for column, tag in enumerate(general.tags)
            if seen.get(digest, {}).get(tag) == "?" and not (tag == "water" and seen[digest]["sea"] == "1")
        ]
        self.assertGreater(len(arguable), 500)
        self.assertGreater(np.mean(np.array(arguable) == UNKNOWN), 0.99)  # a twin may know better


class Collecting(unittest.TestCase):
    def test_of_near_duplicates_one_stays_with_what_is_known_of_all(self):
        embedding = np.array([[1, 0, 0], [1, 0.01, 0], [0, 1, 0]], np.float32)
        y = np.array([[1, UNKNOWN, UNKNOWN], [UNKNOWN, 0, 1], [0, 0, 0]], np.uint8)
        digests = np.array([[7], [0], [9]], np.uint8)
        kept = general_pictures.without_near_duplicates(embedding, y, digests)
        self.assertEqual(kept.tolist(), [1, 2])
        self.assertEqual(y[1].tolist(), [1, 0, 1])
        self.assertEqual(digests[1], [7], "an embedding without a picture is that of its twin")

    def test_a_sea_is_water(self):
        rows = general_pictures.Rows(["sea", "water"], [], y=[np.array([1, 0]), np.array([0, 0])])
        general_pictures.a_sea_is_water(rows)
        self.assertEqual([one.tolist() for one in rows.y], [[1, 1], [0, 0]])


class Truth(unittest.TestCase):
    def test_verdicts_reach_up_where_right_and_down_where_wrong(self):
        y = np.array([[UNKNOWN], [UNKNOWN], [1]])
        verdicts = {("a", "pug"): "r", ("b", "dog"): "w", ("c", "dog"): "a", ("elsewhere", "dog"): "r"}
        truth = truths.of_everyday(y, ["animal"], ["a", "b", "c"], verdicts, TREE)
        self.assertEqual(truth[0, [ANIMAL, DOG, PUG]].tolist(), [truths.RIGHT] * 3)
        self.assertEqual(truth[1, [ANIMAL, DOG, PUG]].tolist(), [truths.UNKNOWN, truths.WRONG, truths.WRONG])
        self.assertEqual(truth[2, [ANIMAL, DOG, PUG]].tolist(), [truths.RIGHT, truths.UNKNOWN, truths.UNKNOWN])

    def test_where_there_is_no_food_there_may_be_a_drink(self):
        truth = truths.of_everyday(np.array([[0]]), ["food"], ["a"], {}, TREE)
        self.assertEqual(truth[0, [FOOD, DRINK]].tolist(), [truths.WRONG, truths.UNKNOWN])


class Fitting(unittest.TestCase):
    def pictures(self) -> general_head.Labelled:
        random = np.random.default_rng(3)
        n, x = 120, np.abs(np.random.default_rng(2).normal(size=(120, 6))).astype(np.float32)
        y = (x[:, :2] > 0.7).astype(np.uint8)
        zeros = np.zeros((n, 2))
        digests = [f"{number:064x}" for number in range(n)]
        everyday = random.random(n) < 0.5
        return general_head.Labelled(
            ["animal", "tree"], x, y, np.zeros(n, bool), np.zeros(n, int), ["x"], zeros, zeros, digests, everyday
        )

    def test_a_confidence_out_of_fold_does_not_know_its_own_label(self):
        pictures = self.pictures()
        z = general_head.cross_validate(pictures)
        head = Head(general_head.fit(pictures, z))
        rows = general_head.out_of_fold(pictures, general_head.folds(pictures), general_head.C)
        before = general_head.confidences_out_of_fold(pictures, z, head)
        pictures.y[0] = 1 - pictures.y[0]
        after = general_head.confidences_out_of_fold(pictures, z, head)
        np.testing.assert_allclose(after[0], before[0], atol=1e-9)
        self.assertGreater(np.abs(after - before).max(), 1e-6, "others do")
        z_after = general_head.out_of_fold(pictures, general_head.folds(pictures), general_head.C)
        np.testing.assert_allclose(z_after[0], rows[0], atol=1e-9)

    def test_everyday_pictures_decide_about_the_curve(self):
        pictures = self.pictures()
        z = np.where(pictures.y == 1, 2.0, -2.0) + np.random.default_rng(1).normal(size=pictures.y.shape)
        often = pictures.is_everyday[:, None] & (pictures.y == 0) & (np.random.default_rng(5).random(z.shape) < 0.5)
        z[often] = 3.0  # wrong alarms, but only on everyday pictures
        everything = np.ones(len(z), bool)
        held = general_head.curves_of(pictures, z, everything)[0]
        pictures.is_everyday = ~pictures.is_everyday
        trusting = general_head.curves_of(pictures, z, everything)[0]
        at = 3.0
        self.assertLess(held["slope"] * at + held["offset"], trusting["slope"] * at + trusting["offset"] - 0.1)


class Doubts(unittest.TestCase):
    FITTED = np.array([1.0, 0.0, 0.0, 0.0])

    def seen(self, right: list[bool]) -> curve.Set:
        """Pictures of a pug that scores 0.8, and of the dog above it, which is always one."""
        scores, truth = np.zeros((len(right), len(TAGS))), np.full((len(right), len(TAGS)), truths.UNKNOWN, np.int8)
        scores[:, [ANIMAL, DOG, PUG]] = 0.8
        truth[:, PUG] = np.where(right, truths.RIGHT, truths.WRONG)
        truth[:, DOG] = truths.WRONG
        return curve.Set(scores, np.zeros((len(right), 2)), truth)

    def doubt(self, everyday: list[bool], others: list[bool]) -> np.ndarray:
        return curve.fit_doubts(self.seen(everyday), self.seen(others), self.FITTED, RELATIONS)

    def test_a_leaf_that_everyday_pictures_disproved_is_doubted_and_a_parent_never(self):
        doubts = self.doubt([False] * curve.LEAST_WRONG, [])
        self.assertLess(doubts[PUG], -1)
        self.assertEqual(np.count_nonzero(doubts), 1)
        self.assertFalse(self.doubt([False] * (curve.LEAST_WRONG - 1), [False] * 9).any(), "fewer may be chance")

    def test_pictures_that_prove_a_leaf_take_the_doubt_away(self):
        disproved = [False] * curve.LEAST_WRONG
        self.assertGreater(self.doubt(disproved, [True] * 3)[PUG], self.doubt(disproved, [])[PUG])
        self.assertEqual(self.doubt(disproved + [True] * 40, [])[PUG], 0, "nothing is trusted more than the curve says")

    def test_a_doubt_lowers_the_leaf_alone(self):
        one, doubts = self.seen([True]), np.zeros(len(TAGS))
        doubts[PUG] = -2.0
        plain, doubted = (curve.confidences(one, self.FITTED, RELATIONS, some).own[0] for some in (0, doubts))
        self.assertLess(doubted[PUG], plain[PUG] - 0.3)
        self.assertEqual(doubted[DOG], plain[DOG])

    def test_the_card_s_doubts_are_read_by_name(self):
        self.assertEqual(curve.read_doubts({"doubts": {"pug": -1.5}}, TREE).tolist(), [0, 0, -1.5, 0, 0, 0])
        self.assertFalse(curve.read_doubts({}, TREE).any())


class Measuring(unittest.TestCase):
    def test_only_judged_tags_count_and_folded_parents_are_found(self):
        truth = np.full((2, len(TAGS)), truths.UNKNOWN, np.int8)
        truth[0, [ANIMAL, DOG, PUG]] = truths.RIGHT
        truth[0, TREE_TAG] = truths.WRONG
        truth[1, TREE_TAG] = truths.RIGHT
        found = judge.everyday([[PUG, TREE_TAG], [DOG]], truth, RELATIONS)
        self.assertAlmostEqual(found["precision"], 1 / 2)
        self.assertAlmostEqual(found["precision_of_classes"], 1)
        self.assertAlmostEqual(found["precision_of_general_tags"], 0)
        self.assertAlmostEqual(found["tags_judged"], 2 / 3)
        self.assertAlmostEqual(found["recall_of_general_tags"], 1 / 2, msg="the animal is folded, the tree is missed")
        self.assertAlmostEqual(found["right_tags_per_picture"], 3 / 2)

    def test_sure_and_generous_keep_their_promise_on_everyday_pictures_too(self):
        def shown(found, steps):
            return [[[0] if one >= step else [] for step in steps] for one in found.merged[:, 0]]

        sure = np.linspace(0.3, 0.97, 200)[:, None]
        found = curve.Confidences(sure, sure)
        right, half = np.full((200, 1), truths.RIGHT), np.where(sure < 0.8, truths.WRONG, truths.RIGHT)
        program = SimpleNamespace(shown=shown)
        easy = thresholds.choose(found, right, found, right, program)
        held = thresholds.choose(found, right, found, half, program)
        self.assertEqual(easy["sure"], thresholds.LEAST_THRESHOLD)
        self.assertGreater(held["sure"], 0.75)
        self.assertGreater(held["sure"], held["generous"])
        self.assertEqual(held["balanced"], thresholds.LEAST_THRESHOLD, "held to ImageNet alone")


if __name__ == "__main__":
    unittest.main()
