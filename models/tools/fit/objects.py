"""Fits the fusion of both looks, and measures it: what stands in `fitted/objects.json`.

The five numbers of a box are a logistic regression over the pairs of a picture and a tag of the detector that has a box
there; `conflict` and `unseen` are another, over what else the first look says, with its confidence as the offset.
Everyday pictures with COCO's labels weigh 1 and so do ImageNet's; other everyday ones, of which people, cars, animals
and food are known, half as much, because most of what is known of them is that something is not there.

Figures are out of fold: of five parts of the pictures, each is fused by numbers fitted on the other four. They are
shown by the settings' thresholds, which are three numbers chosen on all of them.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from fit import judge, logistic, reliability, thresholds, truths
from fit.curve import Confidences, Relations
from fit.evidence import Evidence, Seen, truth_of_boxes
from fit.second_look import (
    COLUMNS,
    RIVALS,
    Fused,
    Fusion,
    Looks,
    Names,
    counted,
    detected,
    fuse,
    is_of_classes,
    logit,
    scores_of_boxes,
    surroundings,
)
from fit.selection import Program

WEIGHTS = {"objects": 1.0, "others": 0.5, "imagenet": 1.0}
SIGNS = {0: 1, 2: 1, 3: -1, 4: -1}
LEAST_FIRST = 0.15  # of what may be in conflict: what is less sure is not shown anyway
RIDGE = 0.5  # holds the shifts where few pictures know of them
FOLDS = 5
COUNTS = np.round(np.arange(0.3, 0.96, 0.05), 2)
OFTEN = 10
HOW = "cargo x model fit"
OBJECTS = "everyday pictures with COCO's labels, five folds"
EVERYDAY = "everyday pictures, five folds"
IMAGENET, UNKNOWN = "ImageNet validation, five folds", "pictures of no class, five folds"


def fit_box(evidence: dict[str, Seen], names: Names, columns_kept: tuple[int, ...] = (0, 1, 2, 3, 4)) -> np.ndarray:
    """By `COLUMNS`."""
    kept = list(columns_kept)
    rows, known, weights = [], [], []
    for name, weight in WEIGHTS.items():
        looks, truth = evidence[name].looks, truth_of_boxes(name, evidence[name], names)
        chosen = looks.has_box & (truth != truths.UNKNOWN)
        rows.append(looks.columns[chosen][:, kept])
        known.append(truth[chosen] == truths.RIGHT)
        weights.append(np.full(chosen.sum(), weight))
    signs = {kept.index(column): sign for column, sign in SIGNS.items() if column in kept}
    y = np.concatenate(known).astype(float)
    found = np.zeros(len(COLUMNS))
    found[kept] = logistic.fit_curve(np.concatenate(rows), y, np.concatenate(weights), signs)
    return found


def fit_shifts(evidence: dict[str, Seen], names: Names, box: np.ndarray, kept: list[int]) -> np.ndarray:
    """`conflict` and `unseen`, as far as they are `kept`, by Newton; 0 where they would speak for a tag."""
    rows, offset, known, weights = [], [], [], []
    for name, weight in WEIGHTS.items():
        seen = evidence[name]
        d = detected(seen.looks, box)
        apart, absence = surroundings(d, names)
        chosen = (seen.looks.first >= LEAST_FIRST) & (seen.truth != truths.UNKNOWN)
        chosen[:, names.tags] &= d == 0
        if name == "imagenet":  # of heads and parents its labels say little
            chosen &= is_of_classes(seen.looks) & ~names.tree.has_below
        columns = np.stack([apart * is_of_classes(seen.looks), absence], -1)
        chosen &= columns.any(axis=-1)
        rows.append(columns[chosen][:, kept])
        offset.append(logit(seen.looks.first[chosen]))
        known.append(seen.truth[chosen] == truths.RIGHT)
        weights.append(np.full(chosen.sum(), weight))
    x, offset, y, weight = (np.concatenate(some) for some in (rows, offset, known, weights))
    found, shifts = np.zeros(len(kept)), np.zeros(2)
    for _ in range(50):
        p = logistic.sigmoid(x @ found + offset)
        gradient = x.T @ (weight * (p - y)) + RIDGE * found
        found -= np.linalg.solve((x * (weight * p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(len(kept)), gradient)
    shifts[kept] = np.minimum(found, 0)
    return shifts


@dataclass(frozen=True)
class Parts:
    """What is kept: columns of a box, and of the shifts."""

    columns: tuple[int, ...] = (0, 1, 2, 3, 4)
    shifts: tuple[int, ...] = (0, 1)
    detector: bool = True


ALL = Parts()


def fit(evidence: dict[str, Seen], names: Names, parts: Parts = ALL) -> Fusion:
    box = fit_box(evidence, names, parts.columns)
    return Fusion(box, *fit_shifts(evidence, names, box, list(parts.shifts)))


def folds_of(seen: Seen) -> np.ndarray:
    """Groups in a random order, each to the smallest fold."""
    groups, sizes = np.unique(seen.group, return_counts=True)
    order = np.random.default_rng(0).permutation(len(groups))
    filled, fold_of = np.zeros(FOLDS, int), {}
    for one in order[np.argsort(-sizes[order], kind="stable")]:
        fold_of[groups[one]] = int(filled.argmin())
        filled[filled.argmin()] += sizes[one]
    return np.array([fold_of[group] for group in seen.group])


def part(seen: Seen, chosen: np.ndarray) -> Seen:
    pictures = [one for one, is_in in zip(seen.pictures, chosen, strict=False) if is_in]
    return Seen(seen.looks.part(chosen), seen.truth[chosen], seen.group[chosen], pictures, seen.labels[chosen])


def cross_validate(evidence: Evidence, names: Names, parts: Parts = ALL) -> dict[str, Fused]:
    """Each picture by the numbers of the folds without it."""
    sets = evidence.all()
    done = {
        name: Fused(seen.looks.own.copy(), seen.looks.first.copy(), np.zeros(seen.looks.own.shape, bool))
        for name, seen in sets.items()
    }
    if not parts.detector:
        return done
    folds = {name: folds_of(seen) for name, seen in sets.items()}
    for held in range(FOLDS):
        fusion = fit({name: part(seen, folds[name] != held) for name, seen in sets.items()}, names, parts)
        for name, seen in sets.items():
            out = folds[name] == held
            fuse(seen.looks.part(out), names, fusion).part_of(done[name], out)
    return done


def figures_of_objects(shown: list[list[int]], seen: Seen, names: Names) -> dict[str, float]:
    """By the labels, of COCO's tags and the general ones; a folded tag counts as shown. The worst tag is one of those
    shown `OFTEN` times."""
    tree, columns = names.tree, {tag: column for column, tag in enumerate(names.tags)}
    found = to_find = right = wrong = with_large = none = n_right = recalled = present = 0
    by_tag: Counter[tuple[int, int]] = Counter()
    for tags, picture, truth in zip(shown, seen.pictures, seen.truth, strict=True):
        have = {other for tag in tags for other in tree.with_above(tag)}
        hits = [tag for tag in have if tag in columns and truth[tag] == truths.RIGHT]
        large = {tree.index[tag] for tag in picture.large}
        found, to_find = found + len(large & have), to_find + len(large)
        right += len(hits)
        wrong += sum(tag in columns and truth[tag] == truths.WRONG for tag in have)
        with_large, none = with_large + bool(large), none + (bool(large) and not hits)
        general = {tree.index[tag] for tag, truth in picture.general.items() if truth}
        n_right += len({*hits, *(general & have)})
        for tag in have & ({tree.index[tag] for tag in picture.general} | columns.keys()):
            if truth[tag] != truths.UNKNOWN:
                by_tag[tag, truth[tag]] += 1
        recalled, present = recalled + len(general & have), present + len(general)
    all_right = sum(n for (_, truth), n in by_tag.items() if truth == truths.RIGHT)
    each = {tag: (by_tag[tag, truths.RIGHT], by_tag[tag, truths.WRONG]) for tag, _ in by_tag}
    return {
        "objects_found": found / to_find,
        "objects_precision": right / max(right + wrong, 1),
        "pictures_without_a_right_object": none / with_large,
        "right_tags_per_picture": n_right / seen.n,
        "labelled_precision": all_right / by_tag.total(),
        "worst_labelled_tag": min(good / (good + bad) for good, bad in each.values() if good + bad >= OFTEN),
        "general_tags_found": recalled / present,
    }


def precision(shown: list[list[int]], truth: np.ndarray) -> tuple[float, float]:
    """Of all shown tags that are judged, and the share that is."""
    known = [truth[row, tag] for row, tags in enumerate(shown) for tag in tags]
    judged = [one for one in known if one != truths.UNKNOWN]
    return float(np.mean([one == truths.RIGHT for one in judged])), len(judged) / max(len(known), 1)


def as_shown(one: Fused) -> Confidences:
    """The detector's own tags are not of the classes, whose vague parents are withheld."""
    return Confidences(np.where(one.has_box, 0, one.own), one.merged)


