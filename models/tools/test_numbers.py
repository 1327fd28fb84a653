"""The arithmetic of heads, calibration and policy on small made-up data: no pictures, no network.

    python models/tools/test_numbers.py
"""

import unittest

import environment

environment.enter()

import numpy as np  # noqa: E402  (needs the packages that enter() provides)

import calibrate  # noqa: E402
import general_head  # noqa: E402
import logistic  # noqa: E402
import policy  # noqa: E402
import reliability  # noqa: E402
import tree as trees  # noqa: E402
import truths  # noqa: E402

TAGS = [
    {"id": "animal", "parents": [], "classes": []},
    {"id": "dog", "parents": ["animal"], "classes": []},
    {"id": "pug", "parents": ["dog"], "classes": [0]},
    {"id": "boxer", "parents": ["dog"], "classes": [1]},
    {"id": "cat", "parents": ["animal"], "classes": [2]},
    {"id": "graphics", "parents": [], "classes": []},
    {"id": "map", "parents": ["graphics"], "classes": [3]},
    {"id": "sky", "parents": [], "classes": []},
]
TREE = trees.of(TAGS)
RELATIONS = calibrate.relate(TREE, ["animal", "map"], ["map"])


def confidence(**tags: float) -> np.ndarray:
    row = np.zeros((1, len(TAGS)))
    for tag, value in tags.items():
        row[0, TREE.index[tag]] = value
    return TREE.raise_parents(row)[0]


def shown(threshold: float, head: dict[str, float] | None = None, **own: float) -> list[str]:
    classes = confidence(**own)
    merged = np.maximum(classes, confidence(**(head or {})))
    return [TREE.ids[tag] for tag in policy.shown(merged, classes, TREE, threshold, 0.8)]


class Logistic(unittest.TestCase):
    def test_a_known_curve_comes_out(self):
        random = np.random.default_rng(1)
        columns = np.stack([random.normal(size=20000), np.ones(20000)], 1)
        y = (random.random(20000) < logistic.sigmoid(columns @ [1.5, -0.5])).astype(float)
        np.testing.assert_allclose(logistic.fit_curve(columns, y), [1.5, -0.5], atol=0.08)

    def test_a_coefficient_of_the_wrong_sign_is_left_out(self):
        random = np.random.default_rng(2)
        columns = random.normal(size=(5000, 2))
        y = (random.random(5000) < logistic.sigmoid(columns @ [1.0, -1.0])).astype(float)
        found = logistic.fit_curve(columns, y, signs={0: 1, 1: 1})
        self.assertGreater(found[0], 0.5)
        self.assertEqual(found[1], 0)

    def test_wide_and_small_fits_agree(self):
        random = np.random.default_rng(3)
        x = random.normal(size=(400, 5))
        y = (random.random(400) < logistic.sigmoid(x @ [1, -1, 0.5, 0, 0] + 0.3)).astype(float)
        row, intercept = logistic.fit_wide(x, y, 1e6)
        small = logistic.fit_curve(np.column_stack([x, np.ones(400)]), y)
        np.testing.assert_allclose([*row, intercept], small, atol=0.02)


class Heads(unittest.TestCase):
    def test_the_file_says_what_the_float_rows_said(self):
        random = np.random.default_rng(4)
        x = general_head.normalise(np.abs(random.normal(size=(50, 1280))))
        rows = random.normal(size=(2, 1280)) * 5
        numbers, whole = [], []
        for row in rows:
            int8, scale = general_head.quantise(row)
            whole.append(int8)
            numbers.append({"scale": scale, "intercept": 0.5, "calibration": {"slope": 2.0, "offset": -1.0}})
        head = general_head.Head(general_head.to_json(["one", "two"], np.array(whole), numbers))
        self.assertEqual(head.tags, ["one", "two"])
        z = head.values(x)
        np.testing.assert_allclose(z, x @ rows.T + 0.5, atol=0.15)
        np.testing.assert_allclose(head.confidences(z, np.zeros_like(z)), logistic.sigmoid(2 * z - 1))

    def test_sources_stay_whole_where_a_kind_has_several(self):
        source = np.repeat([0, 1, 2, 3, 4], 10)
        fold = general_head.assign_folds(source, ["maps", "maps", "maps", "charts", "charts"])
        self.assertTrue(all(len(set(fold[source == one])) == 1 for one in (0, 1, 2)))
        self.assertEqual(len(set(fold[source >= 3])), general_head.FOLDS)

    def test_average_precision(self):
        self.assertAlmostEqual(general_head.average_precision(np.array([3, 2, 1]), np.array([1, 0, 1])), (1 + 2 / 3) / 2)


