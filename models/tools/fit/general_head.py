"""Fits the head "general": 26 plain tags (flower, sea, document, ...) on the embedding, for what the 1000 classes do
not know.

A tag is one row of a linear layer on the L2-normalised embedding, fitted one against the rest by logistic
regression; what is not known of a picture is left out. Rows are rounded to int8, each with its scale. Whole
sources are left out together in the cross-validation where a tag has several, because pictures of one source are
alike and new pictures come from none of them; on the values so predicted a curve is fitted that turns them into
the probability that the tag is right. Everyday pictures, of which all tags are known by eye, decide about that curve:
the others are close-ups and scenes without much else, where a tag is right more often than it will be. The pictures
of the validation split are only reported on.

Night and sunset stay hard: what is shown is right, but half is missed. Brightness and colour of the pixels beside z
find one night more of 15 and three sunsets of 46, and make as many mistakes: not worth a second kind of input.

Of animals, food and fruit the classes know much (a catamaran is no animal), so the curve of these also looks at
the score of the classes: confidence = sigmoid(slope * z + offset + classes * x), where x is the logit of the
probability of all classes below the tag.
"""

from dataclasses import dataclass

import numpy as np

from fit import logistic, network
from fit.arrays import Arrays
from fit.data import UNKNOWN, General, labels_by_eye
from fit.head import Head, class_logits, normalise, quantise, shorten, to_json
from fit.logistic import sigmoid

C = 30.0  # of 10 to 100 the best on everyday pictures; more weight for these, or for the rarer answer, adds nothing
FOLDS = 5
PULL = 4.0  # how strongly the curve of one tag is held to that of all, in pictures: tags have 21 to 329 positives
EVERYDAY = ["objects", "holiday", "photos"]  # kinds of sources
OTHERS = 0.5  # weight of other pictures in the curves, beside 1 of everyday ones
# What pictures of a source are not, where the labels do not say. A page may hold a map or a chart, a screen may show
# a chart, and a map may be drawn: that stays open. Taught that maps, pages and paintings are no screenshots either,
# the head misses one screenshot in five more.
NO_OTHER = {
    "charts": "document screenshot drawing map",
    "maps": "document chart",
    "receipts": "screenshot drawing map chart",
    "screens": "document drawing map",
    "drawings": "document map chart",
    "paintings": "document map chart",
}
HEARS_CLASSES = ["fruit", "food", "animal"]
RIDGE = 0.05  # of their curves


@dataclass
class Labelled:
    """Embeddings (normalised), what is known of each tag (1, 0 or `UNKNOWN`), and where the pictures come from."""

    tags: list[str]
    x: np.ndarray
    y: np.ndarray
    is_val: np.ndarray
    source: np.ndarray
    kinds: list[str]  # of each source
    scores: np.ndarray  # what the classes give each tag of the vocabulary
    class_logit: np.ndarray  # and what they say of each tag of the head
    sha256: list[str]
    is_everyday: np.ndarray  # looked at whole

    @property
    def kind(self) -> np.ndarray:
        """Of each picture's source."""
        return np.array(self.kinds)[self.source]


def prepare(general: General, tree: Arrays) -> Labelled:
    # Of the pictures that are reported on, only what their labels say counts.
    kind = np.array(general.kinds)[general.source]
    told = tell_graphics_apart(general.y, kind, general.tags)
    y = np.where(~general.is_val[:, None], told, general.y)
    scores = network.tag_scores(network.classify(general.embedding), tree)
    said = class_logits(scores, [tree.index[tag] for tag in general.tags])
    x = normalise(general.embedding)
    seen = labels_by_eye()
    whole = np.array([all(seen.get(digest, {"": ""}).values()) for digest in general.sha256])
    return Labelled(
        general.tags,
        x,
        y,
        general.is_val,
        general.source,
        general.kinds,
        scores,
        said,
        general.sha256,
        whole & np.isin(kind, EVERYDAY),
    )