def as_judged(name: str, one: Fused, seen: Seen, names: Names) -> tuple[Confidences, np.ndarray]:
    """Where only the classes are judged, the detector's tags are too, as far as their truth is known."""
    truth = seen.truth.copy()
    boxes = one.has_box[:, names.tags]
    truth[:, names.tags] = np.where(boxes, truth_of_boxes(name, seen, names), truth[:, names.tags])
    return Confidences(np.where(one.has_box, one.merged, one.own), one.merged), truth


def everyday(evidence: Evidence, fused: dict[str, Fused]) -> tuple[Fused, np.ndarray]:
    """All everyday pictures together, and their truth."""
    parts = [fused[name] for name in ("objects", "others")]
    columns = ([getattr(one, key) for one in parts] for key in ("own", "merged", "has_box"))
    return Fused(*map(np.concatenate, columns)), np.concatenate([evidence.objects.truth, evidence.others.truth])


def choose_settings(evidence: Evidence, fused: dict[str, Fused], first: dict, program: Program) -> dict[str, float]:
    """The first look's, which hold on ImageNet, or what both need on everyday pictures where that is more."""
    both, truth = everyday(evidence, fused)
    precisions = thresholds.steps(as_shown(both), truth, program)
    lowest = {name: thresholds.lowest(precisions, thresholds.TARGETS[name]) for name in thresholds.EVERYDAY}
    return {name: max(threshold, round(lowest.get(name, 0), 2)) for name, threshold in first.items()}


