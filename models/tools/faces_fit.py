"""Fits what a box around a face means as a tag, and measures it.

    python models/tools/faces_fit.py           prints the figures
    python models/tools/faces_fit.py --write   and fills in faces.json

The pictures lie beside the repository and are no part of it; without them the script says so and stops. Which of them show people was
looked up by eye (`faces_seen.csv`: a part of a person, a drawn one or one too small to be sure of is "unsure" and left out).

x = slope * z + weight * h + weight * a + intercept, the probability is 1 / (1 + exp(-x)): z is the logit of the surest box, h what the
general head says of "person", a the classes' logit for "animal" (cats have faces too). The coefficients are fitted with pictures of people
weighing as much as if one picture in four showed some; every figure is of pictures that the coefficients it was made with had not seen.
"""

import argparse
import base64
import csv
import json
from dataclasses import dataclass
from pathlib import Path

import environment

environment.enter()

import numpy as np  # noqa: E402  (needs the packages that enter() provides)

import faces_reference  # noqa: E402
import logistic  # noqa: E402
import reference  # noqa: E402
import vocabulary  # noqa: E402

TOOLS = Path(__file__).resolve().parent
MODELS = TOOLS.parent
NUMBERS = TOOLS / "faces.json"
HEAD = MODELS / "efficientnet-lite0" / "heads" / "general.json"
DATA = TOOLS.parents[2] / "shared" / "data"
CACHE = TOOLS.parents[1] / "target" / "faces"
SHARE = 0.25  # of pictures that show people
FOLDS = 5
BARS = (0.5, 0.62, 0.8)
MOST = 4.0  # of what the head may say
LEAST_SCORE = 1e-4  # of the classes for a tag, so that its logit is finite
LEAST_SIZE = 0.22  # of a portrait's face: its longer side as a share of the picture's shorter one
GROUP, CROWD = 3, 8  # faces
SHOWN_AT = 0.62  # for the figures on the card
DOGS_AND_CATS = range(151, 294)  # class numbers: dogs, foxes, cats
ANIMALS = range(398)
HOW = "python models/tools/faces_fit.py"


@dataclass
class Picture:
    """What is known of a picture, and what the networks say."""

    path: str
    kind: str  # the group in which it is reported
    people: bool
    animal: float  # score of the classes
    head: float  # its logit
    head_confidence: float
    z: dict[str, list[float]]  # of the boxes that stay, by detector, the surest first
    sizes: dict[str, list[float]]  # longer side of each over the picture's shorter side


def listed(data: Path) -> list[tuple[str, str]]:
    """Path and kind of every picture, those left out that cannot be judged."""
    seen = {row["path"]: row["people"] for row in csv.DictReader(open(TOOLS / "faces_seen.csv"))}
    found = [(f"people/portrait/{path.name}", "portraits") for path in sorted((data / "people" / "portrait").iterdir())]
    for row in csv.DictReader(open(data / "out_of_vocabulary" / "labels.csv")):
        found.append((f"out_of_vocabulary/{row['path']}", "portraits" if "portrait/" in row["path"] else "documents, maps, textures"))
    for path in sorted((data / "general" / "val").glob("*/*.jpg")):
        found.append((str(path.relative_to(data)), "holiday and other pictures"))
    for row in csv.DictReader(open(data / "imagenet" / "labels.csv")):
        number = int(row["class_index"])
        kind = "dogs and cats" if number in DOGS_AND_CATS else "other animals" if number in ANIMALS else "things"
        found.append((f"imagenet/{row['path']}", kind))
    for name in ("clothing", "grocery", "houses", "materials"):
        found += [(str(path.relative_to(data)), name) for path in sorted((data / name / "val").glob("*/*"))]
    people = {"holiday and other pictures": "holiday pictures with people"}
    told = []
    for path, kind in found:
        answer = "yes" if kind == "portraits" else seen.get(path, "no")
        if answer == "yes":
            told.append((path, people.get(kind, "ImageNet pictures with people") if kind != "portraits" else kind))
        elif answer == "no":
            told.append((path, kind))
    return told


WITH_PEOPLE = ("portraits", "holiday pictures with people", "ImageNet pictures with people")


def animal_classes() -> list[int]:
    """Numbers of the classes below the tag "animal"."""
    words = json.loads(vocabulary.make())
    parents = {tag["id"]: tag.get("parents", []) for tag in words["tags"]}

    def is_animal(tag: str) -> bool:
        return tag == "animal" or any(is_animal(parent) for parent in parents[tag])

    return [number for number, tag in enumerate(words["classes"]) if is_animal(tag)]


