"""Turns scores into the probability that a tag is right, and finds the thresholds of the three settings.

    python models/tools/calibrate.py           cross-validates and prints the figures
    python models/tools/calibrate.py --write   and writes calibration.json (which card.py puts into the card) and the reliability diagram

The pictures lie beside the repository and are no part of it; without them the script says so and stops. The confidence of a tag is

    own      = sigmoid(slope * x + intercept + support * u + conflict * v)      of the classes, then no parent below its children
    x        = logit of the probability of all classes at or below the tag, cut to [0.0001, 0.9999]
    u        = logit of the head's confidence in the tag or the nearest one above it that it knows, cut to [-4, 1]; 0 without
    v        = the head's highest confidence in a conflicting tag that is not the tag, above it or below it; 0 without
    merged   = the higher of own and the head's confidence, then no parent below its children

for tags with a probability of at least `least_score`; others have none. A head that sees no animal counts against a dog; one that sees
one says nothing of the breed, hence the cuts of u. Fitted on ImageNet validation pictures, pictures of no class, and the general pictures
where these know something (with values of the head that did not see them, and less weight: they are many and alike), on pairs of a picture
and a tag with a probability above `FIT_FROM`: the many below it are nearly all wrong, and would bend the curve where it matters.

Figures are of five folds: curve and thresholds come from the pictures of the other four. They are means over `REPEATS` ways of making the
folds: one way moves right of shown by half a point and right leaf by as much. A threshold is the lowest from which on at least
95, 90 or 75 of 100 shown tags of the classes are right, folded parents not counted. The thresholds that are written come from the
confidences of all folds, the curve from all pictures.

What the folds do not keep apart: the constants below (what is conflicting, the cuts of u, weights, `PARENTS`) were chosen by
looking at the figures of these same pictures, some forty variants of them. So the figures flatter a little, and those within a point of
their bar (right of shown and right leaf at "balanced", each with a standard error above one point) say nothing about which side they are on.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import environment

environment.enter()

import numpy as np  # noqa: E402  (needs the packages that enter() provides)

import general_head  # noqa: E402
import logistic  # noqa: E402
import pictures  # noqa: E402
import policy  # noqa: E402
import reliability  # noqa: E402
import tree as trees  # noqa: E402
import truths  # noqa: E402
import vocabulary  # noqa: E402
from tree import Tree  # noqa: E402

HERE = Path(__file__).resolve().parent
DATA = general_head.DATA
FILE = HERE / "calibration.json"
DIAGRAM = general_head.ROOT / "models" / "efficientnet-lite0" / "reliability.svg"
LEAST_SCORE = 0.003
FIT_FROM = 0.1
CONFLICTING = "flower mountain forest document screenshot drawing map chart".split()
SUPPORT_CUTS = [-4.0, 1.0]
GENERAL_WEIGHT = 0.02  # of a pair of a general picture and a tag, beside 1 of the others
TARGETS = {"sure": 0.957, "balanced": 0.90, "generous": 0.75}
PARENTS = 0.85  # a tag with tags below it is shown beside others from here on
LEAST_THRESHOLD = 0.25  # of any setting: what is less likely is a guess, however right the surer tags beside it are
NEIGHBOURS = 2  # steps of 0.01 on either side that a threshold's precision is averaged over: one picture should not move it
MOST_TAGS = 8
FOLDS = 5
REPEATS = 5
BINS = 10


@dataclass
class Set:
    """Pictures of one kind: scores of all tags, the head's confidences, what is known (see `truths`)."""

    scores: np.ndarray
    head: np.ndarray
    truth: np.ndarray

    def part(self, chosen: np.ndarray) -> "Set":
        return Set(self.scores[chosen], self.head[chosen], self.truth[chosen])


@dataclass
class Relations:
    """How the tags of the tree stand to those of the head, by the head's columns."""

    tree: Tree
    tags: list[int]  # of the head, as numbers of the tree
    nearest: np.ndarray  # the head's column for each tag of the tree, -1 without
    conflicting: list[tuple[int, np.ndarray]]  # a column, and for each tag of the tree whether it is a stranger to it


def relate(tree: Tree, tags: list[str], conflicting: list[str]) -> Relations:
    numbers = [tree.index[tag] for tag in tags]
    columns = {number: column for column, number in enumerate(numbers)}
    nearest = [next((columns[other] for other in [tag, *tree.above[tag]] if other in columns), -1) for tag in range(len(tree.ids))]
    strangers = []
    for tag in conflicting:
        number, stranger = tree.index[tag], np.ones(len(tree.ids), bool)
        stranger[[*tree.with_above(number), *tree.below(number)]] = False
        strangers.append((columns[number], stranger))
    return Relations(tree, numbers, np.array(nearest), strangers)