def tell_graphics_apart(y: np.ndarray, kind: np.ndarray, tags: list[str]) -> np.ndarray:
    """Labels with more of them known: what the labels leave open between the kinds of graphics, by where a picture
    comes from."""
    y = y.copy()
    for one, others in NO_OTHER.items():
        for tag in others.split():
            column = tags.index(tag)
            y[(kind == one) & (y[:, column] == UNKNOWN), column] = 0
    return y


def assign_folds(source: np.ndarray, kinds: list[str], seed: int = 0) -> np.ndarray:
    """A fold for each picture: sources stay whole where there are enough of their kind, the largest first, each to the
    emptiest fold."""
    random = np.random.default_rng(seed)
    fold = np.empty(len(source), int)
    for kind in dict.fromkeys(kinds):
        sizes = {one: int((source == one).sum()) for one, name in enumerate(kinds) if name == kind}
        sizes = {one: size for one, size in sizes.items() if size}
        if len(sizes) < 3:
            chosen = np.flatnonzero(np.isin(source, list(sizes)))
            fold[chosen] = random.permutation(len(chosen)) % FOLDS
            continue
        filled = np.zeros(FOLDS)
        for one, size in sorted(sizes.items(), key=lambda item: -item[1]):
            fold[source == one] = filled.argmin()
            filled[filled.argmin()] += size
    return fold


def fit_row(x: np.ndarray, y: np.ndarray, c: float) -> tuple[np.ndarray, float]:
    """One tag against the rest."""
    return logistic.fit_wide(x, y.astype(float), c)


def out_of_fold(pictures: Labelled, fold: np.ndarray, c: float) -> np.ndarray:
    """z of each training picture and tag, by rows that did not see the picture; 0 for validation pictures."""
    z = np.zeros(pictures.y.shape)
    for column in range(len(pictures.tags)):
        known = ~pictures.is_val & (pictures.y[:, column] != UNKNOWN)
        for held in range(FOLDS):
            out = ~pictures.is_val & (fold == held)
            row, intercept = fit_row(pictures.x[known & ~out], pictures.y[known & ~out, column], c)
            z[out, column] = pictures.x[out] @ row.astype(np.float32) + intercept
    return z


def average_precision(z: np.ndarray, y: np.ndarray) -> float:
    y = y[np.argsort(-z, kind="stable")]
    return float((np.cumsum(y) / np.arange(1, len(y) + 1))[y == 1].mean())


def mean_average_precision(z: np.ndarray, y: np.ndarray, chosen: np.ndarray) -> list[float]:
    columns = range(y.shape[1])
    return [average_precision(z[m, k], y[m, k]) for k in columns for m in [chosen & (y[:, k] != UNKNOWN)]]


def fit_calibration(z: np.ndarray, y: np.ndarray, x: np.ndarray, weight: np.ndarray, hears: list[bool]) -> list[dict]:
    """Slope and offset for each tag, each held to the curve of all tags together by `PULL` imagined pictures on either
    side of it; for tags that hear the classes, also how much."""
    known = y != UNKNOWN
    each = np.broadcast_to(weight[:, None], y.shape)[known]
    columns = np.stack([z[known], np.ones(known.sum())], 1)
    pooled = logistic.fit_curve(columns, y[known].astype(float), each, signs={0: 1})
    imagined = (np.array([-2, 0, 2]) - pooled[1]) / pooled[0]
    curves = []
    for column in range(y.shape[1]):
        m = known[:, column]
        truth = y[m, column].astype(float)
        if hears[column]:
            columns = np.stack([z[m, column], np.ones(m.sum()), x[m, column]], 1)
            found = logistic.fit_curve(columns, truth, weight[m], signs={0: 1, 2: 1}, ridge=RIDGE)
        else:
            values = np.concatenate([z[m, column], imagined])
            truth = np.concatenate([truth, sigmoid(np.array([-2, 0, 2]))])
            weights = np.concatenate([weight[m], np.full(3, PULL)])
            found = logistic.fit_curve(np.stack([values, np.ones(len(values))], 1), truth, weights, signs={0: 1})
        curves.append(
            {name: shorten(number) for name, number in zip(("slope", "offset", "classes"), found, strict=False)}
        )
    return curves


