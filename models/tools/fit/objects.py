"""Fits the fusion of both looks, and measures it: what stands in `fitted/objects.json`.

The five numbers of a box are a logistic regression over the pairs of a picture and a tag of the detector that has a box
there; `conflict` is one more, of what the classes say, with the first look's confidence as its offset. Figures are out
of fold: of five parts of the pictures, each is fused by numbers fitted on the other four, and shown by the settings'
thresholds. Everyday pictures with COCO's labels weigh 1; others, of which people, cars, animals and food are known,
half as much; ImageNet's, one thing in the middle, a third.
"""

from dataclasses import dataclass

import numpy as np

from fit import judge, logistic, truths
from fit.curve import Confidences, Relations
from fit.evidence import Evidence, Seen, truth_of_boxes
from fit.second_look import COLUMNS, RIVALS, Fusion, Looks, Names, columns_of, detected, fuse, in_place_of
from fit.second_look import is_of_classes, logit, scores_of_boxes
from fit.selection import Program

WEIGHTS = {"objects": 1.0, "others": 0.5, "imagenet": 0.3}
SIGNS = {0: 1, 2: 1, 3: -1, 4: -1}
LEAST_OWN = 0.15  # of a tag of the classes that may be in conflict: what is less sure is not shown anyway
RIDGE = 0.5  # holds `conflict` where few pictures know of it
FOLDS = 5
COUNTS = np.round(np.arange(0.3, 0.81, 0.05), 2)
HOW = "cargo x model fit"
OBJECTS = "everyday pictures with COCO's labels, five folds"
EVERYDAY = "everyday pictures, five folds"
IMAGENET, UNKNOWN = "ImageNet validation, five folds", "pictures of no class, five folds"


def fit_box(evidence: dict[str, Seen], names: Names, without: tuple[int, ...] = ()) -> np.ndarray:
    """By `COLUMNS`; the columns of `without` are left out."""
    kept = [column for column in range(len(COLUMNS)) if column not in without]
    rows, known, weights = [], [], []
    for name, weight in WEIGHTS.items():
        has_box, columns = columns_of(evidence[name].looks, names)
        truth = truth_of_boxes(name, evidence[name], names)
        chosen = has_box & (truth != truths.UNKNOWN)
        rows.append(columns[chosen][:, kept])
        known.append(truth[chosen] == truths.RIGHT)
        weights.append(np.full(chosen.sum(), weight))
    signs = {kept.index(column): sign for column, sign in SIGNS.items() if column in kept}
    y = np.concatenate(known).astype(float)
    found = np.zeros(len(COLUMNS))
    found[kept] = logistic.fit_curve(np.concatenate(rows), y, np.concatenate(weights), signs)
    return found


def fit_conflict(evidence: dict[str, Seen], names: Names, box: np.ndarray) -> float:
    """By Newton; 0 where what is seen does not speak against the classes."""
    x, offset, known, weights = [], [], [], []
    for name, weight in WEIGHTS.items():
        seen = evidence[name]
        apart = in_place_of(detected(seen.looks, names, box), names)
        chosen = is_of_classes(seen.looks) & (seen.looks.own >= LEAST_OWN) & (apart > 0)
        chosen &= seen.truth != truths.UNKNOWN
        if name == "imagenet":
            chosen &= ~names.tree.has_below
        x.append(apart[chosen])
        offset.append(logit(seen.looks.own[chosen]))
        known.append(seen.truth[chosen] == truths.RIGHT)
        weights.append(np.full(chosen.sum(), weight))
    x, offset, y, weight = (np.concatenate(some) for some in (x, offset, known, weights))
    found = 0.0
    for _ in range(50):
        p = logistic.sigmoid(found * x + offset)
        gradient = (weight * (p - y) * x).sum() + RIDGE * found
        found -= gradient / ((weight * p * (1 - p) * x * x).sum() + RIDGE)
    return min(found, 0.0)


@dataclass(frozen=True)
class Parts:
    """What is left out, for its figure."""

    columns: tuple[int, ...] = ()
    conflict: bool = True
    detector: bool = True


def fit(evidence: dict[str, Seen], names: Names, parts: Parts = Parts()) -> Fusion:
    box = fit_box(evidence, names, parts.columns)
    return Fusion(box, fit_conflict(evidence, names, box) if parts.conflict else 0.0)


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


@dataclass
class Fused:
    """Each picture by the numbers of the folds without it: the confidences, and those of the detector."""

    found: Confidences
    detected: np.ndarray


def cross_validate(evidence: Evidence, names: Names, parts: Parts = Parts()) -> dict[str, Fused]:
    sets = evidence.all()
    if not parts.detector:
        nothing = {name: np.zeros((seen.n, len(names.tags))) for name, seen in sets.items()}
        return {name: Fused(Confidences(one.looks.own, one.looks.first), nothing[name]) for name, one in sets.items()}
    folds = {name: folds_of(seen) for name, seen in sets.items()}
    done = {
        name: Fused(Confidences(one.looks.own.copy(), one.looks.first.copy()), np.zeros((one.n, len(names.tags))))
        for name, one in sets.items()
    }
    for held in range(FOLDS):
        fusion = fit({name: part(seen, folds[name] != held) for name, seen in sets.items()}, names, parts)
        for name, seen in sets.items():
            out = folds[name] == held
            looks = seen.looks.part(out)
            done[name].found.own[out], done[name].found.merged[out] = fuse(looks, names, fusion)
            done[name].detected[out] = detected(looks, names, fusion.box)
    return done


