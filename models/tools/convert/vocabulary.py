"""Makes `vocabulary.json` of the folder `tags`: what people would write on a picture, above and below the network's
1000 classes.

`tags/tree.csv` is the tree, depth first: a tag's id, the tags right above it (the first one leads to its
category, which is the top of that way), and the classes that feed it, by their index in the model's output;
several are separated by ";". A tag without classes of its own gathers those below it, or is fed by a head or a
detector. `tags/names/LANGUAGE.csv` has the same ids in the same order: the name as a tag, and other words that
people search for. No two tags share a name within a language. `tags/coco.csv` is the tag of each of COCO's 80
classes, in their order, for detectors of objects.

    python -m convert.vocabulary        prints the tree, as it stands in `docs/TAGS.md`
"""

import csv
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "tags"
LANGUAGES = ["en", "sv", "de", "fr", "es", "ja"]
CLASSES = 1000
COCO_CLASSES = 80
MOST_ROOTS = 20
MOST_PARENTS = 2


def read(path: Path, columns: list[str]) -> list[dict]:
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file, strict=True)
        rows = list(reader)
    if reader.fieldnames != columns:
        raise SystemExit(f"{path.name}: the columns must be {', '.join(columns)}")
    return rows


def parts(text: str) -> list[str]:
    return text.split(";") if text else []


def read_coco(folder: Path = FOLDER) -> dict[str, str]:
    """The tag of each of COCO's classes, in their order; two classes may share a tag."""
    rows = read(folder / "coco.csv", ["coco", "tag"])
    tags = {row["coco"]: row["tag"] for row in rows}
    if len(rows) != COCO_CLASSES or len(tags) != COCO_CLASSES:
        raise SystemExit(f"coco.csv: {len(rows)} rows of {len(tags)} classes; COCO has {COCO_CLASSES}")
    return tags


# Fed by something else than the classes: the general head, the detectors of faces and of objects.
OTHERS = set(
    """flower fruit tree forest grass mountain snow sea beach water waterfall sky sunset city building interior night
    food person car animal document screenshot drawing map chart portrait group crowd""".split()
) | set(read_coco().values())

# They only sort the tags below them: nobody calls a picture that, and it is never shown.
HEADINGS = {"household", "other"}


def read_tree(folder: Path = FOLDER) -> list[dict]:
    """The tags in the order of the file: id, parents, classes."""
    rows = read(folder / "tree.csv", ["id", "parents", "classes"])
    return [
        {"id": row["id"], "parents": parts(row["parents"]), "classes": [int(index) for index in parts(row["classes"])]}
        for row in rows
    ]