def columns_of(one: Set, relations: Relations) -> np.ndarray:
    """x, 1, u and v for each picture and tag."""
    x = logistic.logit(np.clip(one.scores, general_head.LEAST, general_head.MOST))
    said = np.clip(logistic.logit(np.clip(one.head, 1e-9, 1 - 1e-9)), *SUPPORT_CUTS)
    u = np.where(relations.nearest >= 0, said[:, relations.nearest], 0)
    v = np.zeros_like(x)
    for column, stranger in relations.conflicting:
        v[:, stranger] = np.maximum(v[:, stranger], one.head[:, column, None])
    return np.stack([x, np.ones_like(x), u, v], axis=-1)


def fit(sets: list[tuple[Set, float]], relations: Relations) -> np.ndarray:
    """Slope, intercept, support, conflict, of all pairs whose truth is known; each set with a weight."""
    rows, truths_, weights = [], [], []
    for one, weight in sets:
        chosen = (one.scores > FIT_FROM) & (one.truth != truths.UNKNOWN)
        rows.append(columns_of(one, relations)[chosen])
        truths_.append(one.truth[chosen] == truths.RIGHT)
        weights.append(np.full(chosen.sum(), weight))
    truth = np.concatenate(truths_).astype(float)
    return logistic.fit_curve(np.concatenate(rows), truth, np.concatenate(weights), signs={0: 1, 2: 1, 3: -1})


@dataclass
class Confidences:
    """Of the classes alone, and merged with the head's."""

    own: np.ndarray
    merged: np.ndarray


def confidences(one: Set, curve: np.ndarray, relations: Relations) -> Confidences:
    own = np.where(one.scores > LEAST_SCORE, logistic.sigmoid(columns_of(one, relations) @ curve), 0)
    own = relations.tree.raise_parents(own)
    merged = own.copy()
    merged[:, relations.tags] = np.maximum(merged[:, relations.tags], one.head)
    return Confidences(own, relations.tree.raise_parents(merged))


def show(found: Confidences, tree: Tree, threshold: float) -> list[list[int]]:
    return [policy.shown(merged, own, tree, threshold, PARENTS, MOST_TAGS) for merged, own in zip(found.merged, found.own)]


def precision(shown: list[list[int]], truth: np.ndarray) -> float:
    right = [truth[i, tag] == truths.RIGHT for i, tags in enumerate(shown) for tag in tags]
    return float(np.mean(right)) if right else 1.0


def choose_threshold(found: Confidences, truth: np.ndarray, tree: Tree, target: float) -> float:
    """The lowest threshold from which on at least `target` of the shown tags of the classes are right, `LEAST_THRESHOLD` at least."""
    alone = Confidences(found.own, found.own)
    thresholds = np.round(np.arange(LEAST_THRESHOLD - 0.01 * NEIGHBOURS, 0.98, 0.01), 2)
    precisions = np.array([precision(show(alone, tree, threshold), truth) for threshold in thresholds])
    smooth = np.convolve(precisions, np.full(2 * NEIGHBOURS + 1, 1 / (2 * NEIGHBOURS + 1)), "valid")
    below = np.flatnonzero(smooth < target)
    first = below[-1] + 1 if len(below) else 0
    return float(thresholds[NEIGHBOURS:][min(first, len(smooth) - 1)])


@dataclass
class Judged:
    """What is shown of one set, and how much of it is right."""

    pictures: int
    shown: int
    precision: float
    precision_with_folded: float
    any_right: float
    any_right_with_folded: float
    right_leaf: float
    none_shown: float
    wrong_leaf: float  # pictures with one
    wrong: float  # pictures with any wrong tag
    unspoken: int  # tags of the head that the label says nothing of: not counted


