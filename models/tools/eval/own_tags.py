"""Own tags beside scikit-learn, on the same embeddings and splits, with bars (docs/PERFORMANCE.md, "Own tags").

    python -m eval.own_tags --tagsmith PROGRAM ../shared/data [--cache FILE] [--json FILE | --add-to FILE]

`cargo x bench own-tags` does it, with the Python of `benches/own_tags`: scikit-learn is the other side, and nothing
else here needs it. Its side is multinomial logistic regression, judged by its probabilities; C is chosen of 6 by
cross-validation on the training pictures, of which it has no mirror images. `--cache` keeps the embeddings, which take
longest.
"""

import argparse
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from eval.program import Program
from fit import network
from fit.head import normalise

ROOT = Path(__file__).resolve().parents[3]
SETS = ("grocery", "clothing", "houses", "materials")
STRANGERS = "out_of_vocabulary"
BY_TAG = {25: 1, 5: 10}  # pictures a tag -> splits; 25 are all there are
C = (0.1, 1, 10, 100, 1000, 10000)
BINS = 10
LEAST_RECORDED = 0.05  # as in a training report: below it nothing is kept, and nearly everything is there, and right


@dataclass
class Pictures:
    """`part` is "train", "val" or, of strangers, their kind."""

    group: list[str]  # the set
    part: list[str]
    label: list[str]
    embedding: np.ndarray
    mirrored: np.ndarray  # zeros but for training pictures


def collect(folder: Path, program: Program) -> Pictures:
    paths = [path for name in SETS for path in sorted((folder / name).glob("*/*/*")) if path.is_file()]
    strangers = [path for path in sorted((folder / STRANGERS).glob("*/*")) if path.is_file()]
    with tempfile.TemporaryDirectory() as made:
        twins = {}
        for number, path in enumerate(path for path in paths if path.parts[-3] == "train"):
            twins[path] = Path(made) / f"{number}.png"
            with Image.open(path) as picture:
                picture.convert("RGB").transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(twins[path])
        reports = program.tag([*paths, *strangers, *twins.values()], ["--embedding"])
    known = [path for path in [*paths, *strangers] if reports[path].embedding]
    vectors = [reports[path].embedding for path in known]
    nothing = [0.0] * len(vectors[0])
    return Pictures(
        [STRANGERS if path in strangers else path.parts[-4] for path in known],
        [path.parts[-3] for path in known],
        [path.parts[-2] for path in known],
        np.array(vectors, np.float32),
        np.array([reports[twins[path]].embedding if path in twins else nothing for path in known], np.float32),
    )


def cached(folder: Path, program: Path, cache: Path | None) -> Pictures:
    if cache and cache.exists():
        with np.load(cache) as arrays:
            texts = (arrays[name].tolist() for name in ("group", "part", "label"))
            return Pictures(*texts, arrays["embedding"], arrays["mirrored"])
    pictures = collect(folder, Program(program, network.FOLDER))
    if cache:
        np.savez_compressed(cache, **vars(pictures))
    return pictures


@dataclass
class Split:
    group: str
    by_tag: int
    seed: int
    tags: list[str]
    learnt: np.ndarray
    asked: np.ndarray


def splits(pictures: Pictures) -> list[Split]:
    group, part, label = (np.array(one) for one in (pictures.group, pictures.part, pictures.label))
    found = []
    for by_tag, n in BY_TAG.items():
        for name in SETS:
            train, val = (np.flatnonzero((group == name) & (part == one)) for one in ("train", "val"))
            tags = sorted(set(label[train]))
            for seed in range(n):
                random = np.random.default_rng(seed)
                drawn = [random.permutation(train[label[train] == tag])[:by_tag] for tag in tags]
                found.append(Split(name, by_tag, seed, tags, np.concatenate(drawn), val))
    return found