class Curves(unittest.TestCase):
    def set_of(self, scores: np.ndarray, head: list[float], truth: np.ndarray | None = None) -> calibrate.Set:
        truth = np.zeros((len(scores), len(TAGS)), np.int8) if truth is None else truth
        return calibrate.Set(scores, np.tile(head, (len(scores), 1)), truth)

    def test_surer_scores_give_surer_tags(self):
        scores = np.zeros((50, len(TAGS)))
        scores[:, TREE.index["pug"]] = scores[:, 0] = scores[:, 1] = np.linspace(0.01, 0.999, 50)
        found = calibrate.confidences(self.set_of(scores, [0.2, 0.1]), np.array([1.2, 0.3, 0.2, -1.0]), RELATIONS)
        self.assertTrue((np.diff(found.own[:, TREE.index["pug"]]) > 0).all())

    def test_a_parent_is_never_less_sure(self):
        scores = np.random.default_rng(5).dirichlet(np.ones(4) * 0.3, 100) @ TREE.feeds
        head = np.random.default_rng(6).random((100, 2))
        found = calibrate.confidences(calibrate.Set(scores, head, scores), np.array([1.2, 0.3, 0.4, -2.0]), RELATIONS)
        for one in (found.own, found.merged):
            for tag, above in enumerate(TREE.above):
                self.assertTrue((one[:, above] >= one[:, [tag]]).all())

    def test_the_head_supports_and_contradicts(self):
        scores = np.array([[0.5, 0.3, 0.15, 0.05]]) @ TREE.feeds
        curve, pug = np.array([1.0, 0.0, 0.5, -1.0]), TREE.index["pug"]

        def own(head):
            return calibrate.confidences(self.set_of(scores, head), curve, RELATIONS).own[0]

        self.assertGreater(own([0.9, 0.0])[pug], own([0.05, 0.0])[pug])
        self.assertGreater(own([0.9, 0.0])[pug], own([0.9, 0.9])[pug])
        self.assertGreater(own([0.9, 0.9])[TREE.index["map"]], own([0.9, 0.1])[TREE.index["map"]])

    def test_the_lowest_threshold_that_keeps_the_promise(self):
        random = np.random.default_rng(7)
        own, truth = np.zeros((600, len(TAGS))), np.full((600, len(TAGS)), truths.WRONG, np.int8)
        cat = TREE.index["cat"]
        own[:, cat] = random.uniform(0.3, 1, 600)
        truth[:, cat] = np.where(random.random(600) < own[:, cat], truths.RIGHT, truths.WRONG)
        found = calibrate.Confidences(own, own)
        self.assertAlmostEqual(calibrate.choose_threshold(found, truth, TREE, 0.9), 0.8, delta=0.08)  # the mean of 0.8 to 1 is 0.9
        self.assertLess(calibrate.choose_threshold(found, truth, TREE, 0.75), 0.6)
        self.assertEqual(calibrate.choose_threshold(found, truth, TREE, 0.1), calibrate.LEAST_THRESHOLD)

    def test_bins(self):
        rows = reliability.bins(np.array([0.05, 0.95, 1.0]), np.array([0.0, 1.0, 0.0]), 10)
        self.assertEqual([row["pairs"] for row in rows], [1, 2])
        self.assertAlmostEqual(calibrate.calibration_error(np.array([0.25, 0.25]), np.array([1.0, 0.0])), 0.25)
        self.assertIn("<svg", reliability.draw([("leaves", rows), ("parents", rows)]))


class Policy(unittest.TestCase):
    def test_the_most_specific_is_shown_and_its_parents_are_folded(self):
        self.assertEqual(shown(0.6, pug=0.9), ["pug"])
        self.assertEqual(shown(0.6, pug=0.5, dog=0.85), ["dog"])

    def test_a_doubtful_parent_is_shown_alone_only(self):
        self.assertEqual(shown(0.6, pug=0.5, dog=0.7), ["dog"])
        self.assertEqual(shown(0.6, map=0.9, dog=0.7), ["map"])
        self.assertEqual(shown(0.6, map=0.9, dog=0.85), ["map", "dog"])
        self.assertEqual(shown(0.6, head={"animal": 0.7}, map=0.9), ["map", "animal"])

    def test_where_breeds_compete_the_parent_is_shown(self):
        self.assertEqual(shown(0.3, pug=0.4, boxer=0.35, dog=0.9), ["dog"])
        self.assertEqual(shown(0.3, pug=0.55, boxer=0.35, dog=0.9), ["pug"])
        self.assertEqual(shown(0.3, pug=0.6, boxer=0.55), ["pug", "boxer"])
        self.assertEqual(shown(0.3, pug=0.4, cat=0.35), ["pug", "cat"], "two animals are not of a kind")

    def test_nothing_is_shown_where_nothing_clears_the_threshold(self):
        self.assertEqual(shown(0.6, head={"sky": 0.9}, pug=0.2, dog=0.7), ["sky"])
        self.assertEqual(shown(0.6, pug=0.2), [])


if __name__ == "__main__":
    unittest.main()
