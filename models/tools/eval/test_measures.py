"""Tests of what `eval` computes and writes, without pictures, packages or the program."""

import json
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

from convert.tree import Tree
from eval import labelled, measures, on_classes, program, report_page
from eval.labelled import Picture
from eval.program import Report
from eval.section import Figure, Mistake, Mistakes, Section, Table

TREE = Tree.parse(
    json.dumps(
        {
            "tags": [
                {"id": "animal"},
                {"id": "dog", "parents": ["animal"]},
                {"id": "pug", "parents": ["dog"]},
                {"id": "boxer", "parents": ["dog"]},
                {"id": "cat", "parents": ["animal"]},
                {"id": "nature"},
                {"id": "sky", "parents": ["nature"]},
                {"id": "tool"},
                {"id": "hammer", "parents": ["tool"]},
                {"id": "person"},
            ],
            "classes": ["pug", "boxer", "cat", "hammer"],
        }
    )
)


def shown(tag: str, confidence: float = 0.9, source: str = "classes") -> dict:
    return {"id": tag, "confidence": confidence, "from": source, "parents": sorted(TREE.above(tag))}


def verdict(*tags: dict) -> measures.Verdict:
    return measures.judge(tags, "pug", TREE)


class Judging(unittest.TestCase):
    def test_the_own_tag_and_all_above_it_are_right(self):
        one = verdict(shown("pug"))
        self.assertEqual((one.n_right, one.n_wrong, one.n_right_folded, one.n_wrong_folded), (1, 0, 3, 0))
        self.assertTrue(one.has_leaf)
        self.assertEqual(verdict(shown("dog")).n_right, 1)
        self.assertFalse(verdict(shown("dog")).has_leaf)

    def test_a_wrong_breed_is_wrong_but_its_folded_parents_are_right(self):
        one = verdict(shown("boxer"))
        self.assertEqual((one.n_right, one.n_wrong, one.n_right_folded, one.n_wrong_folded), (0, 1, 2, 1))
        self.assertEqual((one.has_right, one.has_right_folded, one.has_leaf), (False, True, False))

    def test_a_parent_folded_twice_counts_once(self):
        self.assertEqual(verdict(shown("pug"), shown("boxer")).n_right_folded, 3)

    def test_a_tag_of_a_head_is_unknown_not_wrong_and_may_be_the_right_one(self):
        one = verdict(shown("sky", source="head:general"), shown("animal", source="head:general"))
        self.assertEqual((one.n_right, one.n_wrong, one.n_unknown, one.has_right), (0, 0, 2, True))

    def test_nothing_shown_is_no_wrong_tag_and_no_right_one(self):
        self.assertEqual(verdict(), measures.Verdict(0, 0, 0, 0, 0, False, False, False))

    def test_the_top_category_is_that_of_the_most_confident_tag_of_the_classes(self):
        tags = [shown("cat", 0.7), shown("hammer", 0.6), shown("sky", 0.9, "head:general")]
        self.assertTrue(measures.is_top_category_right(tags, "pug", TREE))
        self.assertFalse(measures.is_top_category_right([shown("hammer", 0.8), *tags], "pug", TREE))
        self.assertFalse(measures.is_top_category_right([], "pug", TREE))

    def test_top_n_counts_what_comes_before_the_label(self):
        scores = [0.1, 0.4, 0.4, 0.1]
        self.assertEqual([measures.is_in_top(scores, label, 1) for label in range(4)], [False, True, False, False])
        self.assertEqual([measures.is_in_top(scores, label, 3) for label in range(4)], [True, True, True, False])