class PersonHead:
    """What the general head says of "person"."""

    def __init__(self):
        head = json.loads(HEAD.read_text())
        number = [tag["id"] for tag in head["tags"]].index("person")
        self.tag = head["tags"][number]
        rows = np.frombuffer(base64.b64decode(head["weights"]), np.int8).reshape(len(head["tags"]), head["n_features"])
        self.row = rows[number].astype(np.float64)

    def z(self, embedding: np.ndarray) -> float:
        length = np.linalg.norm(embedding.astype(np.float64))
        return float(self.tag["scale"] * (self.row @ embedding) / length + self.tag["intercept"])

    def confidence(self, z: float) -> float:
        return float(logistic.sigmoid(self.tag["calibration"]["slope"] * z + self.tag["calibration"]["offset"]))


def ask(data: Path, ids: list[str]) -> list[Picture]:
    """Every picture through all networks; minutes, so the answers are kept in `target`."""
    classes = reference.Reference.load(MODELS / "efficientnet-lite0")
    head, animals = PersonHead(), animal_classes()
    detectors = {one: faces_reference.Detector(MODELS / one) for one in ids}
    pictures = []
    for path, kind in listed(data):
        picture = reference.open_picture(data / path)
        spec = classes.card["input"]
        said = classes.run(reference.to_tensor(reference.fit(picture, spec), spec))
        animal = float(reference.activate(said["scores"].reshape(-1), "softmax")[animals].sum())
        z_head = head.z(said["embedding"].reshape(-1))
        z, sizes = {}, {}
        for one, detector in detectors.items():
            logits, boxes = detector.faces(picture, least=0.01)
            z[one] = [round(logit, 4) for logit in logits.tolist()]
            sides = boxes[:, 2:] * picture.size
            sizes[one] = [round(side, 4) for side in (sides.max(1) / min(picture.size)).tolist()]
        pictures.append(Picture(path, kind, kind in WITH_PEOPLE, animal, z_head, head.confidence(z_head), z, sizes))
    return pictures


def remembered(data: Path, ids: list[str], again: bool) -> list[Picture]:
    file = CACHE / "answers.json"
    if again or not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps([vars(picture) for picture in ask(data, ids)]))
    return [Picture(**entry) for entry in json.loads(file.read_text())]


def columns(pictures: list[Picture], detector: str) -> np.ndarray:
    """z, h, a and 1 for each picture."""
    score = np.clip([picture.animal for picture in pictures], LEAST_SCORE, 1 - LEAST_SCORE)
    return np.stack(
        [
            [max([faces_reference.FLOOR, *picture.z[detector][:1]]) for picture in pictures],
            np.clip([picture.head for picture in pictures], -MOST, MOST),
            logistic.logit(score),
            np.ones(len(pictures)),
        ],
        1,
    )


def weights(people: np.ndarray) -> np.ndarray:
    return np.where(people, SHARE / people.mean(), (1 - SHARE) / (1 - people.mean()))


def fit(x: np.ndarray, people: np.ndarray) -> np.ndarray:
    return logistic.fit_curve(x, people.astype(float), weights(people), signs={0: 1, 1: 1, 2: -1})


def folds(pictures: list[Picture]) -> np.ndarray:
    """A fold for each picture, each kind spread over all."""
    random = np.random.default_rng(0)
    fold = np.empty(len(pictures), int)
    for kind in sorted({picture.kind for picture in pictures}):
        members = np.flatnonzero([picture.kind == kind for picture in pictures])
        fold[members] = random.permutation(len(members)) % FOLDS
    return fold


