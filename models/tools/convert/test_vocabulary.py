"""The checks on the tree of tags and on its names, on small trees with one fault each; and that the real ones have
none."""

import csv
import json
import unittest
from pathlib import Path
from unittest import mock

from convert import vocabulary


def tag(name: str, parents: str = "", classes: str = "") -> dict:
    return {
        "id": name,
        "parents": vocabulary.parts(parents),
        "classes": [int(index) for index in vocabulary.parts(classes)],
    }


SOUND = [
    tag("animal"),
    tag("dog", "animal"),
    tag("pug", "dog", "0"),
    tag("boxer", "dog", "1"),
    tag("cat", "animal", "2"),
]


def faults(tags: list[dict], classes: int = 3) -> list[str]:
    with mock.patch.multiple(vocabulary, CLASSES=classes, OTHERS=set()):
        return vocabulary.faults_of_tree(tags)


class Tree(unittest.TestCase):
    def test_a_sound_tree_has_no_fault(self):
        self.assertEqual(faults(SOUND), [])

    def test_each_fault_is_named_with_its_tag(self):
        cases = [
            ([*SOUND, tag("pug", "dog")], "pug: stands twice"),
            ([*SOUND[:-1], tag("Big Cat", "animal", "2")], "Big Cat: is not kebab case"),
            (SOUND[:-1], "class 2: feeds 0 tags"),
            ([*SOUND, tag("wolf", "animal", "2")], "class 2: feeds 2 tags"),
            ([*SOUND, tag("wolf", "animal", "7")], "class 7: there is none"),
            ([*SOUND[:-1], tag("cat", "beast", "2")], "cat: its parent 'beast' is no tag"),
            ([tag("animal", "dog"), *SOUND[1:]], "animal: is its own ancestor"),
            ([*SOUND[:-1], tag("cat", "animal;dog;pug", "2")], "cat: has 3 parents"),
            ([*SOUND, tag("wolf", "animal")], "wolf: gathers 0 classes"),
            ([*SOUND[:3], tag("boxer", "animal", "1"), SOUND[4]], "dog: gathers 1 classes"),
        ]
        for tags, wanted in cases:
            with self.subTest(wanted):
                self.assertIn(wanted, faults(tags))

    def test_a_tag_of_a_head_that_is_not_in_the_tree_is_a_fault(self):
        with mock.patch.multiple(vocabulary, CLASSES=3, OTHERS={"flower"}):
            self.assertEqual(
                vocabulary.faults_of_tree(SOUND), ["flower: the head or detector that feeds it has no such tag"]
            )

    def test_a_heading_that_something_feeds_is_a_fault(self):
        with mock.patch.object(vocabulary, "HEADINGS", {"animal", "cat"}):
            self.assertEqual(faults(SOUND), ["cat: a heading, yet something feeds it"])

    def test_ancestors_come_nearest_first_and_the_category_is_the_end_of_the_first_way(self):
        parents = {
            "nature": [],
            "place": [],
            "beach": ["nature"],
            "sea": ["nature"],
            "shore": ["beach", "sea"],
            "pier": ["place", "shore"],
        }
        self.assertEqual(vocabulary.ancestors("shore", parents), ["beach", "sea", "nature"])
        self.assertEqual(
            [vocabulary.category(tag, parents) for tag in ("shore", "pier", "nature")], ["nature", "place", "nature"]
        )


class Names(unittest.TestCase):
    def of(self, *rows: tuple[str, str, str]) -> list[str]:
        all_ = [{"id": name, "name": word, "aliases": vocabulary.parts(aliases)} for name, word, aliases in rows]
        return vocabulary.faults_of_names("sv", all_, ["dog", "cat"])

    def test_clean_names_have_no_fault(self):
        self.assertEqual(self.of(("dog", "hund", "vovve;jycke"), ("cat", "katt", "")), [])

    def test_a_word_of_two_tags_is_a_fault_whatever_its_case(self):
        found = self.of(("dog", "hund", "kisse"), ("cat", "Kisse", ""))
        self.assertTrue(len(found) == 1 and "is a word for" in found[0], found)

    def test_what_is_not_clean_is_a_fault(self):
        for word in ["", " katt", "katt,kisse", "ka\u0301tt", "katt\u200b\n"]:
            with self.subTest(repr(word)):
                self.assertNotEqual(self.of(("dog", "hund", ""), ("cat", word, "")), [])

    def test_other_ids_than_the_trees_are_a_fault(self):
        self.assertIn(
            "sv: the ids are not those of the tree in its order", self.of(("cat", "katt", ""), ("dog", "hund", ""))
        )


def table(name: str) -> list[dict]:
    with Path(__file__).with_name(name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


class Words(unittest.TestCase):
    """What a person who types a word finds, in each language."""

    @classmethod
    def setUpClass(cls):
        _, names = vocabulary.read_all()
        cls.found = {
            (language, word.casefold()): row["id"]
            for language, rows in names.items()
            for row in rows
            for word in (row["name"], *row["aliases"])
        }

    def test_each_class_of_coco_is_found_by_what_people_call_it(self):
        rows, coco = table("words_of_coco.csv"), vocabulary.read_coco()
        self.assertEqual([row["en"] for row in rows], list(coco))
        for row, language in ((row, language) for row in rows for language in vocabulary.LANGUAGES):
            with self.subTest(row["en"], language=language):
                self.assertEqual(self.found.get((language, row[language].casefold())), coco[row["en"]])

    def test_homonyms_are_two_tags(self):
        """`homonyms.csv`: a word of `tag`, then one of `other`, or of a meaning that no tag has."""
        for row, language in ((row, language) for row in table("homonyms.csv") for language in vocabulary.LANGUAGES):
            own, others = (self.found.get((language, word.casefold())) for word in row[language].split("|"))
            with self.subTest(row[language], language=language):
                self.assertEqual(own, row["tag"])
                self.assertNotEqual(others, own)
                self.assertEqual(others, row["other"] or others)


class Files(unittest.TestCase):
    def test_the_real_tree_has_every_class_once_and_every_tag_a_name_in_six_languages(self):
        made = json.loads(vocabulary.make())
        self.assertEqual((len(made["classes"]), made["languages"]), (1000, ["en", "sv", "de", "fr", "es", "ja"]))
        for entry in made["tags"]:
            self.assertEqual(list(entry["names"]), made["languages"])
        known = {entry["id"] for entry in made["tags"]}
        self.assertTrue(known >= vocabulary.OTHERS and set(made["classes"]) <= known)
        headings = {entry["id"] for entry in made["tags"] if entry.get("heading")}
        self.assertEqual(headings, vocabulary.HEADINGS)

    def test_every_tag_stands_on_the_page(self):
        page = vocabulary.make_page().decode()
        self.assertEqual(page.count("<details>"), page.count("</details>"))
        for entry in json.loads(vocabulary.make())["tags"]:
            self.assertIn(entry["names"]["en"], page)


if __name__ == "__main__":
    unittest.main()
