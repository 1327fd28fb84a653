"""The labelled pictures that `eval` looks at: a folder in the layout of the shared data, of which any part may be
missing."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from convert.tree import Tree
from eval import everyday
from eval.everyday import Everyday

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic"}
WITHOUT_PEOPLE = ["grocery", "materials", "houses"]  # clothing is worn by somebody


@dataclass(frozen=True)
class Picture:
    """A picture and what is known of it; which fields are filled depends on its set."""

    path: Path
    folder: str  # or the kind
    label: int | None = None  # class
    is_squashed: bool = False
    fair: frozenset[str] = frozenset()  # tags that nobody would call wrong
    source: str = ""  # what sort of source it comes from
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()


@dataclass
class Sets:
    """All pictures by set, and a sentence for each set that is not there."""

    data: Path
    imagenet: list[Picture] = field(default_factory=list)
    out_of_vocabulary: list[Picture] = field(default_factory=list)
    general: list[Picture] = field(default_factory=list)
    people: list[Picture] = field(default_factory=list)
    without_people: list[Picture] = field(default_factory=list)
    objects: list[Everyday] = field(default_factory=list)
    judged: list[Everyday] = field(default_factory=list)  # other everyday pictures, labelled by eye
    embeddings: Path | None = None  # with tags.json beside it
    absent: list[str] = field(default_factory=list)

    def all(self) -> list[Picture | Everyday]:
        others = [*self.imagenet, *self.out_of_vocabulary, *self.general, *self.people, *self.without_people]
        return [*others, *self.everyday()]

    def everyday(self) -> list[Everyday]:
        return [*self.objects, *self.judged]


def read(data: Path, tree: Tree, every: int = 1) -> Sets:
    """`every`: 10 takes each tenth picture of a set. `data` may also be one folder of everyday pictures."""
    sets = Sets(data)
    if everyday.is_labelled(data):
        sets.objects = everyday.read(data)[::every]
        return sets
    sets.imagenet = read_imagenet(data / "imagenet", sets.absent)
    sets.out_of_vocabulary = read_out_of_vocabulary(data, tree, sets.absent)
    sets.general = read_general(data / "general", sets.absent)
    sets.people = read_folders(data / "people", data / "people", sets.absent)
    for name in WITHOUT_PEOPLE:
        for split in [folder for folder in folders_in(data / name) if folder.name != "train"]:
            sets.without_people += read_folders(split, data, sets.absent)
        if not (data / name).is_dir():
            sets.absent.append(f"{name}: no such folder")
    for name in ["imagenet", "out_of_vocabulary", "general", "people", "without_people"]:
        setattr(sets, name, present(getattr(sets, name)[::every], name, sets.absent))
    read_everyday(data, sets, every)
    embeddings = data / "general" / "embeddings.npz"
    if embeddings.is_file() and (data / "general" / "tags.json").is_file():
        sets.embeddings = embeddings
    else:
        sets.absent.append("general: no embeddings.npz with its tags.json")
    return sets


def read_everyday(data: Path, sets: Sets, every: int):
    if everyday.is_labelled(data / "objects"):
        sets.objects = everyday.read(data / "objects")[::every]
    else:
        sets.absent.append("objects: no labels.csv of boxes")
    folders = [data / "photos", *folders_in(data / "general" / "pictures")]
    others = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    sets.judged = everyday.read_by_eye(path for path in others if path.suffix.lower() in PICTURES)[::every]
    if not sets.judged:
        sets.absent.append("everyday pictures that were labelled by eye: none")


def read_rows(path: Path) -> list[dict] | None:
    if not path.is_file():
        return None
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_imagenet(folder: Path, absent: list[str], training: bool = False) -> list[Picture]:
    """Pictures that the network was not trained on, or such as it was."""
    rows = read_rows(folder / "labels.csv")
    if rows is None:
        absent.append("imagenet: no labels.csv")
        return []
    rows = [row for row in rows if row["origin"].startswith("train") == training]
    return [
        Picture(folder / row["path"], row["origin"], int(row["class_index"]), is_squashed="squashed" in row["origin"])
        for row in rows
    ]


def read_out_of_vocabulary(data: Path, tree: Tree, absent: list[str]) -> list[Picture]:
    """The fair tags are given as classes by their first name: `imagenet/classes.csv` says which these are."""
    folder = data / "out_of_vocabulary"
    rows, classes = read_rows(folder / "labels.csv"), read_rows(data / "imagenet" / "classes.csv")
    if rows is None or classes is None:
        absent.append("out_of_vocabulary: no labels.csv, or no imagenet/classes.csv to read its fair tags by")
        return []
    tags: dict[str, set[str]] = {}
    for row in classes:
        tags.setdefault(row["names"].split(", ")[0], set()).add(tree.classes[int(row["class_index"])])

    def fair(names: str) -> frozenset[str]:
        return frozenset(tag for name in names.split("|") if name for tag in tags[name])

    return [
        Picture(folder / row["path"], row["kind"], fair=fair(row["imagenet_tags_that_would_be_fair"])) for row in rows
    ]


def read_general(folder: Path, absent: list[str]) -> list[Picture]:
    rows = read_rows(folder / "val" / "labels.csv")
    if rows is None:
        absent.append("general: no val/labels.csv")
        return []
    return [
        Picture(
            folder / "val" / row["path"],
            row["path"].split("/")[0],
            source=row.get("source_class", ""),
            yes=frozenset(row["yes"].split()),
            no=frozenset(row["no"].split()),
        )
        for row in rows
    ]


def folders_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def read_folders(folder: Path, named_from: Path, absent: list[str]) -> list[Picture]:
    """Pictures of the folders in `folder`."""
    if not folder.is_dir():
        absent.append(f"{folder.name}: no such folder")
        return []
    return [
        Picture(path, one.relative_to(named_from).as_posix())
        for one in folders_in(folder)
        for path in sorted(one.iterdir())
        if path.suffix.lower() in PICTURES
    ]


def present(pictures: list[Picture], name: str, absent: list[str]) -> list[Picture]:
    """The list may name pictures that were not copied along."""
    there = [picture for picture in pictures if picture.path.is_file()]
    if len(there) < len(pictures):
        absent.append(f"{name}: {len(pictures) - len(there)} of {len(pictures)} pictures are listed but not there")
    return there