def judge(shown: list[list[int]], found: Confidences, truth: np.ndarray, leaves: list[int], relations: Relations, bars: list[float]) -> Judged:
    """`leaves` are the tags of the labels, -1 without. A tag that only the head speaks for counts where it is right; elsewhere the label of
    a thing says nothing of it (a person in a gown), but of animals, food and fruit it does."""
    tree, hears = relations.tree, {relations.tree.index[tag] for tag in general_head.HEARS_CLASSES}
    n = right = n_folded = right_folded = unspoken = 0
    shares = np.zeros(6)
    for i, tags in enumerate(shown):
        known = [tag for tag in tags if truth[i, tag] == truths.RIGHT or tag in hears or found.own[i, tag] >= bars[i]]
        known = [tag for tag in known if truth[i, tag] != truths.UNKNOWN]
        unspoken += len(tags) - len(known)
        all_ = {tag for one in known for tag in tree.with_above(one) if truth[i, tag] != truths.UNKNOWN}
        good, good_all = [[tag for tag in some if truth[i, tag] == truths.RIGHT] for some in (known, all_)]
        bad = [tag for tag in known if tag not in good]
        n, right, n_folded, right_folded = n + len(known), right + len(good), n_folded + len(all_), right_folded + len(good_all)
        wrong_leaf = any(not tree.has_below[tag] for tag in bad)
        shares += [bool(good), bool(good_all), leaves[i] in tags, not tags, wrong_leaf, bool(bad)]
    shares /= len(shown)
    return Judged(len(shown), n, right / max(n, 1), right_folded / max(n_folded, 1), *map(float, shares), unspoken)


def random_folds(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).permutation(n) % FOLDS


def see(paths: list[Path], truth: np.ndarray, tree: Tree, head: general_head.Head) -> Set:
    seen = pictures.see(paths)
    scores = pictures.tags_scores(seen.logits, tree)
    z = head.values(general_head.normalise(seen.embedding))
    return Set(scores, head.confidences(z, general_head.class_logits(scores, head.tags)), truth)


@dataclass
class Material:
    """Everything that is fitted on or reported on."""

    relations: Relations
    imagenet: Set
    labels: np.ndarray  # the tags of the ImageNet pictures
    unknown: Set  # pictures of no class
    general: Set  # embeddings of the training split, the head's values out of fold
    check: Set  # the general pictures to be reported on
    folders: list[str]  # of the latter, their folders: a tag each
    is_imagenet: np.ndarray  # those of the latter that are ImageNet validation pictures, hence fitted on
    y: np.ndarray  # what is known of the head's tags on the latter


def gather(data: Path) -> Material:
    tree, head = trees.of(vocabulary.read_tree()), general_head.Head(general_head.HEAD.read_text())
    rows = [row for row in truths.read_rows(data / "imagenet" / "labels.csv") if row["origin"].startswith("val_")]
    classes = np.array([int(row["class_index"]) for row in rows])
    imagenet = see([data / "imagenet" / row["path"] for row in rows], truths.of_classes(classes, tree), tree, head)

    fair = truths.fair_tags(data, tree)
    rows = truths.read_rows(data / "out_of_vocabulary" / "labels.csv")
    truth = truths.of_kinds([row["kind"] for row in rows], fair, tree)
    unknown = see([data / "out_of_vocabulary" / row["path"] for row in rows], truth, tree, head)

    known = general_head.read(data)
    training = ~known.is_val
    z = general_head.out_of_fold(known, general_head.assign_folds(known.source, known.kinds), general_head.C)[training]
    kinds = [known.kinds[source] for source in known.source[training]]
    scores = pictures.tags_scores(pictures.classify(np.load(data / "general" / "embeddings.npz")["E"]), tree)[training]
    truth = truths.of_general(known.y[training], known.tags, kinds, fair, tree)
    general = Set(scores, head.confidences(z, known.class_logit[training]), truth)

    folder = data / "general" / "val"
    rows = truths.read_rows(folder / "labels.csv")
    y = np.array([[1 if tag in row["yes"].split() else 0 if tag in row["no"].split() else 255 for tag in head.tags] for row in rows])
    truth = truths.of_general(y, head.tags, [row["source_class"] for row in rows], fair, tree)
    check = see([folder / row["path"] for row in rows], truth, tree, head)
    is_imagenet = np.array([row["source_class"] == "imagenet" for row in rows])
    relations = relate(tree, head.tags, CONFLICTING)
    folders = [row["path"].split("/")[0] for row in rows]
    return Material(relations, imagenet, tree.tag_of_class[classes], unknown, general, check, folders, is_imagenet, y)


@dataclass
class Folded:
    """Results of the cross-validation: each picture with the curve and the thresholds of the folds without it."""

    imagenet: Confidences
    unknown: Confidences
    bars: dict[str, np.ndarray]  # the thresholds of each ImageNet picture
    unknown_bars: dict[str, np.ndarray]