class Calibration(unittest.TestCase):
    # 4 pairs at 0.9, of which 3 right; 6 at 0.1, of which none: (4 * 0.15 + 6 * 0.1) / 10.
    PAIRS = [(0.9, True)] * 3 + [(0.9, False)] + [(0.1, False)] * 6

    def test_the_error_of_a_known_toy(self):
        self.assertAlmostEqual(measures.calibration_error(measures.bins_of_equal_width(self.PAIRS)), 0.12)

    def test_a_kept_promise_has_no_error(self):
        pairs = [(0.75, True)] * 3 + [(0.75, False)]
        self.assertAlmostEqual(measures.calibration_error(measures.bins_of_equal_width(pairs)), 0)

    def test_certainty_falls_into_the_last_bin(self):
        self.assertEqual(measures.bins_of_equal_width([(1.0, True), (0.95, True)]), [measures.Bin(2, 0.975, 1.0)])

    def test_bins_of_equal_mass_hold_as_many_pairs_each(self):
        bins = measures.bins_of_equal_mass([(i / 100, i > 50) for i in range(100)], 15)
        self.assertEqual(sum(one.n for one in bins), 100)
        self.assertEqual({one.n for one in bins}, {6, 7})

    def test_without_pairs_there_is_no_error_to_speak_of(self):
        self.assertIsNone(measures.calibration_error(measures.bins_of_equal_mass([])))


class AveragePrecision(unittest.TestCase):
    def test_of_a_known_order(self):
        # Hits at ranks 1 and 3: (1 / 1 + 2 / 3) / 2.
        self.assertAlmostEqual(measures.average_precision([0.9, 0.8, 0.7, 0.1], [True, False, True, False]), 5 / 6)

    def test_unknown_truths_are_left_out(self):
        self.assertAlmostEqual(measures.average_precision([0.99, 0.9, 0.8, 0.7], [None, True, False, True]), 5 / 6)

    def test_ties_do_not_depend_on_the_order_of_the_pictures(self):
        one = measures.average_precision([0.5, 0.5, 0.5, 0.5], [True, False, False, False])
        other = measures.average_precision([0.5, 0.5, 0.5, 0.5], [False, False, False, True])
        self.assertEqual((one, other), (0.25, 0.25))

    def test_nothing_to_find_has_none(self):
        self.assertIsNone(measures.average_precision([0.5, 0.4], [False, None]))


class OutOfVocabulary(unittest.TestCase):
    def section(self, *tags: dict) -> Section:
        picture = Picture(Path("/data/out_of_vocabulary/a.jpg"), "sky", fair=frozenset({"hammer"}))
        pairs = [(picture, Report(tags=list(tags), ms=1.0))]
        return on_classes.out_of_vocabulary({"balanced": pairs}, TREE)

    def share_of_wrong_leaves(self, *tags: dict) -> float:
        return self.section(*tags).figures[0].value

    def test_only_leaves_of_the_classes_that_are_not_fair_are_wrong(self):
        self.assertEqual(self.share_of_wrong_leaves(shown("pug")), 1)
        self.assertEqual(self.share_of_wrong_leaves(shown("hammer")), 0)
        self.assertEqual(self.share_of_wrong_leaves(shown("dog")), 0)
        self.assertEqual(self.share_of_wrong_leaves(shown("sky")), 0)
        self.assertEqual(self.share_of_wrong_leaves(shown("person", source="detector:faces")), 0)

    def test_a_tag_above_the_kind_is_a_right_general_tag(self):
        self.assertEqual(self.section(shown("nature")).tables[0].rows[0][-1], 1)
        self.assertEqual(self.section(shown("animal")).tables[0].rows[0][-1], 0)


class Bars(unittest.TestCase):
    def test_a_bar_holds_at_its_value_and_on_its_side(self):
        self.assertTrue(Figure("a", 0.9, 1, 0.9).holds)
        self.assertFalse(Figure("a", 0.89, 1, 0.9).holds)
        self.assertTrue(Figure("a", 0.02, 1, 0.03, at_most=True).holds)
        self.assertFalse(Figure("a", 0.04, 1, 0.03, at_most=True).holds)

    def test_what_was_not_measured_neither_holds_nor_is_missed(self):
        self.assertIsNone(Figure("a", None, 0, 0.9).holds)
        self.assertIsNone(Figure("a", 0.9, 1).holds)