def cross_validated(x: np.ndarray, people: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """The probability of each picture, by coefficients fitted on the other folds."""
    p = np.empty(len(x))
    for held in range(FOLDS):
        p[fold == held] = logistic.sigmoid(x[fold == held] @ fit(x[fold != held], people[fold != held]))
    return p


def calibration_error(p: np.ndarray, people: np.ndarray) -> float:
    """Weighted mean distance of confidence and truth over ten bins of confidence, pictures of people weighing as in the fit."""
    weight, bins = weights(people), np.minimum((p * 10).astype(int), 9)
    return sum(abs(np.sum((weight * (p - people))[bins == one])) for one in range(10)) / weight.sum()


def shares(p: np.ndarray) -> str:
    return " ".join(f"{(p >= bar).mean():7.1%}" for bar in BARS)


def report(name: str, pictures: list[Picture], x: np.ndarray, p: np.ndarray, people: np.ndarray):
    kinds = np.array([picture.kind for picture in pictures])
    weight = weights(people)
    loss = logistic.log_loss(logistic.logit(np.clip(p, 1e-9, 1 - 1e-9)), people.astype(float), weight) / weight.sum()
    print(f"\n{name}: coefficients {np.round(fit(x, people), 3)}, log loss {loss:.3f}, calibration error {calibration_error(p, people):.3f}")
    print(f"{'shown as person at':>42} {' '.join(f'{bar:7}' for bar in BARS)}")
    for kind in sorted(set(kinds), key=lambda kind: (kind not in WITH_PEOPLE, kind)):
        print(f"  {kind:<32}{(kinds == kind).sum():6}  {shares(p[kinds == kind])}")
    print(f"  {'all without people':<32}{(~people).sum():6}  {shares(p[~people])}")


def as_shown(pictures: list[Picture], detector: str, p: np.ndarray, least_score: float) -> np.ndarray:
    """What the product says: where there is a face, the surer of face and head; where there is none, the head."""
    head = np.array([picture.head_confidence for picture in pictures])
    least = logistic.logit(least_score)
    has_face = np.array([max([faces_reference.FLOOR, *picture.z[detector]]) >= least for picture in pictures])
    return np.where(has_face, np.maximum(p, head), head)


def tags(coefficients: np.ndarray) -> dict:
    """`tags` of the card."""
    slope, support, against, intercept = (round(float(value), 3) for value in coefficients)
    person = {"slope": slope, "intercept": intercept}
    if against:
        person["against"] = {"tag": "animal", "weight": against}
    person["support"] = {"head": "general", "tag": "person", "weight": support}
    return {"person": person, "portrait": {"least_size": LEAST_SIZE}, "group": {"faces": GROUP}, "crowd": {"faces": CROWD}}


def figures(pictures: list[Picture], p: np.ndarray) -> list[dict]:
    """`figures` of the card: how many pictures of each kind are called "person"."""
    kinds, people = np.array([picture.kind for picture in pictures]), np.array([picture.people for picture in pictures])
    groups = {
        "person_on_portraits": ("portraits", kinds == "portraits"),
        "person_on_holiday_pictures": ("holiday pictures with people, most of them small", kinds == "holiday pictures with people"),
        "person_on_imagenet": ("ImageNet pictures with people, most of them beside something else", kinds == "ImageNet pictures with people"),
        "person_on_none": ("pictures without people", ~people),
        "person_on_dogs_and_cats": ("pictures of dogs, foxes and cats without people", kinds == "dogs and cats"),
    }
    how = f"{HOW}, at {SHOWN_AT}"
    return [
        {"name": name, "value": round(float((p[chosen] >= SHOWN_AT).mean()), 3), "set": told, "pictures": int(chosen.sum()), "how": how}
        for name, (told, chosen) in groups.items()
    ]


def list_groups(pictures: list[Picture], detector: str, coefficients: np.ndarray, x: np.ndarray, least_score: float):
    """Prints which pictures are called portraits and groups, to be looked at."""
    portraits, groups = [], []
    for picture, columns_ in zip(pictures, x):
        z = [one for one in picture.z[detector] if one >= logistic.logit(least_score)]
        sizes = picture.sizes[detector][: len(z)]
        others = columns_ @ coefficients - columns_[0] * coefficients[0]
        if len(z) >= GROUP and logistic.sigmoid(coefficients[0] * z[GROUP - 1] + others) >= SHOWN_AT:
            groups.append(picture.path)
        if not z:
            continue
        largest = int(np.argmax(sizes))
        alone = sum(size >= sizes[largest] / 2 for size in sizes) == 1
        sure = logistic.sigmoid(coefficients[0] * z[largest] + others) >= SHOWN_AT
        if sizes[largest] >= LEAST_SIZE and alone and sure:
            portraits.append(picture)
    right = sum(picture.kind == "portraits" for picture in portraits)
    without = [picture.path for picture in portraits if not picture.people]
    print(f"  portrait: {right} of {sum(picture.kind == 'portraits' for picture in pictures)} portraits; without people: {without}")
    print(f"  group: {groups}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder with people, general, imagenet and the others")
    parser.add_argument("--again", action="store_true", help="ask the networks again instead of reading what they said last time")
    parser.add_argument("--write", action="store_true", help="fill in faces.json")
    arguments = parser.parse_args()
    if not (arguments.data / "people").exists():
        print(f"skipped: the pictures are not at {arguments.data}; they are no part of this repository")
        return 0
    numbers = json.loads(NUMBERS.read_text())
    pictures = remembered(arguments.data, list(numbers), arguments.again)
    people, fold = np.array([picture.people for picture in pictures]), folds(pictures)
    for one in numbers:
        least_score = numbers[one]["least_score"]
        x = columns(pictures, one)
        for name, kept in {"box alone": [0, 3], "box and classes": [0, 2, 3], "box and head": [0, 1, 3], "all three": [0, 1, 2, 3]}.items():
            only = np.where(np.isin(range(4), kept), x, 0)
            p = cross_validated(only, people, fold)
            report(f"{one}, {name}", pictures, only, p, people)
        coefficients, shown = fit(x, people), as_shown(pictures, one, p, least_score)
        report(f"{one}, as shown: with the head alone where there is no face", pictures, x, shown, people)
        list_groups(pictures, one, coefficients, x, least_score)
        numbers[one] = {"least_score": least_score, "tags": tags(coefficients), "figures": figures(pictures, shown)}
    if arguments.write:
        NUMBERS.write_text(json.dumps(numbers, indent=1) + "\n")
        print(f"\n{NUMBERS.name} written; `cargo x model --write` makes the cards of it")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