def figures(
    evidence: Evidence, fused: dict[str, Fused], settings: dict, relations: Relations, names: Names, program: Program
) -> dict[str, float]:
    """By name, at the settings' thresholds."""
    steps = sorted(settings.values())

    def shown(one: Fused) -> dict[str, list[list[int]]]:
        pictures = program.shown(as_shown(one), steps)
        return {key: [picture[steps.index(threshold)] for picture in pictures] for key, threshold in settings.items()}

    made = figures_of_objects(shown(fused["objects"])["balanced"], evidence.objects, names)
    both, truth = everyday(evidence, fused)
    for key, tags in shown(both).items():
        right, known = precision(tags, truth)
        made |= {f"everyday_{key}_precision": right, f"everyday_{key}_judged": known}
    for name, seen in {"imagenet": evidence.imagenet, "unknown": evidence.unknown}.items():
        found, known = as_judged(name, fused[name], seen, names)
        bars, tags = [settings["balanced"]] * seen.n, shown(fused[name])["balanced"]
        judged = judge.judge(tags, found, known, list(seen.labels), relations, bars)
        if name == "imagenet":
            made |= {"imagenet_precision": judged.precision, "imagenet_right_leaf": judged.right_leaf}
        else:
            made["unknown_wrong_leaf"] = judged.wrong_leaf
    return made


