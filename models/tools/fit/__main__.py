"""Fits every number of the bundled models that is not a network's own, and compares it with what is committed.

    python -m fit --tagsmith target/debug/tagsmith            compares; exit code 1 where something differs
    python -m fit --tagsmith target/debug/tagsmith --write    writes the head, `fitted` and the reliability diagram
    python -m fit --tagsmith target/debug/tagsmith --collect ../shared/data    makes `data` of the pictures

`cargo x model fit` builds the program and does the same. It needs nothing but this repository; collecting needs the
pictures, which are no part of it. After `--write`, `cargo x model --write` renews the cards.
"""

import argparse
import json
import sys
from pathlib import Path

from fit import accuracy, arrays, calibrate, collect, data, faces, general_head, network, reliability
from fit.compare import differences
from fit.head import Head
from fit.selection import Program

FITTED = Path(__file__).resolve().parents[1] / "fitted"
HEAD = network.FOLDER / "heads" / "general.json"
DIAGRAM = network.FOLDER / "reliability.svg"


def to_text(content: dict | list, indent: int) -> str:
    return json.dumps(content, indent=indent) + "\n"


def fit(program: Path, write: bool) -> dict[Path, str]:
    """Everything that is fitted, by its file; on the committed head, unless another one is to be written."""
    tree, pictures = arrays.bundled(), data.pictures()
    labelled = general_head.prepare(data.general(), tree)
    z_folds = general_head.cross_validate(labelled)
    text = general_head.fit(labelled, z_folds)
    committed = HEAD.read_text(encoding="utf-8")
    head = Head(text if write and differences(HEAD, text) else committed)
    general_head.report(labelled, z_folds, head)
    material = calibrate.gather(pictures, labelled, z_folds, head, tree)
    calibration = calibrate.calibrate(material, Program(program, tree))
    people = faces.calibrate(faces.gather(pictures, head, tree))
    return {
        HEAD: text,
        FITTED / "calibration.json": to_text(calibration, 1),
        FITTED / "faces.json": to_text(people, 1),
        FITTED / "figures.json": to_text(accuracy.figures(pictures), 2),
        DIAGRAM: reliability.draw(list(calibration["reliability"].items())),
    }


def show(calibration: dict, people: dict):
    for one in [*calibration["figures"], *people[faces.DETECTOR]["figures"]]:
        print(f"{one['name']:<52}{one['value']:8.4f}  {one['set']}, {one['pictures']}")
    print(json.dumps({key: calibration[key] for key in ("calibration", "settings", "parents")}))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fit", description=__doc__.splitlines()[0])
    parser.add_argument("--tagsmith", type=Path, required=True, help="the command line program: it knows what is shown")
    parser.add_argument("--write", action="store_true", help="write what was fitted instead of comparing")
    parser.add_argument("--collect", type=Path, metavar="DIR", help="make `data` of the pictures in this folder")
    arguments = parser.parse_args()
    if arguments.collect:
        collect.collect(arguments.collect.resolve(), arguments.tagsmith)
        return 0
    files = fit(arguments.tagsmith, arguments.write)
    show(*(json.loads(files[FITTED / name]) for name in ("calibration.json", "faces.json")))
    if arguments.write:
        for path, text in files.items():
            if differences(path, text):
                path.write_text(text, encoding="utf-8")
                print(f"{path.name}: written; `cargo x model --write` renews the cards")
        return 0
    found = [line for path, text in files.items() for line in differences(path, text)]
    for line in found:
        print(line, file=sys.stderr)
    if not found:
        print("The committed files are what the data give.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
