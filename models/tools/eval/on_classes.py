"""Sections of `eval` on pictures whose class is known: accuracy, policies, calibration, categories, and pictures of no
class at all."""

from collections import Counter

from convert.tree import Tree
from eval import measures
from eval.labelled import Picture
from eval.measures import share
from eval.program import LEAST_CONFIDENCE, Report
from eval.section import Figure, Mistake, Mistakes, Reliability, Section, Table

TOP_1, TOP_5 = 0.78, 0.94
RIGHT_OF_SHOWN = {"sure": 0.95, "balanced": 0.90, "generous": 0.75}
WITH_A_RIGHT_TAG, WITH_THE_LEAF = 0.90, 0.75
TOP_CATEGORY = 0.93
CALIBRATION_ERROR = 0.04
WRONG_LEAF = 0.10

Pair = tuple[Picture, Report]


def classes(pairs: list[Pair]) -> Section:
    """The network itself, whatever is made of its scores."""
    groups = {
        "all": pairs,
        "undistorted": [pair for pair in pairs if not pair[0].is_squashed],
        "squashed": [pair for pair in pairs if pair[0].is_squashed],
    }

    def figure(name: str, group: str, top: int, bar: float | None) -> Figure:
        # A picture that the program failed on counts as wrong.
        hits = sum(
            report.scores is not None and measures.is_in_top(report.scores, picture.label, top)
            for picture, report in groups[group]
        )
        return Figure(f"{name}, {group}", share(hits, len(groups[group])), len(groups[group]), bar)

    section = Section("Classes of the network")
    for group in groups:
        bars = (TOP_1, TOP_5) if group == "all" else (None, None)
        section.figures += [figure("top-1", group, 1, bars[0]), figure("top-5", group, 5, bars[1])]
    return section


def policies(by_policy: dict[str, list[Pair]], tree: Tree) -> Section:
    """What people see under each policy on pictures of known classes."""
    section = Section("Policies on pictures of known classes")
    section.notes.append(
        "Tags of the classes are right if they are the label's tag or above it. Whether tags of heads and "
        "detectors are right is not known "
        "on these pictures: they are counted, and left out of precision."
    )
    columns: dict[str, dict] = {}
    for policy, pairs in by_policy.items():
        verdicts = [measures.judge(report.tags, label_of(picture, tree), tree) for picture, report in pairs]
        n = len(verdicts)
        right, wrong = (sum(getattr(verdict, name) for verdict in verdicts) for name in ("n_right", "n_wrong"))
        precision = share(right, right + wrong)
        right_folded, wrong_folded = (
            sum(getattr(verdict, name) for verdict in verdicts) for name in ("n_right_folded", "n_wrong_folded")
        )
        has_right, has_right_folded, has_leaf = (
            share(sum(getattr(verdict, name) for verdict in verdicts), n)
            for name in ("has_right", "has_right_folded", "has_leaf")
        )
        without = share(sum(not report.tags for _, report in pairs), n)
        columns[policy] = {
            "tags of the classes shown": right + wrong,
            "of these right": precision,
            "of these right, folded parents counted": share(right_folded, right_folded + wrong_folded),
            "tags of heads and detectors shown (truth unknown)": sum(verdict.n_unknown for verdict in verdicts),
            "pictures with a right tag": has_right,
            "pictures with a right tag, folded parents counted": has_right_folded,
            "pictures with the label's own tag": has_leaf,
            "pictures with no tag": without,
            "coverage: pictures with a tag of the classes": share(
                sum(bool(measures.of_classes(report.tags)) for _, report in pairs), n
            ),
            "median tags a picture": str(measures.middle([len(report.tags) for _, report in pairs])),
        }
        section.figures.append(
            Figure(f"{policy}: shown tags that are right", precision, right + wrong, RIGHT_OF_SHOWN[policy])
        )
        if policy == "balanced":
            section.figures.append(
                Figure("balanced: pictures with a right tag, folded counted", has_right_folded, n, WITH_A_RIGHT_TAG)
            )
            section.figures.append(Figure("balanced: pictures with the label's own tag", has_leaf, n, WITH_THE_LEAF))
            section.mistakes.append(Mistakes("Most confident wrong tags at balanced", wrong_tags(pairs, tree)))
    names = list(next(iter(columns.values())))
    section.tables.append(
        Table("By policy", ["", *columns], [[name, *(columns[policy][name] for policy in columns)] for name in names])
    )
    return section


def label_of(picture: Picture, tree: Tree) -> str:
    return tree.classes[picture.label]


def wrong_tags(pairs: list[Pair], tree: Tree) -> list[Mistake]:
    return [
        Mistake(picture.path, tag["id"], label_of(picture, tree), tag["confidence"])
        for picture, report in pairs
        for tag in measures.of_classes(report.tags)
        if tag["id"] not in tree.way(label_of(picture, tree))
    ]


def top_category(balanced: list[Pair], tree: Tree, has_candidates: bool) -> Section:
    section = Section("Top category")
    section.notes.append(
        "The category of the most confident tag of the classes. Of what is shown, and of all candidates, shown or not."
    )
    shown = sum(
        measures.is_top_category_right(report.tags, label_of(picture, tree), tree) for picture, report in balanced
    )
    section.figures.append(
        Figure("right, of the tags shown at balanced (none shown: wrong)", share(shown, len(balanced)), len(balanced))
    )
    if has_candidates:
        any_ = sum(
            measures.is_top_category_right(report.candidates or [], label_of(picture, tree), tree)
            for picture, report in balanced
        )
        section.figures.append(
            Figure("right, of all candidates", share(any_, len(balanced)), len(balanced), TOP_CATEGORY)
        )
    return section


