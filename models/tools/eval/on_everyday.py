"""Sections of `eval` on everyday pictures: COCO's objects, what is shown of them and of the general tags, and the
promise of the three settings."""

from collections import Counter

from convert.tree import Tree
from eval import measures
from eval.everyday import Everyday, Truth
from eval.measures import share
from eval.on_classes import RIGHT_OF_SHOWN
from eval.on_general import confidence_of
from eval.program import Report
from eval.section import Figure, Mistake, Mistakes, Reliability, Section, Table

FOUND, RIGHT_OF_FOUND, NO_RIGHT_ONE, RIGHT_TAGS = 0.45, 0.90, 0.12, 2.8
RIGHT_OF_JUDGED, RIGHT_OF_WORST, RECALL = 0.92, 0.80, 0.65
OFTEN = 10  # times shown from which on a tag's own precision says something
LEAST_CONFIDENCE = 0.1  # of the reliability diagram: below it nearly all is wrong

Pair = tuple[Everyday, Report]


def there(picture: Everyday) -> str:
    """What the labels say, for the mistakes."""
    return ", ".join(sorted(picture.objects | {tag for tag, truth in picture.general.items() if truth}))


def note_of_fitting(pairs: list[Pair]) -> list[str]:
    n = sum(picture.was_fitted_on for picture, _ in pairs)
    if not n:
        return []
    return [
        f"{n} of these {len(pairs)} pictures were fitted on, so that these figures flatter: those of "
        "`cargo x model fit` are out of fold."
    ]


def objects(pairs: list[Pair], tree: Tree, names: frozenset[str]) -> Section:
    """`names`: the tags of COCO's classes. All at balanced, on pictures with boxes."""
    section = Section("COCO's objects on everyday pictures, at balanced")
    section.notes.append(
        "To be found: a tag of which some box covers 1 % of the picture. A shown or folded tag of COCO's classes is "
        "right if there is any box of it or of a tag below it, or if the general labels say so."
    )
    section.notes += note_of_fitting(pairs)
    to_find, found, shown, right, wrong_tags, missed = Counter(), Counter(), Counter(), Counter(), [], []
    n_with_large = n_none = n_right_tags = 0
    for picture, report in pairs:
        truth, have = Truth(picture, tree, names, by_eye=False), measures.with_parents(report.tags)
        hits = {tag for tag in have & names if truth.of_labels(tag)}
        wrong = {tag for tag in have & names if truth.of_labels(tag) is False}
        to_find.update(picture.large)
        found.update(picture.large & have)
        shown.update(hits | wrong)
        right.update(hits)
        wrong_tags += [Mistake(picture.path, tag, there(picture), confidence_of(tag, report.tags)) for tag in wrong]
        if picture.large:
            n_with_large += 1
            if not hits:
                n_none += 1
                missed.append(Mistake(picture.path, ", ".join(sorted(have)) or "nothing", there(picture)))
        n_right_tags += sum(truth.of_labels(tag) is True for tag in have)
    n_found, n_shown = found.total(), shown.total()
    section.figures += [
        Figure("objects found", share(n_found, to_find.total()), to_find.total(), FOUND),
        Figure("shown objects that are right", share(right.total(), n_shown), n_shown, RIGHT_OF_FOUND),
        Figure("pictures with objects and no right one", share(n_none, n_with_large), n_with_large, NO_RIGHT_ONE, True),
        Figure("right tags a picture", share(n_right_tags, len(pairs)), len(pairs), RIGHT_TAGS, unit=""),
    ]
    rows = [
        [tag, to_find[tag], share(found[tag], to_find[tag]), shown[tag], share(right[tag], shown[tag])]
        for tag in sorted(to_find | shown, key=lambda tag: -to_find[tag])
    ]
    section.tables.append(Table("By tag", ["tag", "to be found", "found", "shown", "of these right"], rows))
    section.mistakes += [Mistakes("Wrong objects", wrong_tags), Mistakes("No right object", missed)]
    return section


