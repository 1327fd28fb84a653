"""Fits what a box around a face means as a tag, and measures it: what stands in `fitted/faces.json`.

x = slope * z + weight * h + weight * a + intercept, the probability is 1 / (1 + exp(-x)): z is the logit of the surest
box, h what the general head says of "person", a the classes' logit for "animal" (cats have faces too). The coefficients
are fitted with pictures of people weighing as much as if one picture in four showed some; every figure is of pictures
that the coefficients it was made with had not seen. Which pictures show people was looked up by eye: a part of a
person, a drawn one or one too small to be sure of is "unsure" and left out.
"""

from dataclasses import dataclass

import numpy as np

from fit import data, logistic, network
from fit.arrays import Arrays
from fit.head import Head

FLOOR = -4.0  # a picture in which nothing looks like a face counts as one whose surest box has this logit
SHARE = 0.25  # of pictures that show people
FOLDS = 5
MOST = 4.0  # of what the head may say
LEAST_SCORE = 1e-4  # of the classes for a tag, so that its logit is finite
LEAST_BOX = 0.5  # score of a box that counts as a face
LEAST_SIZE = 0.3  # of a portrait's face: its longer side as a share of the picture's shorter one
GROUP, CROWD = 3, 8  # faces
SHOWN_AT = 0.62  # for the figures on the card
DOGS_AND_CATS = range(151, 294)  # class numbers: dogs, foxes, cats
ANIMALS = range(398)
DETECTOR = "blazeface-short"
SETS = ("people", "out_of_vocabulary", "general", "imagenet", "imagenet_train", *data.WITHOUT_KIND)
HOW = f"cargo x model fit, at {SHOWN_AT}"


@dataclass
class Picture:
    """What is known of a picture, and what the networks say."""

    kind: str  # the group in which it is reported
    people: bool
    animal: float  # score of the classes
    head: float  # its logit
    head_confidence: float
    z: list[float]  # of the boxes, the surest first


def kind_of(one: dict) -> str | None:
    """The group of a picture; None where it cannot be judged."""
    if one["set"] == "people" or one.get("kind") == "portrait":
        return "portraits"
    if one["people"] == "unsure":
        return None
    if one["set"] == "general":
        return "holiday pictures with people" if one["people"] == "yes" else "holiday and other pictures"
    if one["people"] == "yes":
        return "ImageNet pictures with people"
    if "class" in one:
        is_dog_or_cat, is_animal = one["class"] in DOGS_AND_CATS, one["class"] in ANIMALS
        return "dogs and cats" if is_dog_or_cat else "other animals" if is_animal else "things"
    return "documents, maps, textures" if one["set"] == "out_of_vocabulary" else one["set"]


WITH_PEOPLE = ("portraits", "holiday pictures with people", "ImageNet pictures with people")


def gather(pictures: data.Pictures, head: Head, tree: Arrays, out_of_fold: dict[str, float]) -> list[Picture]:
    """`out_of_fold`: what rows that did not see them say of the pictures that the head was fitted on, by SHA-256."""
    some = pictures.of(*SETS)
    person, animal = head.tags.index("person"), tree.index["animal"]
    scores = network.tag_scores(network.classify(some.embedding), tree)[:, animal]
    exact = some.embedding.astype(float)
    z = head.values(exact / np.linalg.norm(exact, axis=1, keepdims=True))[:, person]
    z = np.array([out_of_fold.get(one["sha256"], own) for one, own in zip(some.known, z, strict=True)])
    heard = logistic.sigmoid(head.slope[person] * z + head.offset[person])
    return [
        Picture(kind, kind in WITH_PEOPLE, float(score), float(own), float(sure), [box[0] for box in one["faces"]])
        for one, score, own, sure in zip(some.known, scores, z, heard, strict=True)
        if (kind := kind_of(one)) is not None
    ]


def columns(pictures: list[Picture]) -> np.ndarray:
    """z, h, a and 1 for each picture."""
    score = np.clip([picture.animal for picture in pictures], LEAST_SCORE, 1 - LEAST_SCORE)
    return np.stack(
        [
            [max([FLOOR, *picture.z[:1]]) for picture in pictures],
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


def as_shown(pictures: list[Picture], p: np.ndarray) -> np.ndarray:
    """What the product says: where there is a face, the surer of face and head; where there is none, the head."""
    head = np.array([picture.head_confidence for picture in pictures])
    least = logistic.logit(LEAST_BOX)
    has_face = np.array([max([FLOOR, *picture.z]) >= least for picture in pictures])
    return np.where(has_face, np.maximum(p, head), head)


def tags(coefficients: np.ndarray) -> dict:
    """`tags` of the card."""
    slope, support, against, intercept = (round(float(value), 3) for value in coefficients)
    person = {"slope": slope, "intercept": intercept}
    if against:
        person["against"] = {"tag": "animal", "weight": against}
    person["support"] = {"head": "general", "tag": "person", "weight": support}
    return {
        "person": person,
        "portrait": {"least_size": LEAST_SIZE},
        "group": {"faces": GROUP},
        "crowd": {"faces": CROWD},
    }


def figures(pictures: list[Picture], p: np.ndarray) -> list[dict]:
    """`figures` of the card: how many pictures of each kind are called "person"."""
    kinds, people = np.array([picture.kind for picture in pictures]), np.array([picture.people for picture in pictures])
    groups = {
        "person_on_portraits": ("portraits", kinds == "portraits"),
        "person_on_holiday_pictures": (
            "holiday pictures with people, most of them small",
            kinds == "holiday pictures with people",
        ),
        "person_on_imagenet": (
            "ImageNet pictures with people, most of them beside something else",
            kinds == "ImageNet pictures with people",
        ),
        "person_on_none": ("pictures without people", ~people),
        "person_on_dogs_and_cats": ("pictures of dogs, foxes and cats without people", kinds == "dogs and cats"),
    }
    return [
        {
            "name": name,
            "value": round(float((p[chosen] >= SHOWN_AT).mean()), 3),
            "set": told,
            "pictures": int(chosen.sum()),
            "how": HOW,
        }
        for name, (told, chosen) in groups.items()
    ]


def report(pictures: list[Picture], x: np.ndarray, people: np.ndarray, fold: np.ndarray):
    """Prints what each part of the evidence adds to the box, out of fold."""
    for name, kept in {"box alone": [0, 3], "with the classes": [0, 2, 3], "with the head": [0, 1, 3]}.items():
        p = cross_validated(np.where(np.isin(range(4), kept), x, 0), people, fold)
        shown = ", ".join(f"{one['value']:.1%}" for one in figures(pictures, p))
        print(f"faces, {name}: {shown}")


def calibrate(pictures: list[Picture]) -> dict:
    """The content of `faces.json`."""
    x, people, fold = columns(pictures), np.array([picture.people for picture in pictures]), folds(pictures)
    report(pictures, x, people, fold)
    shown = as_shown(pictures, cross_validated(x, people, fold))
    numbers = {"least_score": LEAST_BOX, "tags": tags(fit(x, people)), "figures": figures(pictures, shown)}
    return {DETECTOR: numbers}