def calibration(pairs: list[Pair], tree: Tree) -> Section:
    """Of a hundred tags at 0.9, ninety should be right: over all candidates, shown or not."""
    section = Section("Calibration")
    section.notes.append(
        f"Every tag of the classes at a confidence of {LEAST_CONFIDENCE} or more, on every picture of a known "
        "class. The bar's error "
        "takes 15 bins of equal width. On the pictures that the confidences were fitted on this flatters; on "
        "others it does not."
    )
    judged = [
        (tree.is_leaf(one["id"]), one["confidence"], one["id"] in tree.way(label_of(picture, tree)))
        for picture, report in pairs
        for one in measures.of_classes(report.candidates or [])
        if one["confidence"] >= LEAST_CONFIDENCE
    ]
    rows = []
    for name, chosen in {"leaves": [True], "parents": [False], "all": [True, False]}.items():
        points = [(confidence, right) for is_leaf, confidence, right in judged if is_leaf in chosen]
        bins = measures.bins_of_equal_width(points)
        error = measures.calibration_error(bins)
        bar = None if name == "all" else CALIBRATION_ERROR
        section.figures.append(
            Figure(f"expected calibration error, {name}", error, len(points), bar, at_most=True, unit="")
        )
        by_mass = measures.calibration_error(measures.bins_of_equal_mass(points))
        rows.append([name, len(points), error, by_mass])
        section.reliability.append(Reliability(name, bins, error))
    kinds = {"15 of equal width": 3, "15 of equal mass": 3}
    section.tables.append(Table("Error by kind of bins", ["tags", "pairs", *kinds], rows, kinds))
    return section


def categories(balanced: list[Pair], tree: Tree) -> Section:
    """Where it is weak. Recall: pictures of the category with a right tag, folded parents counted."""
    pictures, found, shown, right = Counter(), Counter(), Counter(), Counter()
    for picture, report in balanced:
        label = label_of(picture, tree)
        own = tree.category(label)
        pictures[own] += 1
        found[own] += measures.judge(report.tags, label, tree).has_right_folded
        for tag in measures.of_classes(report.tags):
            shown[tree.category(tag["id"])] += 1
            right[tree.category(tag["id"])] += tag["id"] in tree.way(label)
    rows = [
        [name, pictures[name], share(found[name], pictures[name]), shown[name], share(right[name], shown[name])]
        for name in sorted(pictures | shown)
    ]

    def worst(row: list) -> float:
        return min(1.0 if value is None else value for value in (row[2], row[4]))

    columns = ["category", "pictures", "of these with a right tag", "tags shown", "of these right"]
    return Section(
        "Categories at balanced, worst first", tables=[Table("By category", columns, sorted(rows, key=worst))]
    )


def right_of_kind(kind: str, tree: Tree) -> set[str]:
    """The general tags that say what a picture of no class is: a portrait shows a person."""
    tags = {kind, "person"} if kind == "portrait" else {kind}
    return {one for tag in tags if tag in tree for one in tree.way(tag)}


def out_of_vocabulary(by_policy: dict[str, list[Pair]], tree: Tree) -> Section:
    """Pictures of none of the classes should get a right general tag or none."""
    section = Section("Out of vocabulary")
    section.notes.append(
        "A wrong leaf: a shown tag of the classes with no tags below it that is not among the fair ones. A right "
        "general tag: what the "
        "picture's kind says, or a tag above that, shown or folded. Kinds without such a tag (medical, texture) "
        "cannot have one."
    )

    def row(name: str, pairs: list[Pair]) -> list:
        leaf = sum(bool(wrong_leaves(picture, report, tree)) for picture, report in pairs)
        wrong = sum(bool(wrong_of_classes(picture, report, tree)) for picture, report in pairs)
        tagged = sum(bool(report.tags) for _, report in pairs)
        right = sum(
            bool(measures.with_parents(report.tags) & right_of_kind(picture.folder, tree)) for picture, report in pairs
        )
        return [name, len(pairs), *(share(n, len(pairs)) for n in (leaf, wrong, tagged, right))]

    columns = ["pictures", "wrong leaf", "wrong tag of the classes", "any tag", "right general tag"]
    section.tables.append(
        Table("By policy", ["policy", *columns], [row(policy, pairs) for policy, pairs in by_policy.items()])
    )
    balanced = by_policy["balanced"]
    kinds = sorted({picture.folder for picture, _ in balanced})
    rows = [row(kind, [pair for pair in balanced if pair[0].folder == kind]) for kind in kinds]
    section.tables.append(Table("By kind, at balanced", ["kind", *columns], rows))
    n_leaf = sum(bool(wrong_leaves(picture, report, tree)) for picture, report in balanced)
    wrong_share = share(n_leaf, len(balanced))
    section.figures.append(
        Figure("pictures with a wrong leaf at balanced", wrong_share, len(balanced), WRONG_LEAF, at_most=True)
    )
    section.mistakes.append(
        Mistakes(
            "Wrong leaves at balanced",
            [
                Mistake(picture.path, tag["id"], picture.folder, tag["confidence"])
                for picture, report in balanced
                for tag in wrong_leaves(picture, report, tree)
            ],
        )
    )
    return section


def wrong_of_classes(picture: Picture, report: Report, tree: Tree) -> list[dict]:
    fair = right_of_kind(picture.folder, tree).union(*(tree.way(tag) for tag in picture.fair))
    return [tag for tag in measures.of_classes(report.tags) if tag["id"] not in fair]


def wrong_leaves(picture: Picture, report: Report, tree: Tree) -> list[dict]:
    return [tag for tag in wrong_of_classes(picture, report, tree) if tree.is_leaf(tag["id"])]
