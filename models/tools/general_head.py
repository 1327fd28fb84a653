"""Trains the head "general": 26 plain tags (flower, sea, document, ...) on the embedding, for what the 1000 classes do not know.

    python models/tools/general_head.py           trains, cross-validates and prints the figures
    python models/tools/general_head.py --write   and writes models/efficientnet-lite0/heads/general.json

The embeddings lie beside the repository (`general/embeddings.npz`) and are no part of it; without them the script says so and stops.
A tag is one row of a linear layer on the L2-normalised embedding, fitted one against the rest by logistic regression; what is not known
of a picture is left out. Rows are rounded to int8, each with its scale. Whole sources are left out together in the cross-validation where
a tag has several, because pictures of one source are alike and new pictures come from none of them; on the values so predicted a curve is
fitted that turns them into the probability that the tag is right. The pictures of split 1 are only reported on.

Of animals, food and fruit the classes know much (a catamaran is no animal), so the curve of these also looks at the score of the classes:
confidence = sigmoid(slope * z + offset + classes * x), where x is the logit of the probability of all classes below the tag.
"""

import argparse
import base64
import json
from dataclasses import dataclass
from pathlib import Path

import environment

environment.enter()

import numpy as np  # noqa: E402  (needs the packages that enter() provides)

import logistic  # noqa: E402
import pictures as network  # noqa: E402
import tree  # noqa: E402
import vocabulary  # noqa: E402
from logistic import sigmoid  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
HEAD = ROOT / "models" / "efficientnet-lite0" / "heads" / "general.json"
CANDIDATES = [10, 30, 100, 300, 1000]  # of C; the best in cross-validation is printed
C = 100.0
FOLDS = 5
PULL = 4.0  # how strongly the curve of one tag is held to that of all, in pictures: tags have 21 to 329 positives
UNKNOWN = 255
# What pictures of a source are not, where the labels do not say. A page may hold a map or a chart, a screen may show a chart, and a map may
# be drawn: that stays open. Taught that maps, pages and paintings are no screenshots either, the head misses one screenshot in five more.
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
LEAST, MOST = 1e-4, 1 - 1e-4  # between which the probability of classes is cut before its logit is taken


@dataclass
class Pictures:
    """Embeddings (normalised), what is known of each tag (1, 0 or `UNKNOWN`), and where the pictures come from."""

    tags: list[str]
    x: np.ndarray
    y: np.ndarray
    is_val: np.ndarray
    source: np.ndarray
    kinds: list[str]  # of each source
    class_logit: np.ndarray  # what the classes say of each tag; 0 for a tag without classes


def normalise(embeddings: np.ndarray) -> np.ndarray:
    x = embeddings.astype(np.float32)
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


def read(data: Path) -> Pictures:
    about = json.loads((data / "general" / "tags.json").read_text())
    arrays = np.load(data / "general" / "embeddings.npz")
    kinds = [source["source_class"] for source in about["sources"]]
    # Of the pictures that are reported on, only what their labels say counts.
    told = tell_graphics_apart(arrays["y"], np.array(kinds)[arrays["source"]], about["tags"])
    y = np.where((arrays["split"] == 0)[:, None], told, arrays["y"])
    said = class_logits(network.tags_scores(network.classify(arrays["E"]), tree.of(vocabulary.read_tree())), about["tags"])
    return Pictures(about["tags"], normalise(arrays["E"]), y, arrays["split"] == 1, arrays["source"], kinds, said)


def tell_graphics_apart(y: np.ndarray, kind: np.ndarray, tags: list[str]) -> np.ndarray:
    """Labels with more of them known: what the labels leave open between the kinds of graphics, by where a picture comes from."""
    y = y.copy()
    for one, others in NO_OTHER.items():
        for tag in others.split():
            column = tags.index(tag)
            y[(kind == one) & (y[:, column] == UNKNOWN), column] = 0
    return y


def class_logits(scores: np.ndarray, tags: list[str]) -> np.ndarray:
    """x of each of `tags`, of the scores of all tags of the vocabulary."""
    index = tree.of(vocabulary.read_tree()).index
    return logistic.logit(np.clip(scores[:, [index[tag] for tag in tags]], LEAST, MOST))


