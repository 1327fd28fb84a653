"""Tests of what is known of everyday pictures, and of the sections on them, without pictures or the program."""

import json
import tempfile
import unittest
from pathlib import Path

from convert.tree import Tree
from eval import everyday, labelled, on_everyday
from eval.everyday import ByEye, Everyday, Truth
from eval.program import Report

TREE = Tree.parse(
    json.dumps(
        {
            "tags": [
                {"id": "animal"},
                {"id": "dog", "parents": ["animal"]},
                {"id": "pug", "parents": ["dog"]},
                {"id": "cat", "parents": ["animal"]},
                {"id": "building"},
                {"id": "palace", "parents": ["building"]},
                {"id": "sky"},
                {"id": "cup"},
            ],
            "classes": ["pug", "palace", "cup"],
        }
    )
)
NAMES = frozenset({"dog", "cat", "cup"})
NOBODY = ByEye({}, set(), frozenset())


def picture(objects: str = "", large: str = "", by_eye: dict | None = None, **general: bool | None) -> Everyday:
    return Everyday(
        Path("/data/a.jpg"), True, frozenset(objects.split()), frozenset(large.split()), {}, general, by_eye or {}
    )


def report(*tags: str, candidates: list | None = None) -> Report:
    shown = [{"id": tag, "confidence": 0.9, "from": "classes", "parents": sorted(TREE.above(tag))} for tag in tags]
    return Report(tags=shown, candidates=candidates)


def figures(section) -> dict:
    return {figure.name: figure.value for figure in section.figures}


class Truths(unittest.TestCase):
    def test_what_has_a_box_is_there_with_what_lies_above_it_and_the_rest_of_cocos_names_is_not(self):
        truth = Truth(picture("dog"), TREE, NAMES)
        self.assertEqual([truth(tag)[1] for tag in ("dog", "animal", "cat", "cup")], [True, True, False, False])
        self.assertEqual(truth("pug"), (False, None), "nobody knows the breed")
        self.assertEqual(truth("sky"), (False, None))

    def test_a_general_label_wins_where_coco_has_no_box(self):
        self.assertEqual(Truth(picture(cup=True), TREE, NAMES)("cup"), (True, True))
        self.assertEqual(Truth(picture(cup=None), TREE, NAMES)("cup"), (True, None))
        self.assertEqual(Truth(picture("dog", animal=False), TREE, NAMES)("animal"), (True, True))

    def test_below_an_absent_tag_nothing_is_there_but_below_a_building(self):
        truth = Truth(picture(animal=False, building=False), TREE, NAMES)
        self.assertEqual(truth("pug"), (True, False))
        self.assertEqual(truth("palace"), (False, None), "a room of a palace is no building")

    def test_what_was_seen_stands_above_the_labels(self):
        seen = {"pug": True, "cup": False}
        truth = Truth(picture("cup", by_eye=seen), TREE, NAMES)
        self.assertEqual([truth(tag)[1] for tag in ("pug", "dog", "animal", "cup")], [True, True, True, False])
        by_labels = Truth(picture("cup", by_eye=seen), TREE, NAMES, by_eye=False)
        self.assertEqual([by_labels(tag)[1] for tag in ("dog", "cup")], [False, True])

    def test_the_number_of_people_says_whether_they_are_a_group(self):
        tags = [{"id": "person"}, *({"id": tag, "parents": ["person"]} for tag in ("group", "crowd"))]
        tree = Tree.parse(json.dumps({"tags": tags, "classes": []}))

        def judged(n: int, counts: dict | None = None) -> list:
            found = frozenset({"person"} if n else ())
            one = Everyday(Path("a"), True, found, found, {"person": n} if counts is None else counts)
            return [Truth(one, tree, frozenset({"person"}))(tag) for tag in ("group", "crowd")]

        self.assertEqual(judged(0), [(True, False)] * 2)
        self.assertEqual(judged(2), [(True, None), (True, False)])
        self.assertEqual(judged(5), [(True, True), (True, None)])
        self.assertEqual(judged(8), [(True, True)] * 2)
        self.assertEqual(judged(9, {}), [(False, None)] * 2, "a box around many has no number")