def faults_of_tree(tags: list[dict]) -> list[str]:
    """What is wrong with the tree, a sentence each: orphans, cycles, classes that nothing or two tags cover, inner tags
    without a use."""
    faults = []
    times = Counter(tag["id"] for tag in tags)
    faults += [f"{tag}: stands twice" for tag, n in times.items() if n > 1]
    faults += [f"{tag}: is not kebab case" for tag in times if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", tag) is None]
    fed = Counter(index for tag in tags for index in tag["classes"])
    faults += [f"class {index}: feeds {fed[index]} tags" for index in range(CLASSES) if fed[index] != 1]
    faults += [f"class {index}: there is none" for index in fed if not 0 <= index < CLASSES]
    for tag in tags:
        faults += [f"{tag['id']}: its parent {parent!r} is no tag" for parent in tag["parents"] if parent not in times]
        if len(set(tag["parents"])) != len(tag["parents"]) or len(tag["parents"]) > MOST_PARENTS:
            faults.append(f"{tag['id']}: has {len(tag['parents'])} parents")
    roots = [tag["id"] for tag in tags if not tag["parents"]]
    if len(roots) > MOST_ROOTS:
        faults.append(f"{len(roots)} tags have nothing above them; at most {MOST_ROOTS} are categories")
    if faults:
        return faults  # what follows walks the tree
    parents = {tag["id"]: tag["parents"] for tag in tags}
    if rings := [tag for tag in parents if is_own_ancestor(tag, parents)]:
        return [f"{tag}: is its own ancestor" for tag in rings]
    n_below = Counter()
    for tag in tags:
        n_sources = len(tag["classes"]) + (tag["id"] in OTHERS)
        n_below.update(dict.fromkeys([tag["id"], *ancestors(tag["id"], parents)], n_sources))
    inner = {parent for tag in tags for parent in tag["parents"]}
    for tag in [tag for tag in parents if parents[tag]]:
        if n_below[tag] < (2 if tag in inner else 1):
            faults.append(f"{tag}: gathers {n_below[tag]} classes")
    faults += [f"{tag}: a heading, yet something feeds it" for tag in sorted(HEADINGS & fed_tags(tags))]
    return faults + [
        f"{tag}: the head or detector that feeds it has no such tag" for tag in sorted(OTHERS - parents.keys())
    ]


def fed_tags(tags: list[dict]) -> set[str]:
    """The tags that a class, a head or a detector says; the others gather."""
    return {tag["id"] for tag in tags if tag["classes"]} | OTHERS


def is_own_ancestor(tag: str, parents: dict[str, list[str]]) -> bool:
    seen, open_ones = set(), list(parents[tag])
    while open_ones:
        above = open_ones.pop()
        if above == tag:
            return True
        if above not in seen:
            seen.add(above)
            open_ones += parents[above]
    return False


def ancestors(tag: str, parents: dict[str, list[str]]) -> list[str]:
    """Everything above `tag` in a tree without cycles, the nearest first, each once."""
    above, level = [], parents[tag]
    while level:
        above += [one for one in dict.fromkeys(level) if one not in above]
        level = [further for one in level for further in parents[one]]
    return above


def read_names(language: str, folder: Path = FOLDER) -> list[dict]:
    rows = read(folder / "names" / f"{language}.csv", ["id", "name", "aliases"])
    return [row | {"aliases": parts(row["aliases"])} for row in rows]


def faults_of_names(language: str, rows: list[dict], ids: list[str]) -> list[str]:
    """What is wrong with one language: other ids or another order than the tree's, words that are not clean, words
    of two tags."""
    faults = (
        [] if [row["id"] for row in rows] == ids else [f"{language}: the ids are not those of the tree in its order"]
    )
    owner: dict[str, str] = {}
    words = [(row["id"], row["name"]) for row in rows] + [
        (row["id"], alias) for row in rows for alias in row["aliases"]
    ]
    for tag, word in words:
        is_clean = word == " ".join(word.split()) and word == unicodedata.normalize("NFC", word) and word.isprintable()
        if not word or not is_clean or "," in word:
            faults.append(f"{language}, {tag}: {word!r} is not a clean name")
        if (first := owner.setdefault(word.casefold(), tag)) != tag:
            faults.append(f"{language}, {tag}: {word!r} is a word for {first} already")
    return faults


def category(tag: str, parents: dict[str, list[str]]) -> str:
    while parents[tag]:
        tag = parents[tag][0]
    return tag


def read_all(folder: Path = FOLDER) -> tuple[list[dict], dict[str, list[dict]]]:
    """Tree and names, checked."""
    tags = read_tree(folder)
    names = {language: read_names(language, folder) for language in LANGUAGES}
    ids = [tag["id"] for tag in tags]
    faults = faults_of_tree(tags) + [
        fault for language in LANGUAGES for fault in faults_of_names(language, names[language], ids)
    ]
    if faults:
        raise SystemExit("\n".join(["The vocabulary has faults:", *faults]))
    return tags, names


def make(folder: Path = FOLDER) -> bytes:
    """The bytes of `vocabulary.json`: one tag a line, so that a change is one line in a diff."""
    tags, names = read_all(folder)
    parents = {tag["id"]: tag["parents"] for tag in tags}
    words = {language: {row["id"]: row for row in rows} for language, rows in names.items()}

    def to_entry(tag: str) -> dict:
        entry = {"id": tag, "names": {language: words[language][tag]["name"] for language in LANGUAGES}}
        if parents[tag]:
            entry["parents"] = parents[tag]
        entry["category"] = category(tag, parents)
        aliases = {
            language: words[language][tag]["aliases"] for language in LANGUAGES if words[language][tag]["aliases"]
        }
        return entry | ({"aliases": aliases} if aliases else {}) | ({"heading": True} if tag in HEADINGS else {})

    def line(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def lines(values):
        return ",\n".join(map(line, values))

    by_class = {index: tag["id"] for tag in tags for index in tag["classes"]}
    head = f'{{"version":1,"languages":{line(LANGUAGES)},"tags":[\n'
    classes = lines(by_class[index] for index in range(CLASSES))
    return (head + lines(map(to_entry, parents)) + '\n],"classes":[\n' + classes + "\n]}\n").encode()


def make_page(folder: Path = FOLDER) -> bytes:
    """The bytes of `docs/TAGS.md`: the tree to look at, a category to open each."""
    tags, names = read_all(folder)
    parents = {tag["id"]: tag["parents"] for tag in tags}
    names_of = {language: {row["id"]: row["name"] for row in rows} for language, rows in names.items()}
    in_english = names_of["en"]
    n_categories = sum(not above for above in parents.values())
    lines = [
        "# The tags",
        "",
        f"{len(tags)} tags in {n_categories} categories, made from `models/tools/tags` by `cargo x model --write`. "
        "English, then",
        "Swedish, German, French, Spanish and Japanese. *Also*: a second tag right above it.",
        "",
    ]
    for tag in parents:
        depth = len(ancestors(tag, {one: above[:1] for one, above in parents.items()}))
        others = " · ".join(names_of[language][tag] for language in LANGUAGES[1:])
        if depth == 0:
            n_below = sum(tag in ancestors(other, parents) for other in parents)
            lines += ["" if lines[-1] else None, "</details>", ""] if len(lines) > 5 else []
            note = ", never shown itself" if tag in HEADINGS else ""
            lines += ["<details>", f"<summary><b>{in_english[tag]}</b> ({n_below}{note}): {others}</summary>", ""]
            continue
        also = f" (*also {', '.join(in_english[other] for other in parents[tag][1:])}*)" if parents[tag][1:] else ""
        lines.append("  " * (depth - 1) + f"- **{in_english[tag]}** {others}{also}")
    return "\n".join([line for line in lines if line is not None] + ["", "</details>", ""]).encode()


if __name__ == "__main__":
    print(make_page().decode())
