"""The arithmetic of heads, calibration and thresholds on small made-up data, and the data that are committed."""

import json
import unittest
from dataclasses import replace

import numpy as np

from convert.tree import Tree
from fit import (
    arrays,
    compare,
    curve,
    data,
    general_head,
    head,
    judge,
    logistic,
    network,
    reliability,
    thresholds,
    truths,
)

TAGS = [
    {"id": "animal", "parents": []},
    {"id": "dog", "parents": ["animal"]},
    {"id": "pug", "parents": ["dog"]},
    {"id": "boxer", "parents": ["dog"]},
    {"id": "cat", "parents": ["animal"]},
    {"id": "graphics", "parents": []},
    {"id": "map", "parents": ["graphics"]},
    {"id": "sky", "parents": []},
]
CLASSES = ["pug", "boxer", "cat", "map"]
TREE = arrays.of(Tree.parse(json.dumps({"tags": TAGS, "classes": CLASSES})))
TREE_OF_TAGS = arrays.bundled()
RELATIONS = curve.relate(TREE, ["animal", "map"], ["map"])


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
        x = head.normalise(np.abs(random.normal(size=(50, 1280))))
        rows = random.normal(size=(2, 1280)) * 5
        numbers, whole = [], []
        for row in rows:
            int8, scale = head.quantise(row)
            whole.append(int8)
            numbers.append({"scale": scale, "intercept": 0.5, "calibration": {"slope": 2.0, "offset": -1.0}})
        file = head.Head(head.to_json(["one", "two"], np.array(whole), numbers))
        self.assertEqual(file.tags, ["one", "two"])
        z = file.values(x)
        np.testing.assert_allclose(z, x @ rows.T + 0.5, atol=0.15)
        np.testing.assert_allclose(file.confidences(z, np.zeros_like(z)), logistic.sigmoid(2 * z - 1))

    def test_sources_stay_whole_where_a_kind_has_several(self):
        source = np.repeat([0, 1, 2, 3, 4], 10)
        fold = general_head.assign_folds(source, ["maps", "maps", "maps", "charts", "charts"])
        self.assertTrue(all(len(set(fold[source == one])) == 1 for one in (0, 1, 2)))
        self.assertEqual(len(set(fold[source >= 3])), general_head.FOLDS)

    def test_average_precision(self):
        self.assertAlmostEqual(
            general_head.average_precision(np.array([3, 2, 1]), np.array([1, 0, 1])), (1 + 2 / 3) / 2
        )


class Curves(unittest.TestCase):
    def set_of(self, scores: np.ndarray, head: list[float], truth: np.ndarray | None = None) -> curve.Set:
        truth = np.zeros((len(scores), len(TAGS)), np.int8) if truth is None else truth
        return curve.Set(scores, np.tile(head, (len(scores), 1)), truth)

    def test_surer_scores_give_surer_tags(self):
        scores = np.zeros((50, len(TAGS)))
        scores[:, TREE.index["pug"]] = scores[:, 0] = scores[:, 1] = np.linspace(0.01, 0.999, 50)
        found = curve.confidences(self.set_of(scores, [0.2, 0.1]), np.array([1.2, 0.3, 0.2, -1.0]), RELATIONS)
        self.assertTrue((np.diff(found.own[:, TREE.index["pug"]]) > 0).all())

    def test_a_parent_is_never_less_sure(self):
        scores = np.random.default_rng(5).dirichlet(np.ones(4) * 0.3, 100) @ TREE.feeds
        head = np.random.default_rng(6).random((100, 2))
        found = curve.confidences(curve.Set(scores, head, scores), np.array([1.2, 0.3, 0.4, -2.0]), RELATIONS)
        for one in (found.own, found.merged):
            for tag, above in enumerate(TREE.above):
                self.assertTrue((one[:, above] >= one[:, [tag]]).all())

    def test_the_head_supports_and_contradicts(self):
        scores = np.array([[0.5, 0.3, 0.15, 0.05]]) @ TREE.feeds
        fitted, pug = np.array([1.0, 0.0, 0.5, -1.0]), TREE.index["pug"]

        def own(head):
            return curve.confidences(self.set_of(scores, head), fitted, RELATIONS).own[0]

        self.assertGreater(own([0.9, 0.0])[pug], own([0.05, 0.0])[pug])
        self.assertGreater(own([0.9, 0.0])[pug], own([0.9, 0.9])[pug])
        self.assertGreater(own([0.9, 0.9])[TREE.index["map"]], own([0.9, 0.1])[TREE.index["map"]])

    def test_the_lowest_threshold_that_keeps_the_promise(self):
        precisions = np.clip(thresholds.STEPS, 0, 1)  # right as often as sure
        self.assertAlmostEqual(thresholds.lowest(precisions, 0.9), 0.9, delta=0.011)
        self.assertEqual(thresholds.lowest(precisions, 0.1), thresholds.LEAST_THRESHOLD)
        self.assertGreater(thresholds.lowest(np.zeros_like(precisions), 0.9), 0.9)
        dip = np.where(np.isclose(thresholds.STEPS, 0.6), 0.0, 0.95)
        self.assertAlmostEqual(thresholds.lowest(dip, 0.9), 0.63, msg="all from there on, not the first")

    def test_precision_counts_what_is_shown(self):
        truth = np.array([[truths.RIGHT, truths.WRONG], [truths.RIGHT, truths.RIGHT]], np.int8)
        self.assertEqual(thresholds.precision([[0, 1], [1]], truth), 2 / 3)
        self.assertEqual(thresholds.precision([[], []], truth), 1.0)

    def test_bins(self):
        rows = reliability.bins(np.array([0.05, 0.95, 1.0]), np.array([0.0, 1.0, 0.0]), 10)
        self.assertEqual([row["pairs"] for row in rows], [1, 2])
        self.assertAlmostEqual(judge.calibration_error(np.array([0.25, 0.25]), np.array([1.0, 0.0])), 0.25)
        self.assertIn("<svg", reliability.draw([("leaves", rows), ("parents", rows)]))


