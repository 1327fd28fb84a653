"""Sections of `eval` on pictures of which some tags are known and some are not: general tags, people."""

import json
from pathlib import Path

import numpy as np

from convert.tree import Tree
from eval import measures
from eval.measures import share
from eval.on_classes import Pair
from eval.section import Figure, Mistake, Mistakes, Section, Table
from fit.data import UNKNOWN
from fit.head import Head, normalise

AVERAGE_PRECISION, RIGHT_OF_SHOWN, SHOWN_OF_FOLDER = 0.958, 0.90, 0.75
PERSON, NO_PERSON = 0.90, 0.03
VALIDATION = 1  # in `split` of the embeddings
AP_DIGITS = {"AP, JPEGs": 3, "AP, embeddings": 3}


def truth(tag: str, yes: frozenset[str], no: frozenset[str]) -> bool | None:
    return True if tag in yes else False if tag in no else None


def mean(values: list[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None


def general_tags(pairs: list[Pair]) -> list[str]:
    return sorted({tag for picture, _ in pairs for tag in picture.yes | picture.no})


def general(
    pairs: list[Pair], tree: Tree, by_embedding: dict[str, float | None] | None, has_candidates: bool
) -> Section:
    """`by_embedding`: average precision of the head alone, by tag."""
    section = Section("General tags")
    tags = general_tags(pairs) or list(by_embedding or {})
    in_pictures = {tag: of_candidates(tag, pairs) if has_candidates else None for tag in tags}
    if by_embedding is not None:
        area = mean(list(by_embedding.values()))
        name = "mean average precision of the head, embeddings"
        section.figures.append(Figure(name, area, len(by_embedding), AVERAGE_PRECISION, unit=""))
        section.notes.append(
            "The bar of average precision was measured over the embeddings of all validation pictures; the JPEGs "
            "are fewer."
        )
    if has_candidates and pairs:
        area = mean(list(in_pictures.values()))
        bar = AVERAGE_PRECISION if by_embedding is None else None
        section.figures.append(
            Figure("mean average precision of the confidences, JPEGs", area, len(tags), bar, unit="")
        )
    if not pairs:
        section.tables.append(
            Table(
                "By tag", ["tag", "AP, embeddings"], [[tag, (by_embedding or {}).get(tag)] for tag in tags], AP_DIGITS
            )
        )
        return section
    section.notes.append(
        "A shown tag, or one folded into it, counts if it is among these tags; where the labels say neither yes "
        "nor no, it is left out."
    )

    rows, wrong_tags, missed = [], [], []
    n_right = n_wrong = n_at_odds = 0
    for picture, report in pairs:
        right, wrong = measures.known(measures.with_parents(report.tags), picture.yes, picture.no)
        n_right, n_wrong = n_right + len(right), n_wrong + len(wrong)
        n_at_odds += len(at_odds(wrong, picture.yes, tree))
        wrong_tags += [
            Mistake(picture.path, tag, ", ".join(sorted(picture.yes)), confidence_of(tag, report.tags)) for tag in wrong
        ]
        if picture.folder not in measures.with_parents(report.tags):
            candidate = max(
                (one["confidence"] for one in report.candidates or [] if one["id"] == picture.folder), default=None
            )
            said = f"not {picture.folder}" + ("" if candidate is None else f" ({candidate:.2f})")
            missed.append(Mistake(picture.path, said, ", ".join(sorted(picture.yes))))
    in_folder = [(picture, report) for picture, report in pairs if picture.folder in tags]
    n_shown = sum(picture.folder in measures.with_parents(report.tags) for picture, report in in_folder)
    section.figures += [
        Figure(
            "shown tags that are right at balanced",
            share(n_right, n_right + n_wrong),
            n_right + n_wrong,
            RIGHT_OF_SHOWN,
        ),
        Figure(
            "the same without tags at odds with the tree",
            share(n_right, n_right + n_wrong - n_at_odds),
            n_right + n_wrong - n_at_odds,
        ),
        Figure(
            "pictures of val/<tag>/ shown that tag at balanced",
            share(n_shown, len(in_folder)),
            len(in_folder),
            SHOWN_OF_FOLDER,
        ),
    ]
    section.notes.append(
        f"At odds with the tree: {n_at_odds} shown tags are labelled no although a tag below them is labelled yes "
        "(a sea is water in the "
        "vocabulary, while the labels call only lakes and rivers so)."
    )
    for tag in tags:
        shown = [picture for picture, report in pairs if tag in measures.with_parents(report.tags)]
        right = sum(tag in picture.yes for picture in shown)
        known = sum(tag in picture.yes or tag in picture.no for picture in shown)
        folder = [report for picture, report in pairs if picture.folder == tag]
        of_folder = share(sum(tag in measures.with_parents(report.tags) for report in folder), len(folder))
        ap = [in_pictures[tag], *([] if by_embedding is None else [by_embedding.get(tag)])]
        rows.append(
            [
                tag,
                sum(tag in picture.yes for picture, _ in pairs),
                *ap,
                known,
                share(right, known),
                len(folder),
                of_folder,
            ]
        )
    ap_columns = ["AP, JPEGs", *([] if by_embedding is None else ["AP, embeddings"])]
    columns = [
        "tag",
        "pictures with it",
        *ap_columns,
        "shown, truth known",
        "of these right",
        "in val/<tag>/",
        "of these shown it",
    ]
    section.tables.append(Table("By tag", columns, rows, AP_DIGITS))
    section.mistakes += [
        Mistakes("Wrong general tags at balanced", wrong_tags),
        Mistakes("Pictures not shown the tag of their folder", missed),
    ]
    return section


def at_odds(wrong: set[str], yes: frozenset[str], tree: Tree) -> set[str]:
    """Tags labelled no that the vocabulary has above one labelled yes."""
    return wrong & {above for tag in yes if tag in tree for above in tree.above(tag)}


def confidence_of(tag: str, shown: list[dict]) -> float:
    """Its own, or that of the tag below it that was shown."""
    return max(one["confidence"] for one in shown if tag == one["id"] or tag in one["parents"])


def of_candidates(tag: str, pairs: list[Pair]) -> float | None:
    def confidence(candidates: list[dict] | None) -> float:
        return max((one["confidence"] for one in candidates or [] if one["id"] == tag), default=0.0)

    truths = [truth(tag, picture.yes, picture.no) for picture, _ in pairs]
    return measures.average_precision([confidence(report.candidates) for _, report in pairs], truths)


def of_embeddings(embeddings: Path, head: Path) -> dict[str, float | None]:
    """Average precision of the stored head on the validation embeddings, by tag. A tag that the head lacks scores all
    alike."""
    names = json.loads((embeddings.parent / "tags.json").read_text(encoding="utf-8"))["tags"]
    with np.load(embeddings) as arrays:
        chosen = arrays["split"] == VALIDATION
        vectors, labels = arrays["E"][chosen], arrays["y"][chosen]
    stored = Head(head.read_text(encoding="utf-8"))
    scores = dict(zip(stored.tags, stored.values(normalise(vectors)).T, strict=True))
    zeros = np.zeros(len(vectors))
    return {
        name: measures.average_precision(
            scores.get(name, zeros).tolist(), [None if value == UNKNOWN else bool(value) for value in labels[:, column]]
        )
        for column, name in enumerate(names)
    }


def people(
    portraits: list[Pair], others: list[Pair], general_pairs: list[Pair], out_of_vocabulary: list[Pair]
) -> Section:
    """Whether pictures of people say so, and others do not. All at balanced."""
    section = Section("People")
    groups = {
        "people/portrait": [pair for pair in portraits if pair[0].folder == "portrait"],
        "other folders of people": [pair for pair in portraits if pair[0].folder != "portrait"],
        "portraits out of vocabulary": [pair for pair in out_of_vocabulary if pair[0].folder == "portrait"],
        "general, person: yes": [pair for pair in general_pairs if "person" in pair[0].yes],
        "grocery, materials, houses": others,
        "general, person: no": [pair for pair in general_pairs if "person" in pair[0].no],
    }

    def n_tagged(pairs: list[Pair], tag: str) -> int:
        return sum(tag in measures.with_parents(report.tags) for _, report in pairs)

    def figure(name: str, pairs: list[Pair], bar: float | None = None, at_most: bool = False) -> Figure:
        return Figure(name, share(n_tagged(pairs, "person"), len(pairs)), len(pairs), bar, at_most)

    without = groups["grocery, materials, houses"] + groups["general, person: no"]
    section.figures += [
        figure("portraits tagged person (people/portrait)", groups["people/portrait"], PERSON),
        figure("general pictures with people tagged person", groups["general, person: yes"]),
        figure("pictures without people tagged person", without, NO_PERSON, at_most=True),
    ]
    tags = ["person", "portrait", "group", "crowd"]
    rows = [[name, len(pairs), *(n_tagged(pairs, tag) for tag in tags)] for name, pairs in groups.items() if pairs]
    section.tables.append(Table("Pictures with the tag, shown or folded", ["pictures of", "pictures", *tags], rows))
    seen = [
        Mistake(picture.path, "person", picture.folder, confidence_of("person", report.tags))
        for picture, report in without
        if "person" in measures.with_parents(report.tags)
    ]
    missed = [
        Mistake(picture.path, ", ".join(tag["id"] for tag in report.tags) or "nothing", "person")
        for picture, report in groups["people/portrait"]
        if "person" not in measures.with_parents(report.tags)
    ]
    section.mistakes += [
        Mistakes("Tagged person without people", seen),
        Mistakes("Portraits not tagged person", missed),
    ]
    return section