def curves_of(pictures: Labelled, z: np.ndarray, chosen: np.ndarray) -> list[dict]:
    """The curves of the `chosen` pictures."""
    hears = [tag in HEARS_CLASSES for tag in pictures.tags]
    weight = np.where(pictures.is_everyday[chosen], 1, OTHERS)
    return fit_calibration(z[chosen], pictures.y[chosen], pictures.class_logit[chosen], weight, hears)


def train(pictures: Labelled, calibration: list[dict], c: float = C) -> str:
    """The head's file, of all training pictures."""
    rows, numbers = [], []
    for column, curve in enumerate(calibration):
        known = ~pictures.is_val & (pictures.y[:, column] != UNKNOWN)
        row, intercept = fit_row(pictures.x[known], pictures.y[known, column], c)
        whole, scale = quantise(row)
        rows.append(whole)
        numbers.append({"scale": shorten(scale), "intercept": shorten(intercept), "calibration": curve})
    return to_json(pictures.tags, np.array(rows), numbers)


def report(pictures: Labelled, z_folds: np.ndarray, heard: np.ndarray, head: Head):
    """Average precision, and what is right of that which is shown at a confidence of 0.6 and 0.8; `heard` of
    `confidences_out_of_fold`."""
    val, everyday = pictures.is_val, pictures.is_everyday
    by_tag = mean_average_precision(heard, pictures.y, val)
    of_folds = mean_average_precision(z_folds, pictures.y, ~val)
    print(f"{'':<12}{'AP val':>8}{'AP folds':>9}   everyday pictures at 0.6: right of shown, found; at 0.8")
    for column, tag in enumerate(pictures.tags):
        line = f"{tag:<12}{by_tag[column]:8.3f}{of_folds[column]:9.3f}  "
        for bar in (0.6, 0.8):
            m = everyday & (pictures.y[:, column] != UNKNOWN)
            y, shown = pictures.y[m, column] == 1, heard[m, column] >= bar
            line += f"  {(y & shown).sum():3} of {shown.sum():3}, {(y & shown).sum() / max(y.sum(), 1):5.1%}"
        print(line)
    plain = np.mean(mean_average_precision(head.values(pictures.x), pictures.y, val))
    print(
        f"mean average precision: {np.mean(by_tag):.4f} on val ({plain:.4f} of the embedding alone), "
        f"{np.mean(of_folds):.4f} over folds"
    )


def fit(pictures: Labelled, z_folds: np.ndarray) -> str:
    """The head's file; `z_folds` of `cross_validate`."""
    return train(pictures, curves_of(pictures, z_folds, ~pictures.is_val))


def cross_validate(pictures: Labelled) -> np.ndarray:
    return out_of_fold(pictures, folds(pictures), C)


def folds(pictures: Labelled) -> np.ndarray:
    return assign_folds(pictures.source, pictures.kinds)


def confidences_out_of_fold(pictures: Labelled, z_folds: np.ndarray, head: Head) -> np.ndarray:
    """Confidences by rows and curves that did not see the picture; of the validation split, the head's. (The rows behind
    the z of the pictures that a curve is fitted on did see it: far less than what the folds differ by.)"""
    heard, fold = head.confidences(head.values(pictures.x), pictures.class_logit), folds(pictures)
    for held in range(FOLDS):
        out = ~pictures.is_val & (fold == held)
        curves = curves_of(pictures, z_folds, ~pictures.is_val & ~out)
        slope, offset, classes = (
            np.array([curve.get(key, 0) for curve in curves]) for key in ("slope", "offset", "classes")
        )
        heard[out] = sigmoid(slope * z_folds[out] + offset + classes * pictures.class_logit[out])
    return heard


def by_picture(pictures: Labelled, z_folds: np.ndarray, tag: str) -> dict[str, float]:
    """Out-of-fold z of the training pictures, by SHA-256."""
    column = pictures.tags.index(tag)
    chosen = np.flatnonzero(~pictures.is_val)
    return {pictures.sha256[row]: float(z_folds[row, column]) for row in chosen if pictures.sha256[row]}