def counts(looks: Looks, names: Names, box: np.ndarray, count_at: float) -> np.ndarray:
    """Boxes that count, of each picture and tag."""
    found = np.zeros((len(looks.first), len(names.tags)), int)
    for row, (seen, confidence) in enumerate(zip(looks.detections, scores_of_boxes(looks, names, box), strict=True)):
        column = names.column[seen.classes]
        for tag in np.unique(column):
            own = np.flatnonzero(column == tag)
            found[row, tag] = len(counted(confidence[own], seen.regions[own], count_at))
    return found


def choose_count_at(seen: Seen, names: Names, box: np.ndarray, shown_at: float) -> tuple[float, dict[str, float]]:
    """The confidence from which on a box counts: where counts of shown tags are least apart, as a ratio."""
    d = detected(seen.looks, box)
    truth = np.array([[one.counts.get(names.tree.ids[tag], 0) for tag in names.tags] for one in seen.pictures])
    chosen = (truth > 0) & (d >= shown_at)
    apart = []
    for count_at in COUNTS:
        found = np.maximum(counts(seen.looks, names, box, count_at)[chosen], 1)
        apart.append(np.abs(np.log(found / truth[chosen])).mean())
    best = float(COUNTS[int(np.argmin(apart))])
    off = np.abs(np.maximum(counts(seen.looks, names, box, best)[chosen], 1) - truth[chosen])
    return best, {"counts_exact": float((off == 0).mean()), "counts_within_one": float((off <= 1).mean())}


LEFT_OUT = {
    "nothing": ALL,
    "support": Parts(columns=(0, 1, 3, 4)),
    "overlapped": Parts(columns=(0, 1, 2, 4)),
    "against": Parts(columns=(0, 1, 2, 3)),
    "conflict": Parts(shifts=(1,)),
    "unseen": Parts(shifts=(0,)),
    "the detector": Parts(detector=False),
}


def shorten(number: float) -> float:
    return float(f"{number:.4g}")


def calibrate(evidence: Evidence, first: dict, relations: Relations, names: Names, program: Program) -> dict:
    """The content of `objects.json`; `first` are the first look's settings."""
    fused = cross_validate(evidence, names)
    settings = choose_settings(evidence, fused, first, program)
    table = {
        name: figures(evidence, cross_validate(evidence, names, parts), settings, relations, names, program)
        for name, parts in LEFT_OUT.items()
    }
    fusion = fit(evidence.all(), names)
    count_at, how_exact = choose_count_at(evidence.objects, names, fusion.box, settings["balanced"])
    numbers = dict(zip(COLUMNS, map(shorten, fusion.box), strict=True))
    numbers |= {"conflict": shorten(fusion.conflict), "unseen": shorten(fusion.unseen), "rivals": RIVALS}
    where = {"everyday": (EVERYDAY, evidence.objects.n + evidence.others.n)}
    where |= {"imagenet": (IMAGENET, evidence.imagenet.n), "unknown": (UNKNOWN, evidence.unknown.n)}
    notes = []
    for name, value in (table["nothing"] | how_exact).items():
        told, n = where.get(name.split("_")[0], (OBJECTS, evidence.objects.n))
        notes.append({"name": f"both_looks_{name}", "value": round(value, 4), "set": told, "pictures": n, "how": HOW})
    both, truth = everyday(evidence, fused)
    likely = (both.merged >= 0.01) & (truth != truths.UNKNOWN)
    return {
        "fusion": numbers | {"count_at": count_at},
        "settings": settings,
        "figures": notes,
        "left_out": {name: {key: round(value, 4) for key, value in row.items()} for name, row in table.items()},
        "reliability": reliability.bins(both.merged[likely], (truth[likely] == truths.RIGHT).astype(float), judge.BINS),
    }