def cross_validate(material: Material, seed: int) -> Folded:
    relations, imagenet, unknown = material.relations, material.imagenet, material.unknown
    fold, unknown_fold = random_folds(len(imagenet.scores), seed), random_folds(len(unknown.scores), seed)
    results = [Confidences(np.zeros(one.scores.shape), np.zeros(one.scores.shape)) for one in (imagenet, unknown)]
    bars = [{name: np.zeros(len(one.scores)) for name in TARGETS} for one in (imagenet, unknown)]
    for held in range(FOLDS):
        parts = [(imagenet.part(fold != held), 1), (unknown.part(unknown_fold != held), 1), (material.general, GENERAL_WEIGHT)]
        curve = fit(parts, relations)
        seen = confidences(parts[0][0], curve, relations)
        thresholds = {name: choose_threshold(seen, parts[0][0].truth, relations.tree, target) for name, target in TARGETS.items()}
        for one, out, result, bar in zip((imagenet, unknown), (fold == held, unknown_fold == held), results, bars):
            found = confidences(one.part(out), curve, relations)
            result.own[out], result.merged[out] = found.own, found.merged
            for name, threshold in thresholds.items():
                bar[name][out] = threshold
    return Folded(*results, *bars)


def show_each(found: Confidences, bars: np.ndarray, tree: Tree) -> list[list[int]]:
    rows = zip(found.merged, found.own, bars)
    return [policy.shown(merged, own, tree, threshold, PARENTS, MOST_TAGS) for merged, own, threshold in rows]


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error, in bins of equal width."""
    return sum(one["share"] * abs(one["confidence"] - one["right"]) for one in reliability.bins(confidence, right, BINS))


def pairs(found: np.ndarray, one: Set, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Confidence and truth of the pairs of a picture and one of the `chosen` tags."""
    m = (one.scores > LEAST_SCORE) & chosen & (one.truth != truths.UNKNOWN)
    return found[m], (one.truth[m] == truths.RIGHT).astype(float)


def top_categories(confidence: np.ndarray, tree: Tree) -> np.ndarray:
    roots = np.unique(tree.category)
    return roots[confidence[:, roots].argmax(axis=1)]


def figures_of_folds(material: Material, folded: Folded) -> dict[str, float]:
    """Everything about pictures of classes and of none, by name."""
    relations, tree, imagenet, unknown = material.relations, material.relations.tree, material.imagenet, material.unknown
    found = {}
    for name in TARGETS:
        bars, unknown_bars = folded.bars[name], folded.unknown_bars[name]
        shown = show_each(folded.imagenet, bars, tree)
        judged = judge(shown, folded.imagenet, imagenet.truth, list(material.labels), relations, bars)
        for key in "precision precision_with_folded any_right any_right_with_folded right_leaf none_shown".split():
            found[f"{name}_{key}"] = getattr(judged, key)
        found[f"{name}_tags_per_picture"] = judged.shown / judged.pictures
        found[f"{name}_head_tags_not_judged"] = judged.unspoken / judged.pictures
        shown = show_each(folded.unknown, unknown_bars, tree)
        judged = judge(shown, folded.unknown, unknown.truth, [-1] * len(shown), relations, unknown_bars)
        for key in "wrong_leaf wrong any_right none_shown".split():
            found[f"{name}_unknown_{key}"] = getattr(judged, key)
    truth = np.array(tree.category)[material.labels]
    found["top_category"] = (top_categories(folded.imagenet.own, tree) == truth).mean()
    found["top_category_of_surest_tag"] = (np.array(tree.category)[folded.imagenet.own.argmax(axis=1)] == truth).mean()
    for name, chosen in (("leaves", ~tree.has_below), ("parents", tree.has_below)):
        confidence, right = pairs(folded.imagenet.own, imagenet, chosen)
        found[f"calibration_error_{name}"] = calibration_error(confidence, right)
        likely = confidence >= 0.1
        found[f"calibration_error_{name}_from_0.1"] = calibration_error(confidence[likely], right[likely])
    return found


