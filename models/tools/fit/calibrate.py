"""Fits curve and thresholds, and measures them: what stands in `fitted/calibration.json` and in the reliability
diagram.

Fitted on ImageNet validation pictures, pictures of no class, everyday pictures as far as their tags were judged by
eye, and the general pictures where these know something (these two with values of the head that did not see them,
and less weight: they are many and alike), on pairs of a picture and a tag.

Figures are of five folds: curve and thresholds come from the pictures of the other four, and the head's rows and
curves from other sources. They are means over `REPEATS` ways of making the folds: one way moves right of shown by half
a point and right leaf by as much. The thresholds that are written come from the confidences of all folds, the curve
from all pictures.

What the folds do not keep apart: the constants (what is conflicting, the cuts of u, weights, the least confidence
of parents) were chosen by looking at the figures of these same pictures, some forty variants of them. So the
figures flatter a little, and those within a point of their bar (right of shown and right leaf at "balanced", each
with a standard error above one point) say nothing about which side they are on.

On everyday pictures a narrow class is right less often than its scores on ImageNet promise: a hill is called a
valley, a bed a sofa. Neither the energy or entropy of the scores, the length of the embedding, what the head says of
the scene, an offset for leaves, for categories or for single tags, nor a row that tells everyday pictures from
ImageNet's took more wrong tags away than right ones of ImageNet at the same share of right leaves.
"""

from dataclasses import dataclass

import numpy as np

from fit import curve, data, general_head, judge, network, reliability, thresholds, truths
from fit.arrays import Arrays
from fit.curve import Confidences, Relations, Set
from fit.head import Head, class_logits, normalise
from fit.selection import PARENTS, Program
from fit.thresholds import TARGETS

GENERAL_WEIGHT = 0.02  # of a pair of a general picture and a tag, beside 1 of ImageNet's
EVERYDAY_WEIGHT = 0.2
FOLDS = 5
REPEATS = 5
HOW = "cargo x model fit"
ON = f"ImageNet validation, mean of {REPEATS} times five folds"
OFF = f"pictures of no class, mean of {REPEATS} times five folds"
GENERAL = "general pictures, validation split, none of them ImageNet's"
FIRST_LOOK = f"{{}} pictures, first look, mean of {REPEATS} times five folds"


@dataclass
class Material:
    """Everything that is fitted on or reported on."""

    relations: Relations
    imagenet: Set
    labels: np.ndarray  # the tags of the ImageNet pictures
    unknown: Set  # pictures of no class
    everyday: Set  # looked at whole; the head's confidences out of fold
    everyday_kind: np.ndarray
    general: Set  # the rest of the training split, the head's confidences out of fold
    check: Set  # the general pictures to be reported on: none of ImageNet's, which are fitted on
    folders: list[str]  # of the latter, their folders: a tag each
    y: np.ndarray  # what is known of the head's tags on the latter


def gather(
    pictures: data.Pictures, labelled: general_head.Labelled, heard: np.ndarray, head: Head, tree: Arrays
) -> Material:
    """`heard`: what the head says of the labelled pictures, out of fold."""
    columns = [tree.index[tag] for tag in head.tags]

    def see(some: data.Pictures, truth: np.ndarray) -> Set:
        scores = network.tag_scores(network.classify(some.embedding), tree)
        z = head.values(normalise(some.embedding))
        return Set(scores, head.confidences(z, class_logits(scores, columns)), truth)

    some = pictures.of("imagenet")
    classes = np.array([one["class"] for one in some.known])
    imagenet = see(some, truths.of_classes(classes, tree))

    some = pictures.of("out_of_vocabulary")
    fair = truths.fair_tags(some.known, tree)
    unknown = see(some, truths.of_kinds([one["kind"] for one in some.known], fair, tree))
    rows = {digest: row for row, digest in enumerate(labelled.sha256)}
    for number, one in enumerate(some.known):  # the head has seen them
        if one["sha256"] in rows:
            unknown.head[number] = heard[rows[one["sha256"]]]

    whole = labelled.is_everyday
    digests = [digest for digest, yes in zip(labelled.sha256, whole, strict=True) if yes]
    truth = truths.of_everyday(labelled.y[whole], labelled.tags, digests, data.verdicts(), tree)
    everyday = Set(labelled.scores[whole], heard[whole], truth)

    training = ~labelled.is_val & ~whole
    kinds = [labelled.kinds[source] for source in labelled.source[training]]
    truth = truths.of_general(labelled.y[training], labelled.tags, kinds, fair, tree)
    general = Set(labelled.scores[training], heard[training], truth)

    some = pictures.of("general")
    new = np.array([one["kind"] != "imagenet" for one in some.known])
    some = data.Pictures([one for one in some.known if one["kind"] != "imagenet"], some.embedding[new])
    y = np.array([[known_of(tag, one) for tag in head.tags] for one in some.known])
    check = see(some, truths.of_general(y, head.tags, [one["kind"] for one in some.known], fair, tree))
    folders = [one["folder"] for one in some.known]
    relations = curve.relate(tree, head.tags, curve.CONFLICTING)
    return Material(
        relations,
        imagenet,
        tree.tag_of_class[classes],
        unknown,
        everyday,
        labelled.kind[whole],
        general,
        check,
        folders,
        y,
    )