class Data(unittest.TestCase):
    """What is committed holds no picture and no name of a file, and is small."""

    def test_every_picture_is_its_hash_with_what_is_known_of_it(self):
        pictures = data.pictures()
        self.assertEqual(pictures.embedding.shape, (len(pictures.known), 1280))
        allowed = set("sha256 set class kind folder fair yes no people faces top5".split())
        for one in pictures.known:
            self.assertRegex(one["sha256"], "^[0-9a-f]{64}$")
            self.assertLessEqual(set(one), allowed)
        known = TREE_OF_TAGS.index.keys()
        named = {tag for one in pictures.known for key in ("fair", "yes", "no") for tag in one.get(key, [])}
        self.assertLessEqual(named, set(known))

    def test_general_embeddings_lie_in_8_bits(self):
        general = data.general()
        self.assertEqual(general.embedding.shape, (len(general.y), 1280))
        self.assertEqual(len(general.kinds), general.source.max() + 1)
        self.assertLessEqual(set(general.tags), TREE_OF_TAGS.index.keys())

    def test_no_file_is_larger_than_6_megabytes(self):
        for path in data.FOLDER.iterdir():
            self.assertLessEqual(path.stat().st_size, 6_000_000, path.name)


class Comparing(unittest.TestCase):
    def of(self, committed, made) -> list[str]:
        return list(compare.apart("file", committed, made))

    def test_equal_and_nearly_equal_numbers_are_no_difference(self):
        self.assertEqual(self.of({"a": [1.0, "b"]}, {"a": [1.004, "b"]}), [])
        self.assertEqual(self.of({"settings": {"sure": 0.82}}, {"settings": {"sure": 0.83}}), [])

    def test_each_difference_is_named_with_its_place(self):
        self.assertIn("file.a.0", self.of({"a": [0.5]}, {"a": [0.51]})[0])
        self.assertEqual(len(self.of({"a": 1}, {"b": 1})), 1)
        self.assertEqual(len(self.of({"a": [1]}, {"a": [1, 2]})), 1)
        self.assertEqual(len(self.of({"n": 500}, {"n": 499})), 1)
        self.assertEqual(
            len(self.of({"file": {"settings": {"sure": 0.82}}}, {"file": {"settings": {"sure": 0.84}}})), 1
        )

    def test_heads_are_judged_by_what_they_say(self):
        some = data.general()
        some = replace(
            some,
            embedding=some.embedding[::50],
            y=some.y[::50],
            is_val=some.is_val[::50],
            source=some.source[::50],
            sha256=some.sha256[::50],
        )
        labelled = general_head.prepare(some, TREE_OF_TAGS)
        committed = network.FOLDER.joinpath("heads", "general.json").read_text(encoding="utf-8")
        content = json.loads(committed)

        def with_offset(more: float) -> str:
            tags = [
                tag | {"calibration": tag["calibration"] | {"offset": tag["calibration"]["offset"] + more}}
                for tag in content["tags"]
            ]
            return json.dumps(content | {"tags": tags})

        self.assertEqual(compare.of_heads(committed, committed, labelled), [])
        self.assertEqual(compare.of_heads(committed, with_offset(0.001), labelled), [])
        self.assertEqual(len(compare.of_heads(committed, with_offset(0.3), labelled)), 1)
        fewer = json.dumps(content | {"tags": content["tags"][::-1]})
        self.assertEqual(len(compare.of_heads(committed, fewer, labelled)), 1)


if __name__ == "__main__":
    unittest.main()