def assign_folds(source: np.ndarray, kinds: list[str], seed: int = 0) -> np.ndarray:
    """A fold for each picture: sources stay whole where there are enough of their kind, the largest first, each to the emptiest fold."""
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
    """One tag against the rest, yes and no weighing the same."""
    return logistic.fit_wide(x, y.astype(float), c, logistic.balanced(y))


def out_of_fold(pictures: Pictures, fold: np.ndarray, c: float) -> np.ndarray:
    """z of each training picture and tag, by rows that did not see the picture; of validation pictures, by rows fitted on all others."""
    z = np.zeros(pictures.y.shape)
    for column in range(len(pictures.tags)):
        known = ~pictures.is_val & (pictures.y[:, column] != UNKNOWN)
        for held in range(FOLDS + 1):
            out = pictures.is_val if held == FOLDS else ~pictures.is_val & (fold == held)
            row, intercept = fit_row(pictures.x[known & ~out], pictures.y[known & ~out, column], c)
            z[out, column] = pictures.x[out] @ row.astype(np.float32) + intercept
    return z


def average_precision(z: np.ndarray, y: np.ndarray) -> float:
    y = y[np.argsort(-z, kind="stable")]
    return float((np.cumsum(y) / np.arange(1, len(y) + 1))[y == 1].mean())


def mean_average_precision(z: np.ndarray, y: np.ndarray, chosen: np.ndarray) -> list[float]:
    columns = range(y.shape[1])
    return [average_precision(z[m, k], y[m, k]) for k in columns for m in [chosen & (y[:, k] != UNKNOWN)]]


def fit_calibration(z: np.ndarray, y: np.ndarray, x: np.ndarray, hears: list[bool]) -> list[dict]:
    """Slope and offset for each tag, each held to the curve of all tags together by `PULL` imagined pictures on either side of it; for
    tags that hear the classes, also how much."""
    known = y != UNKNOWN
    pooled = logistic.fit_curve(np.stack([z[known], np.ones(known.sum())], 1), y[known].astype(float), signs={0: 1})
    imagined = (np.array([-2, 0, 2]) - pooled[1]) / pooled[0]
    curves = []
    for column in range(y.shape[1]):
        m = known[:, column]
        truth = y[m, column].astype(float)
        if hears[column]:
            columns = np.stack([z[m, column], np.ones(m.sum()), x[m, column]], 1)
            found = logistic.fit_curve(columns, truth, signs={0: 1, 2: 1}, ridge=RIDGE)
        else:
            values = np.concatenate([z[m, column], imagined])
            truth = np.concatenate([truth, sigmoid(np.array([-2, 0, 2]))])
            weight = np.concatenate([np.ones(m.sum()), np.full(3, PULL)])
            found = logistic.fit_curve(np.stack([values, np.ones(len(values))], 1), truth, weight, signs={0: 1})
        curves.append({name: shorten(number) for name, number in zip(("slope", "offset", "classes"), found)})
    return curves


def quantise(row: np.ndarray) -> tuple[np.ndarray, float]:
    """int8 and the scale that gives `row` back."""
    scale = float(np.abs(row).max() / 127) or 1.0
    return np.clip(np.rint(row / scale), -127, 127).astype(np.int8), scale


def to_json(tags: list[str], rows: np.ndarray, numbers: list[dict]) -> str:
    """The head's file, a tag a line, so that diffs stay small."""
    head = {
        "schema": 1,
        "id": "general",
        "version": "1.0.0",
        "backbone": {"id": "efficientnet-lite0", "version": "1.0.0"},
        "n_features": rows.shape[1],
        "normalise": "l2",
        "weights": base64.b64encode(rows.tobytes()).decode(),
    }
    lines = ",\n".join(json.dumps({"id": tag} | entry, separators=(",", ":")) for tag, entry in zip(tags, numbers))
    return json.dumps(head, separators=(",", ":"))[:-1] + ',"tags":[\n' + lines + "\n]}\n"


def shorten(number: float) -> float:
    return float(f"{number:.6g}")