class Reading(unittest.TestCase):
    def test_an_empty_folder_names_every_set_as_absent(self):
        with tempfile.TemporaryDirectory() as folder:
            sets = labelled.read(Path(folder), TREE)
        self.assertEqual(sets.all(), [])
        for name in ["imagenet", "out_of_vocabulary", "general", "people", "grocery", "materials", "houses"]:
            self.assertTrue(any(line.startswith(name) for line in sets.absent), name)

    def test_pictures_of_the_training_set_are_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            imagenet = Path(folder, "imagenet")
            imagenet.mkdir()
            rows = [
                "path,class_index,wnid,short_name,origin",
                "a.jpg,0,n0,pug,val_squashed",
                "b.jpg,1,n1,boxer,train_sample",
            ]
            (imagenet / "labels.csv").write_text("\n".join(rows))
            (imagenet / "a.jpg").touch()
            (imagenet / "b.jpg").touch()
            sets = labelled.read(Path(folder), TREE)
        self.assertEqual(
            [(picture.path.name, picture.label, picture.is_squashed) for picture in sets.imagenet], [("a.jpg", 0, True)]
        )

    def test_a_failed_picture_has_no_tags_and_says_why(self):
        report = program.read({"path": "a", "error": {"code": "picture_damaged", "detail": "cut short"}}, frozenset())
        self.assertEqual((report.tags, report.fault), ([], "picture_damaged: cut short"))

    def test_candidates_below_the_least_confidence_stay_only_where_wanted(self):
        candidates = [{"id": tag, "confidence": 0.001, "score": 0.0, "from": "classes"} for tag in ("pug", "sky")]
        entry = {"path": "a", "tags": [], "timings_ms": {"decode": 1.0, "infer": 2.0}, "candidates": candidates}
        report = program.read(entry, frozenset({"sky"}))
        self.assertEqual([one["id"] for one in report.candidates], ["sky"])
        self.assertEqual(report.ms, 3.0)

    def test_command_lines_stay_short_and_keep_the_order(self):
        paths = [Path(f"/data/{'x' * 90}/{i}.jpg") for i in range(1000)]
        parts = list(program.chunks(paths))
        self.assertEqual([path for part in parts for path in part], paths)
        self.assertTrue(all(sum(len(str(path)) + 3 for path in part) <= program.MOST_BYTES for part in parts))


class Elements(HTMLParser):
    """Names of elements, and the attributes that could run something."""

    def __init__(self, page: str):
        super().__init__()
        self.names, self.handlers = set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.handlers += [
            name for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript:")
        ]


class Page(unittest.TestCase):
    HOSTILE = "</figure><script>alert(1)</script>\"'onload=alert(2)&\u202egpj.\ud800\n.jpg"

    def page(self) -> str:
        data = Path("/data")
        name, path = self.HOSTILE, data / "general" / self.HOSTILE
        section = Section(
            name,
            figures=[Figure(name, 0.5, 2, 0.9)],
            tables=[Table(name, [name], [[name]])],
            notes=[name],
            mistakes=[Mistakes(name, [Mistake(path, name, name, 0.9)])],
        )
        json.dumps(section.to_json(data)).encode()
        return report_page.make(name, [name], [section], [name], data)

    def setUp(self):
        self.thumbnail, report_page.thumbnail = report_page.thumbnail, lambda path: None

    def tearDown(self):
        report_page.thumbnail = self.thumbnail

    def test_a_hostile_name_stays_text(self):
        elements = Elements(self.page())
        self.assertNotIn("script", elements.names)
        self.assertEqual(elements.handlers, [])

    def test_characters_that_turn_text_around_or_cannot_be_written_are_spelt_out(self):
        page = self.page()
        page.encode()
        self.assertNotIn("\u202e", page)
        self.assertIn("\\u202egpj", page)

    def test_nothing_is_fetched(self):
        page = self.page()
        self.assertIn("default-src 'none'", page)
        self.assertNotIn("http:", page)
        self.assertNotIn("https:", page)


if __name__ == "__main__":
    unittest.main()