def figures_of_objects(shown: list[list[int]], seen: Seen, names: Names) -> dict[str, float]:
    """Of COCO's tags alone; a folded tag counts as shown."""
    tree, columns = names.tree, {tag: column for column, tag in enumerate(names.tags)}
    found = to_find = right = wrong = with_large = none = n_right = 0
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
    return {
        "objects_found": found / to_find,
        "objects_precision": right / max(right + wrong, 1),
        "pictures_without_a_right_object": none / with_large,
        "right_tags_per_picture": n_right / seen.n,
    }


def precision(shown: list[list[int]], truth: np.ndarray) -> tuple[float, float]:
    """Of all shown tags that are judged, and the share that is."""
    known = [truth[row, tag] for row, tags in enumerate(shown) for tag in tags]
    judged = [one for one in known if one != truths.UNKNOWN]
    return float(np.mean([one == truths.RIGHT for one in judged])), len(judged) / max(len(known), 1)


def figures(
    evidence: Evidence, fused: dict[str, Fused], settings: dict, relations: Relations, names: Names, program: Program
) -> dict[str, float]:
    """By name, at the settings' thresholds."""
    shown = {}
    thresholds = sorted(settings.values())
    for name, one in fused.items():
        pictures = program.shown(one.found, thresholds)
        shown[name] = {
            key: [picture[thresholds.index(threshold)] for picture in pictures] for key, threshold in settings.items()
        }
    made = figures_of_objects(shown["objects"]["balanced"], evidence.objects, names)
    truth = np.concatenate([evidence.objects.truth, evidence.others.truth])
    for key in settings:
        right, known = precision(shown["objects"][key] + shown["others"][key], truth)
        made |= {f"everyday_{key}_precision": right, f"everyday_{key}_judged": known}
    for name, seen in {"imagenet": evidence.imagenet, "unknown": evidence.unknown}.items():
        bars = [settings["balanced"]] * seen.n
        judged = judge.judge(
            shown[name]["balanced"], fused[name].found, seen.truth, list(seen.labels), relations, bars
        )
        if name == "imagenet":
            made |= {"imagenet_precision": judged.precision, "imagenet_right_leaf": judged.right_leaf}
        else:
            made["unknown_wrong_leaf"] = judged.wrong_leaf
    return made


def counts(looks: Looks, names: Names, box: np.ndarray, count_at: float) -> np.ndarray:
    """Boxes that count, of each picture and tag."""
    found = np.zeros((len(looks.first), len(names.tags)), int)
    for row, (seen, confidence) in enumerate(zip(looks.detections, scores_of_boxes(looks, names, box), strict=True)):
        np.add.at(found[row], names.column[seen.classes[confidence >= count_at]], 1)
    return found


def choose_count_at(seen: Seen, names: Names, box: np.ndarray, shown_at: float) -> tuple[float, dict[str, float]]:
    """The confidence from which on a box counts: where counts of shown tags are least apart, as a ratio."""
    d = detected(seen.looks, names, box)
    truth = np.array([[one.counts.get(names.tree.ids[tag], 0) for tag in names.tags] for one in seen.pictures])
    chosen = (truth > 0) & (d >= shown_at)
    apart = []
    for count_at in COUNTS:
        counted = np.maximum(counts(seen.looks, names, box, count_at)[chosen], 1)
        apart.append(np.abs(np.log(counted / truth[chosen])).mean())
    best = float(COUNTS[int(np.argmin(apart))])
    counted = np.maximum(counts(seen.looks, names, box, best)[chosen], 1)
    off = np.abs(counted - truth[chosen])
    return best, {"counts_exact": float((off == 0).mean()), "counts_within_one": float((off <= 1).mean())}


LEFT_OUT = {
    "nothing": Parts(),
    "support": Parts(columns=(2,)),
    "overlapped": Parts(columns=(3,)),
    "against": Parts(columns=(4,)),
    "conflict": Parts(conflict=False),
    "the detector": Parts(detector=False),
}


def calibrate(evidence: Evidence, settings: dict, relations: Relations, names: Names, program: Program) -> dict:
    """The content of `objects.json`."""
    table = {
        name: figures(evidence, cross_validate(evidence, names, parts), settings, relations, names, program)
        for name, parts in LEFT_OUT.items()
    }
    fusion = fit(evidence.all(), names)
    count_at, counted = choose_count_at(evidence.objects, names, fusion.box, settings["balanced"])
    numbers = dict(zip(COLUMNS, (float(f"{number:.4g}") for number in fusion.box), strict=True))
    numbers |= {"conflict": float(f"{fusion.conflict:.4g}"), "rivals": RIVALS, "count_at": count_at}
    where = {"everyday": (EVERYDAY, evidence.objects.n + evidence.others.n)}
    where |= {"imagenet": (IMAGENET, evidence.imagenet.n), "unknown": (UNKNOWN, evidence.unknown.n)}
    notes = []
    for name, value in (table["nothing"] | counted).items():
        told, n = where.get(name.split("_")[0], (OBJECTS, evidence.objects.n))
        notes.append({"name": name, "value": round(value, 4), "set": told, "pictures": n, "how": HOW})
    rounded = {name: {key: round(value, 4) for key, value in row.items()} for name, row in table.items()}
    return {"fusion": numbers, "figures": notes, "left_out": rounded}