class Head:
    """A head as its file says it, run as the product runs it."""

    def __init__(self, text: str):
        head = json.loads(text)
        self.tags = [tag["id"] for tag in head["tags"]]
        rows = np.frombuffer(base64.b64decode(head["weights"]), np.int8)
        self.rows = rows.reshape(len(self.tags), head["n_features"]).astype(np.float32)
        self.scale, self.intercept = (np.array([tag[key] for tag in head["tags"]]) for key in ("scale", "intercept"))
        curves = [tag["calibration"] for tag in head["tags"]]
        self.slope, self.offset, self.classes = (np.array([curve.get(key, 0) for curve in curves]) for key in ("slope", "offset", "classes"))

    def values(self, x: np.ndarray) -> np.ndarray:
        """z of normalised embeddings."""
        return x @ self.rows.T * self.scale + self.intercept

    def confidences(self, z: np.ndarray, class_logit: np.ndarray) -> np.ndarray:
        return sigmoid(self.slope * z + self.offset + self.classes * class_logit)


def train(pictures: Pictures, calibration: list[dict], c: float = C) -> str:
    """The head's file, of all training pictures."""
    rows, numbers = [], []
    for column, curve in enumerate(calibration):
        known = ~pictures.is_val & (pictures.y[:, column] != UNKNOWN)
        row, intercept = fit_row(pictures.x[known], pictures.y[known, column], c)
        whole, scale = quantise(row)
        rows.append(whole)
        numbers.append({"scale": shorten(scale), "intercept": shorten(intercept), "calibration": curve})
    return to_json(pictures.tags, np.array(rows), numbers)


def report(pictures: Pictures, z_folds: np.ndarray, head: Head):
    """Average precision, and what is shown at a confidence of 0.5 and 0.7."""
    z = head.values(pictures.x)
    confidence, val = head.confidences(z, pictures.class_logit), pictures.is_val
    by_tag = mean_average_precision(confidence, pictures.y, val)
    folds = mean_average_precision(z_folds, pictures.y, ~val)
    print(f"{'':<12}{'AP val':>8}{'AP folds':>9}   of val, at 0.5: right of shown, found; at 0.7")
    for column, tag in enumerate(pictures.tags):
        line = f"{tag:<12}{by_tag[column]:8.3f}{folds[column]:9.3f}  "
        for bar in (0.5, 0.7):
            m = val & (pictures.y[:, column] != UNKNOWN)
            y, shown = pictures.y[m, column] == 1, confidence[m, column] >= bar
            line += f"  {(y & shown).sum():3} of {shown.sum():3}, {(y & shown).sum() / y.sum():5.1%}"
        print(line)
    plain = np.mean(mean_average_precision(z, pictures.y, val))
    print(f"mean average precision: {np.mean(by_tag):.4f} on val ({plain:.4f} of the embedding alone), {np.mean(folds):.4f} over folds")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder with general/embeddings.npz")
    parser.add_argument("--choose", action="store_true", help="compare values of C by cross-validation on the training pictures")
    parser.add_argument("--write", action="store_true", help="write the head")
    arguments = parser.parse_args()
    if not (arguments.data / "general" / "embeddings.npz").exists():
        print(f"skipped: the embeddings are not at {arguments.data / 'general'}; they are no part of this repository")
        return 0
    pictures = read(arguments.data)
    fold = assign_folds(pictures.source, pictures.kinds)
    if arguments.choose:
        for c in CANDIDATES:
            z = out_of_fold(pictures, fold, c)
            print(f"C {c}: mean average precision over folds {np.mean(mean_average_precision(z, pictures.y, ~pictures.is_val)):.4f}")
        return 0
    z_folds = out_of_fold(pictures, fold, C)
    training, hears = ~pictures.is_val, [tag in HEARS_CLASSES for tag in pictures.tags]
    curves = fit_calibration(z_folds[training], pictures.y[training], pictures.class_logit[training], hears)
    text = train(pictures, curves)
    report(pictures, z_folds, Head(text))
    if arguments.write:
        HEAD.parent.mkdir(exist_ok=True)
        HEAD.write_text(text)
        print(f"{HEAD.name}: {len(text)} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