class Sections(unittest.TestCase):
    def test_objects(self):
        pairs = [
            (picture("dog cup", "dog cup"), report("pug", "cat")),
            (picture("cup", "cup"), report("sky")),
            (picture("cup"), report("cup")),
        ]
        found = figures(on_everyday.objects(pairs, TREE, NAMES))
        self.assertAlmostEqual(found["objects found"], 1 / 3, msg="the dog, of the dog and two cups that are large")
        self.assertAlmostEqual(found["shown objects that are right"], 2 / 3, msg="dog and cup, not the cat")
        self.assertAlmostEqual(found["pictures with objects and no right one"], 1 / 2, msg="of two with large ones")
        self.assertAlmostEqual(found["right tags a picture"], 2 / 3)

    def test_general_tags_and_objects_together(self):
        pairs = [(picture(sky=True, building=False), report("sky", "palace", "pug")) for _ in range(10)]
        found = figures(on_everyday.labelled(pairs, TREE, NAMES))
        self.assertAlmostEqual(found["shown tags that are right"], 1 / 3, msg="sky; not the building, not the dog")
        self.assertEqual(found["the worst tag shown 10 times or more"], 0)
        self.assertEqual(found["general tags found"], 1)

    def test_the_promise_says_how_much_was_judged(self):
        pairs = [(picture("dog", by_eye={"pug": None}), report("pug", "dog", "cat", "sky"))]
        section = on_everyday.promise({"balanced": pairs}, TREE, NAMES)
        self.assertEqual(section.tables[0].rows, [["balanced", 4, 1, 1, 1, 1, 3 / 4]])
        self.assertEqual(section.figures[0].value, 1 / 2)

    def test_bins_take_every_judged_candidate(self):
        candidates = [{"id": tag, "confidence": 0.95, "from": "detector:a"} for tag in ("dog", "cat", "sky")]
        section = on_everyday.reliability([(picture("dog"), report(candidates=candidates))], TREE, NAMES)
        self.assertEqual([one.n for one in section.reliability[0].bins], [2], "nobody knows of a sky")


class Reading(unittest.TestCase):
    def test_a_folder_labelled_like_objects_is_read_with_pictures_of_no_object(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            boxes = ["a.jpg,dog,0.0,0.0,0.5,0.5,0", "a.jpg,cup,0,0,0.05,0.1,0", "a.jpg,cup,0,0,0.05,0.1,1"]
            root.joinpath("labels.csv").write_text("\n".join(["path,class,x0,y0,x1,y1,crowd", *boxes]))
            root.joinpath("images.csv").write_text("path\na.jpg\nb.jpg\nmissing.jpg")
            root.joinpath("general.csv").write_text("path,sky,sea\na.jpg,1,?\nb.jpg,0,0")
            for name in ("a.jpg", "b.jpg"):
                root.joinpath(name).touch()
            one, other = everyday.read(root, NOBODY)
            self.assertEqual(len(labelled.read(root, TREE).objects), 2, "without the other sets")
        self.assertEqual((one.objects, one.large, one.counts), ({"dog", "cup"}, {"dog"}, {"dog": 1}))
        self.assertEqual(one.general, {"sky": True, "sea": None})
        self.assertEqual((other.objects, other.general), (frozenset(), {"sky": False, "sea": False}))

    def test_other_pictures_count_once_if_all_of_them_was_seen(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder, name) for name in ("a.jpg", "b.jpg", "c.jpg")]
            for path, content in zip(paths, (b"1", b"1", b"2"), strict=True):
                path.write_bytes(content)
            digest = everyday.data.sha256(paths[0])
            found = everyday.read_by_eye(paths, ByEye({digest: {"sky": True}}, {digest}, frozenset({"sky"})))
        self.assertEqual([(one.path, one.by_eye) for one in found], [(paths[0], {"sky": True})])


if __name__ == "__main__":
    unittest.main()