def known_of(tag: str, picture: dict) -> int:
    if tag == "water" and "sea" in picture["yes"]:  # the list calls only lakes and rivers so
        return 1
    return 1 if tag in picture["yes"] else 0 if tag in picture["no"] else data.UNKNOWN


@dataclass
class Folded:
    """Results of the cross-validation: each picture with the curve and the thresholds of the folds without it."""

    imagenet: Confidences
    unknown: Confidences
    everyday: Confidences
    bars: dict[str, np.ndarray]  # the thresholds of each ImageNet picture
    unknown_bars: dict[str, np.ndarray]
    everyday_bars: dict[str, np.ndarray]


def random_folds(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(n) % FOLDS


def fit_curve(material: Material, imagenet: Set, unknown: Set, everyday: Set) -> np.ndarray:
    sets = [(imagenet, 1), (unknown, 1), (everyday, EVERYDAY_WEIGHT), (material.general, GENERAL_WEIGHT)]
    return curve.fit(sets, material.relations)


def cross_validate(material: Material, program: Program, seed: int) -> Folded:
    relations, sets = material.relations, (material.imagenet, material.unknown, material.everyday)
    folds = [random_folds(len(one.scores), seed) for one in sets]
    results = [Confidences(np.zeros(one.scores.shape), np.zeros(one.scores.shape)) for one in sets]
    bars = [{name: np.zeros(len(one.scores)) for name in TARGETS} for one in sets]
    for held in range(FOLDS):
        imagenet, unknown, everyday = (one.part(fold != held) for one, fold in zip(sets, folds, strict=True))
        fitted = fit_curve(material, imagenet, unknown, everyday)
        chosen = thresholds.choose(
            curve.confidences(imagenet, fitted, relations),
            imagenet.truth,
            curve.confidences(everyday, fitted, relations),
            everyday.truth,
            program,
        )
        for one, fold, result, bar in zip(sets, folds, results, bars, strict=True):
            out = fold == held
            found = curve.confidences(one.part(out), fitted, relations)
            result.own[out], result.merged[out] = found.own, found.merged
            for name, threshold in chosen.items():
                bar[name][out] = threshold
    return Folded(*results, *bars)


def figures_of_folds(material: Material, folded: Folded, program: Program) -> dict[str, float]:
    """Everything about pictures of classes and of none, by name."""
    relations, imagenet, unknown = material.relations, material.imagenet, material.unknown
    tree = relations.tree
    found = {}
    for name in TARGETS:
        bars, unknown_bars = folded.bars[name], folded.unknown_bars[name]
        shown = program.shown_at(folded.imagenet, bars)
        judged = judge.judge(shown, folded.imagenet, imagenet.truth, list(material.labels), relations, bars)
        for key in "precision precision_with_folded any_right any_right_with_folded right_leaf none_shown".split():
            found[f"{name}_{key}"] = getattr(judged, key)
        found[f"{name}_tags_per_picture"] = judged.shown / judged.pictures
        found[f"{name}_head_tags_not_judged"] = judged.unspoken / judged.pictures
        shown = program.shown_at(folded.unknown, unknown_bars)
        judged = judge.judge(shown, folded.unknown, unknown.truth, [-1] * len(shown), relations, unknown_bars)
        for key in "wrong_leaf wrong any_right none_shown".split():
            found[f"{name}_unknown_{key}"] = getattr(judged, key)
        shown = program.shown_at(folded.everyday, folded.everyday_bars[name])
        for part, chosen in everyday_parts(material).items():
            some = [tags for tags, yes in zip(shown, chosen, strict=True) if yes]
            everyday = judge.everyday(some, material.everyday.truth[chosen], relations)
            found |= {f"{name}_{part}_{key}": value for key, value in everyday.items()}
    truth = tree.category[material.labels]
    found["top_category"] = (judge.top_categories(folded.imagenet.own, tree) == truth).mean()
    found["top_category_of_surest_tag"] = (tree.category[folded.imagenet.own.argmax(axis=1)] == truth).mean()
    for name, chosen in kinds_of_tags(tree).items():
        confidence, right = judge.pairs(folded.imagenet.own, imagenet, chosen)
        found[f"calibration_error_{name}"] = judge.calibration_error(confidence, right)
        likely = confidence >= 0.1
        found[f"calibration_error_{name}_from_0.1"] = judge.calibration_error(confidence[likely], right[likely])
    return found


def kinds_of_tags(tree: Arrays) -> dict[str, np.ndarray]:
    return {"leaves": ~tree.has_below, "parents": tree.has_below}


def everyday_parts(material: Material) -> dict[str, np.ndarray]:
    """All everyday pictures, and those of `objects`."""
    return {"everyday": np.ones(len(material.everyday_kind), bool), "objects": material.everyday_kind == "objects"}


def kinds_of_everyday_tags(relations: Relations) -> dict[str, np.ndarray]:
    """The same without the head's, and these."""
    general = np.zeros(len(relations.tree.ids), bool)
    general[relations.tags] = True
    kinds = {name: chosen & ~general for name, chosen in kinds_of_tags(relations.tree).items()}
    return kinds | {"general tags": general}


def figures_of_general(material: Material, found: Confidences, threshold: float, program: Program) -> dict[str, float]:
    """Precision and coverage of the head's tags on pictures whose yes and no are known."""
    tree, tags = material.relations.tree, material.relations.tags
    column = {tag: number for number, tag in enumerate(tags)}
    right = wrong = others_wrong = covered = 0
    for i, (some,) in enumerate(program.shown(found, [threshold])):
        known = [material.y[i, column[tag]] for tag in some if tag in column]
        right, wrong = right + known.count(1), wrong + known.count(0)
        others_wrong += sum(material.check.truth[i, tag] == truths.WRONG for tag in some if tag not in column)
        covered += any(tree.index[material.folders[i]] in tree.with_above(tag) for tag in some)
    n = len(material.y)
    areas = general_head.mean_average_precision(material.check.head, material.y, np.ones(n, bool))
    return {
        "mean_average_precision": np.mean(areas),
        "precision": right / max(right + wrong, 1),
        "shown_the_tag_of_their_folder": covered / n,
        "class_tags_known_wrong_per_picture": others_wrong / n,
    }


def note(name: str, value: float, where: str, n: int) -> dict:
    return {"name": name, "value": round(float(value), 4), "set": where, "pictures": n, "how": HOW}


def shorten(number: float) -> float:
    return float(f"{number:.4g}")


def calibrate(material: Material, program: Program) -> dict:
    """The content of `calibration.json`."""
    relations, imagenet, unknown, everyday = (
        material.relations,
        material.imagenet,
        material.unknown,
        material.everyday,
    )
    repeats = [cross_validate(material, program, seed) for seed in range(REPEATS)]
    measured = [figures_of_folds(material, folded, program) for folded in repeats]
    figures = []
    for name in measured[0]:
        where, n = (ON, len(imagenet.scores))
        if "unknown" in name:
            where, n = OFF, len(unknown.scores)
        for part, kind in everyday_parts(material).items():
            if f"_{part}_" in name:
                where, n = FIRST_LOOK.format(part), int(kind.sum())
        figures.append(note(name, np.mean([one[name] for one in measured]), where, n))
    diagrams = {}
    for name, kind in kinds_of_everyday_tags(relations).items():
        both = [judge.known_pairs(folded.everyday.merged, everyday.truth, kind) for folded in repeats]
        pairs = (np.concatenate(some) for some in zip(*both, strict=True))
        diagrams[name] = reliability.bins(*pairs, judge.BINS)

    fitted = fit_curve(material, imagenet, unknown, everyday)
    slope, intercept, support, conflict = (shorten(number) for number in fitted)
    chosen = [
        thresholds.choose(folded.imagenet, imagenet.truth, folded.everyday, everyday.truth, program)
        for folded in repeats
    ]
    settings = {name: round(float(np.mean([one[name] for one in chosen])), 2) for name in TARGETS}

    found = curve.confidences(material.check, np.array([slope, intercept, support, conflict]), relations)
    for name, threshold in settings.items():
        for key, value in figures_of_general(material, found, threshold, program).items():
            if name == "balanced" or key != "mean_average_precision":
                figures.append(note(f"general_{name}_{key}", value, GENERAL, len(material.y)))
    numbers = {"slope": slope, "intercept": intercept, "support": support, "support_range": curve.SUPPORT_CUTS}
    numbers |= {"conflict": conflict, "conflicting": curve.CONFLICTING, "least_score": curve.LEAST_SCORE}
    return {
        "calibration": numbers,
        "settings": settings,
        "parents": PARENTS,
        "figures": figures,
        "reliability": diagrams,
    }
