"""Makes `vocabulary.json` of `names.csv`: one tag for each of the 1000 ImageNet classes, in the order of the model's outputs.

`names.csv` is the source that people edit: index and wnid (the WordNet id, for looking a class up), the English and Swedish name
of its tag, its category, and other English words for it, separated by ";". A name is what a person would write on a picture:
singular, lower case but for proper names, with a word in brackets only where two tags would share a name.
"""

import csv
import json
import re
import unicodedata
from pathlib import Path

NAMES = Path(__file__).resolve().parent / "names.csv"
LANGUAGES = ["en", "sv"]
CLASSES = 1000
CATEGORIES = {
    "animal", "building", "clothing", "food", "furniture", "household", "instrument", "other", "person", "place", "plant", "sport",
    "technology", "tool", "vehicle",
}  # fmt: skip


def tag_id(name: str) -> str:
    """Kebab case of an English name: `crane (bird)` gives `crane-bird`, `potter's wheel` gives `potters-wheel`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def read_names(path: Path = NAMES) -> list[dict]:
    """The rows of `names.csv`, checked."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    check_names(rows)
    return rows


def check_names(rows: list[dict]):
    """Refuses missing classes, names used twice, unknown categories, and aliases that are another tag's name."""
    if [row["index"] for row in rows] != [str(index) for index in range(CLASSES)]:
        raise SystemExit(f"{NAMES.name} must have the {CLASSES} classes from 0 on, in order")
    wnids = [row["wnid"] for row in rows]
    if sorted(set(wnids)) != sorted(wnids) or any(re.fullmatch(r"n\d{8}", wnid) is None for wnid in wnids):
        raise SystemExit(f"{NAMES.name} must have one WordNet id a class")
    for language in LANGUAGES:
        refuse_repeats(language, [row[language] for row in rows])
    refuse_repeats("id", [tag_id(row["en"]) for row in rows])
    refuse_repeats("en or aliases_en", [word for row in rows for word in [row["en"], *aliases(row)]])
    for row in rows:
        if row["category"] not in CATEGORIES:
            raise SystemExit(f"{NAMES.name}, {row['en']}: unknown category {row['category']!r}")
        for language in LANGUAGES:
            name = row[language]
            if not name or name != " ".join(name.split()) or unicodedata.normalize("NFC", name) != name:
                raise SystemExit(f"{NAMES.name}, class {row['index']}: {name!r} is not a clean name")


def refuse_repeats(column: str, words: list[str]):
    seen = set()
    for word in map(str.casefold, words):
        if word in seen:
            raise SystemExit(f"{NAMES.name}: {word!r} stands twice in {column}")
        seen.add(word)


def aliases(row: dict) -> list[str]:
    return [word for word in row["aliases_en"].split(";") if word]


def to_tag(row: dict) -> dict:
    tag = {
        "id": tag_id(row["en"]),
        "names": {language: row[language] for language in LANGUAGES},
        "category": row["category"],
    }
    return tag | ({"aliases": {"en": aliases(row)}} if aliases(row) else {})


def make() -> bytes:
    """The bytes of `vocabulary.json`: one tag a line, so that a change is one line in a diff."""
    tags = [to_tag(row) for row in read_names()]

    def line(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def lines(values):
        return ",\n".join(map(line, values))

    head = f'{{"version":1,"languages":{line(LANGUAGES)},"tags":[\n'
    return (head + lines(tags) + '\n],"classes":[\n' + lines(tag["id"] for tag in tags) + "\n]}\n").encode()