def figures_of_general(material: Material, found: Confidences, threshold: float) -> tuple[list[tuple[str, float]], list[str]]:
    """Precision and coverage of the head's tags on pictures whose yes and no are known, and a line for each folder."""
    tree, tags = material.relations.tree, material.relations.tags
    shown = [policy.shown(m, o, tree, threshold, PARENTS, MOST_TAGS) for m, o in zip(found.merged, found.own)]
    column = {tag: number for number, tag in enumerate(tags)}
    right = wrong = others_right = others_wrong = covered = 0
    lines = {}
    for i, some in enumerate(shown):
        known = [material.y[i, column[tag]] for tag in some if tag in column]
        right, wrong = right + known.count(1), wrong + known.count(0)
        others = [material.check.truth[i, tag] for tag in some if tag not in column]
        others_right, others_wrong = others_right + others.count(truths.RIGHT), others_wrong + others.count(truths.WRONG)
        folder = tree.index[material.folders[i]]
        is_there = any(folder in tree.with_above(tag) for tag in some)
        covered += is_there
        entry = lines.setdefault(material.folders[i], [0, 0, 0, 0])
        lines[material.folders[i]] = [entry[0] + is_there, entry[1] + 1, entry[2], entry[3]]
        for tag in some:
            if tag in column and material.y[i, column[tag]] != 255:
                entry = lines.setdefault(tree.ids[tag], [0, 0, 0, 0])
                entry[2] += int(material.y[i, column[tag]] == 1)
                entry[3] += 1
    n = len(shown)
    mean = np.mean(general_head.mean_average_precision(material.check.head, material.y, np.ones(n, bool)))
    figures = [
        ("mean_average_precision", mean),
        ("precision", right / max(right + wrong, 1)),
        ("shown_the_tag_of_their_folder", covered / n),
        ("class_tags_known_wrong_per_picture", others_wrong / n),
    ]
    return figures, [f"  {tag:<12} shown on {a} of {b}; {c} of {d} right" for tag, (a, b, c, d) in lines.items()]


def shorten(number: float) -> float:
    return float(f"{number:.4g}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder with imagenet, out_of_vocabulary and general")
    parser.add_argument("--write", action="store_true", help="write calibration.json and the reliability diagram")
    arguments = parser.parse_args()
    if not (arguments.data / "imagenet" / "labels.csv").exists():
        print(f"skipped: the labelled pictures are not at {arguments.data / 'imagenet'}; they are no part of this repository")
        return 0
    material = gather(arguments.data.resolve())
    relations, tree, imagenet, unknown = material.relations, material.relations.tree, material.imagenet, material.unknown
    repeats = [cross_validate(material, seed) for seed in range(REPEATS)]
    figures = []

    def note(name: str, value: float, where: str, n: int):
        figures.append({"name": name, "value": round(float(value), 4), "set": where, "pictures": n, "how": "python models/tools/calibrate.py"})
        print(f"{name:<46}{value:8.4f}  {where}, {n}")

    on, off = (f"{what}, mean of {REPEATS} times five folds" for what in ("ImageNet validation", "pictures of no class"))
    measured = [figures_of_folds(material, folded) for folded in repeats]
    for name in measured[0]:
        values = [one[name] for one in measured]
        where, n = (off, len(unknown.scores)) if "unknown" in name else (on, len(imagenet.scores))
        note(name, np.mean(values), where, n)
        if name in ("balanced_precision", "balanced_right_leaf"):
            print(f"    from {min(values):.4f} to {max(values):.4f} by how the folds are made")
    diagrams = []
    for name, chosen in (("leaves", ~tree.has_below), ("parents", tree.has_below)):
        both = [pairs(folded.imagenet.own, imagenet, chosen) for folded in repeats]
        diagrams.append((name, reliability.bins(*(np.concatenate(some) for some in zip(*both)), BINS)))

    parts = [(imagenet, 1), (unknown, 1), (material.general, GENERAL_WEIGHT)]
    curve = np.array([shorten(number) for number in fit(parts, relations)])
    settings = {}
    for name, target in TARGETS.items():
        chosen = [choose_threshold(folded.imagenet, imagenet.truth, tree, target) for folded in repeats]
        settings[name] = round(float(np.mean(chosen)), 2)
    slope, intercept, support, conflict = map(float, curve)
    calibration = {"slope": slope, "intercept": intercept, "support": support, "support_range": SUPPORT_CUTS, "conflict": conflict}
    calibration |= {"conflicting": CONFLICTING, "least_score": LEAST_SCORE}
    print(json.dumps({"calibration": calibration, "settings": settings, "parents": PARENTS}))

    where, new = "general pictures, validation split, none of them ImageNet's", ~material.is_imagenet
    found = confidences(material.check.part(new), curve, relations)
    fresh = Material(**vars(material) | {
        "check": material.check.part(new), "y": material.y[new], "folders": [f for f, m in zip(material.folders, new) if m]
    })
    for name, threshold in settings.items():
        results, lines = figures_of_general(fresh, found, threshold)
        for key, value in results:
            if name == "balanced" or key != "mean_average_precision":
                note(f"general_{name}_{key}", value, where, int(new.sum()))
        if name == "balanced":
            print(*lines, sep="\n")
    if arguments.write:
        result = {"calibration": calibration, "settings": settings, "parents": PARENTS, "figures": figures, "reliability": dict(diagrams)}
        FILE.write_text(json.dumps(result, indent=1) + "\n")
        DIAGRAM.write_text(reliability.draw(diagrams))
        print(f"{FILE.name}, {DIAGRAM.name}: written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