def ours(pictures: Pictures, all_splits: list[Split], bench: Path) -> list[dict]:
    """What the program says of each split: of the asked pictures, then of the strangers."""
    n = len(pictures.group)
    strangers = [number for number in range(n) if pictures.group[number] == STRANGERS]
    start = {
        "backbone": [network.FOLDER.name, json.loads((network.FOLDER / "model.json").read_text())["version"]],
        "embeddings": np.concatenate([pictures.embedding, pictures.mirrored]).round(6).tolist(),
        "background": str(network.FOLDER / "background.bin"),
    }
    tasks = [
        {
            "examples": [[[int(one), int(one) + n], [split.tags.index(pictures.label[one])]] for one in split.learnt],
            "n_tags": len(split.tags),
            "asked": [*map(int, split.asked), *strangers],
        }
        for split in all_splits
    ]
    text = "\n".join(json.dumps(line) for line in [start, *tasks]) + "\n"
    done = subprocess.run([str(bench)], input=text, capture_output=True, encoding="utf-8", check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def built() -> Path:
    """benches/own_tags.rs, built."""
    wanted = ["-p", "tagsmith", "--bench", "own_tags", "--no-default-features", "--features", "train"]
    command = ["cargo", "bench", *wanted, "--no-run", "--message-format=json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    programs = (json.loads(line).get("executable") for line in done.stdout.splitlines())
    return next(Path(program) for program in programs if program)


def theirs(x: np.ndarray, y: np.ndarray, asked: np.ndarray) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    folds = StratifiedKFold(min(5, *np.unique(y, return_counts=True)[1]), shuffle=True, random_state=0)
    made = [LogisticRegression(C=c, max_iter=500) for c in C]
    best = max(made, key=lambda one: cross_val_score(one, x, y, cv=folds).mean())
    return best.fit(x, y).predict_log_proba(asked)


def average_precision(scores: np.ndarray, truth: np.ndarray) -> float:
    """Mean over tags."""
    found = []
    for column in range(truth.shape[1]):
        right = truth[np.argsort(-scores[:, column], kind="stable"), column]
        found.append((np.cumsum(right) / np.arange(1, len(right) + 1))[right].mean())
    return float(np.mean(found))


def calibration_error(confidences: np.ndarray, truth: np.ndarray) -> float:
    """Of what is recorded: that of a training report (src/train/report/curve.rs)."""
    is_recorded = confidences >= LEAST_RECORDED
    confidences, truth = confidences[is_recorded], truth[is_recorded]
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    apart = (
        abs(confidences[bins == one].mean() - truth[bins == one].mean()) for one in range(BINS) if (bins == one).any()
    )
    shares = ((bins == one).mean() for one in range(BINS) if (bins == one).any())
    return float(sum(share * by for share, by in zip(shares, apart, strict=True)))


def by_chance(confidences: np.ndarray) -> float:
    """The calibration error of confidences that are as often right as they say, at this number of pictures."""
    random = np.random.default_rng(0)
    return float(
        np.mean([calibration_error(confidences, random.random(confidences.shape) < confidences) for _ in range(100)])
    )


def figures(pictures: Pictures, split: Split, answer: dict) -> dict[str, float]:
    label, n = np.array(pictures.label), len(split.asked)
    truth, learnt = (np.array(split.tags) == label[one][:, None] for one in (split.asked, split.learnt))
    z, familiar = np.array(answer["z"]), np.array(answer["is_familiar"])
    over = 1 / (1 + np.exp(-z)) >= np.array(answer["thresholds"])
    shown = over & familiar[:, None]
    rows = normalise(pictures.embedding)
    return {
        "ours": average_precision(z[:n], truth),
        "theirs": average_precision(theirs(rows[split.learnt], label[split.learnt], rows[split.asked]), truth),
        "accuracy": float(truth[np.arange(n), z[:n].argmax(axis=1)].mean()),
        "calibration error": calibration_error(np.array(answer["judged"]), learnt),
        "by chance": by_chance(np.array(answer["judged"])),
        "strangers tagged": int(shown[n:].any(axis=1).sum()),
        "recall": float((shown[:n] & truth).sum() / truth.sum()),
        "recall kept": float((shown[:n] & truth).sum() / max(1, (over[:n] & truth).sum())),
        "precision": float((shown[:n] & truth).sum() / max(1, shown[:n].sum())),
    }


def rows_of(means: dict[tuple[int, str], dict[str, float]]) -> list[dict]:
    """In the shape of the other benches."""
    rows = []

    def add(name: str, value: float, bar: float | None = None, at_most: bool = False):
        holds = bar is None or (value <= bar if at_most else value >= bar)
        rows.append(
            {"name": name, "value": round(value, 4), "unit": "", "bar": bar, "at_most": at_most, "holds": bool(holds)}
        )

    for (by_tag, group), mean in means.items():
        at = f"{group}, {by_tag} a tag"
        add(
            f"mean average precision less scikit-learn's, {at}",
            mean["ours"] - mean["theirs"],
            -0.005 if by_tag == 25 else None,
        )
        add(f"calibration error, {at}", mean["calibration error"], 0.05 if by_tag == 25 else None, at_most=True)
        add(f"calibration error of what is perfectly calibrated, {at}", mean["by chance"])
        add(
            f"none of these: strangers tagged, {at}",
            mean["strangers tagged"],
            2 if by_tag == 25 else None,
            at_most=True,
        )
        add(f"recall kept, {at}", mean["recall kept"], 0.9 if by_tag == 25 else None)
    for by_tag, bar in ((25, 0.0), (5, 0.02)):
        apart = [mean["ours"] - mean["theirs"] for (n, _), mean in means.items() if n == by_tag]
        add(f"mean average precision less scikit-learn's, on average, {by_tag} a tag", float(np.mean(apart)), bar)
    return rows


def main():
    parser = argparse.ArgumentParser(prog="python -m eval.own_tags", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the pictures, with the layout of the shared data")
    parser.add_argument(
        "--tagsmith", type=Path, required=True, help="the command line program: it makes the embeddings"
    )
    parser.add_argument("--bench", type=Path, help="benches/own_tags.rs, built [default: cargo builds it]")
    parser.add_argument("--cache", type=Path, help="where embeddings are kept (.npz)")
    parser.add_argument("--json", type=Path, help="also writes the rows to this file")
    parser.add_argument("--add-to", type=Path, help="adds the rows to a file of `cargo x bench --json`")
    arguments = parser.parse_args()
    pictures = cached(arguments.folder, arguments.tagsmith, arguments.cache)
    all_splits = splits(pictures)
    found: dict[tuple[int, str], list[dict[str, float]]] = {}
    for split, answer in zip(all_splits, ours(pictures, all_splits, arguments.bench or built()), strict=True):
        found.setdefault((split.by_tag, split.group), []).append(figures(pictures, split, answer))
    means = {
        key: {name: float(np.mean([one[name] for one in some])) for name in some[0]} for key, some in found.items()
    }
    for (by_tag, group), mean in means.items():
        print(f"{by_tag:3} {group:<10}" + "".join(f"  {name} {value:.3f}" for name, value in mean.items()))
    rows = rows_of(means)
    for row in rows:
        print(f"{'' if row['holds'] else 'does not hold: '}{row['name']}: {row['value']}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"bench": "own-tags", "rows": rows}), encoding="utf-8")
    if arguments.add_to:
        known = json.loads(arguments.add_to.read_text(encoding="utf-8"))
        arguments.add_to.write_text(json.dumps(known | {"rows": known["rows"] + rows}), encoding="utf-8")


if __name__ == "__main__":
    main()