def labelled(pairs: list[Pair], tree: Tree, names: frozenset[str]) -> Section:
    """General tags and COCO's names, as far as the labels know them; shown and folded alike. At balanced."""
    section = Section("General tags and objects on everyday pictures, at balanced")
    section.notes += note_of_fitting(pairs)
    general = sorted({tag for picture, _ in pairs for tag in picture.general})
    shown, right, present, found, wrong_tags = Counter(), Counter(), Counter(), Counter(), []
    for picture, report in pairs:
        truth, have = Truth(picture, tree, names, by_eye=False), measures.with_parents(report.tags)
        known = {tag: truth.of_labels(tag) for tag in have & (names | set(general))}
        shown.update(tag for tag, one in known.items() if one is not None)
        right.update(tag for tag, one in known.items() if one)
        yes = {tag for tag, one in picture.general.items() if one}
        present.update(yes)
        found.update(yes & have)
        wrong_tags += [
            Mistake(picture.path, tag, there(picture), confidence_of(tag, report.tags))
            for tag, one in known.items()
            if one is False
        ]
    often = [share(right[tag], n) for tag, n in shown.items() if n >= OFTEN]
    section.figures += [
        Figure("shown tags that are right", share(right.total(), shown.total()), shown.total(), RIGHT_OF_JUDGED),
        Figure(f"the worst tag shown {OFTEN} times or more", min(often, default=None), len(often), RIGHT_OF_WORST),
        Figure("general tags found", share(found.total(), present.total()), present.total(), RECALL),
    ]
    rows = [
        [tag, present[tag], share(found[tag], present[tag]), shown[tag], share(right[tag], shown[tag])]
        for tag in sorted([*general, *(tag for tag in names if shown[tag] >= OFTEN and tag not in general)])
    ]
    section.tables.append(Table("By tag", ["tag", "pictures with it", "found", "shown", "of these right"], rows))
    section.mistakes.append(Mistakes("Wrong general tags and objects", wrong_tags))
    return section


def promise(by_policy: dict[str, list[Pair]], tree: Tree, names: frozenset[str]) -> Section:
    """How much of all that is shown is right, and how much of it was judged."""
    section = Section("The promise on everyday pictures")
    section.notes.append(
        "All shown tags, folded ones not counted: by the labels, and by eye where these know nothing. Arguable tags "
        "are left out; tags that nobody has judged are counted apart."
    )
    section.notes += note_of_fitting(next(iter(by_policy.values())))
    rows, wrong_tags, unjudged = [], [], []
    for policy, pairs in by_policy.items():
        n = Counter()
        for picture, report in pairs:
            truth = Truth(picture, tree, names)
            for tag in report.tags:
                is_judged, is_right = truth(tag["id"])
                kind = "unjudged" if not is_judged else {True: "right", False: "wrong", None: "arguable"}[is_right]
                n[kind] += 1
                mistake = Mistake(picture.path, tag["id"], there(picture), tag["confidence"])
                if policy == "balanced":
                    if kind == "wrong":
                        wrong_tags.append(mistake)
                    elif kind == "unjudged":
                        unjudged.append(mistake)
        known = n["right"] + n["wrong"]
        section.figures.append(
            Figure(f"{policy}: shown tags that are right", share(n["right"], known), known, RIGHT_OF_SHOWN[policy])
        )
        judged = share(n.total() - n["unjudged"], n.total())
        rows.append([policy, n.total(), n["right"], n["wrong"], n["arguable"], n["unjudged"], judged])
    columns = ["policy", "shown", "right", "wrong", "arguable", "not judged", "judged"]
    section.tables.append(Table("What was judged", columns, rows))
    section.mistakes += [
        Mistakes("Wrong tags at balanced", wrong_tags),
        Mistakes("Tags at balanced that nobody has judged", unjudged),
    ]
    return section


def reliability(balanced: list[Pair], tree: Tree, names: frozenset[str]) -> Section:
    """Every judged candidate, shown or not."""
    section = Section("Calibration on everyday pictures")
    points: dict[str, list[tuple[float, bool]]] = {}
    for picture, report in balanced:
        truth = Truth(picture, tree, names)
        for one in report.candidates or []:
            _, is_right = truth(one["id"])
            if one["confidence"] >= LEAST_CONFIDENCE and is_right is not None:
                for group in ("all", one["from"].split(":")[0]):
                    points.setdefault(group, []).append((one["confidence"], is_right))
    for group, pairs in sorted(points.items()):
        bins = measures.bins_of_equal_width(pairs, 10)
        error = measures.calibration_error(bins)
        section.figures.append(Figure(f"expected calibration error, {group}", error, len(pairs), at_most=True, unit=""))
        section.reliability.append(Reliability(f"everyday pictures, {group}", bins, error))
    return section
