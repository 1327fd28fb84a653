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
from dataclasses import dataclass
from pathlib import Path

from convert import coco
from fit import (
    accuracy,
    arrays,
    background,
    calibrate,
    collect,
    collect_objects,
    compare,
    data,
    evidence,
    faces,
    general_head,
    network,
    objects,
    reliability,
    second_look,
)
from fit.head import Head
from fit.selection import Program

FITTED = Path(__file__).resolve().parents[1] / "fitted"
HEAD = network.FOLDER / "heads" / "general.json"
CALIBRATION, FACES, FIGURES, OBJECTS = (
    FITTED / f"{name}.json" for name in ("calibration", "faces", "figures", "objects")
)
DIAGRAM = network.FOLDER / "reliability.svg"


def to_text(content: dict | list, indent: int) -> str:
    return json.dumps(content, indent=indent) + "\n"


@dataclass
class Fitted:
    """Every file that is fitted, and what is wrong with the committed ones."""

    files: dict[Path, str]
    faults: list[str]


def fit(program: Path, write: bool) -> Fitted:
    """On the committed head, unless it is not what the data give and another one is to be written."""
    tree, pictures = arrays.bundled(), data.pictures()
    general = data.general()
    labelled = general_head.prepare(general, tree)
    z_folds = general_head.cross_validate(labelled)
    committed, text = HEAD.read_text(encoding="utf-8"), general_head.fit(labelled, z_folds)
    faults = compare.of_heads(committed, text, labelled)
    if not (write and faults):
        text = committed
    head = Head(text)
    heard = general_head.confidences_out_of_fold(labelled, z_folds, head)
    general_head.report(labelled, z_folds, heard, head)
    material = calibrate.gather(pictures, labelled, heard, head, tree)
    calibration = calibrate.calibrate(material, Program(program, tree))
    people = faces.calibrate(faces.gather(pictures, head, tree, general_head.by_picture(labelled, z_folds, "person")))
    names = second_look.names(tree, list(coco.read().values()))
    first = evidence.FirstLook(head, calibration["calibration"], people, names)
    doubts = calibrate.doubts_out_of_fold(material, labelled)
    both = evidence.gather(pictures, general, labelled, z_folds, heard, doubts, first)
    fused = objects.calibrate(both, calibration["settings"], material.relations, names, Program(program, tree))
    files = {
        HEAD: text,
        CALIBRATION: to_text(calibration, 1),
        FACES: to_text(people, 1),
        FIGURES: to_text(accuracy.figures(pictures), 2),
        OBJECTS: to_text(fused, 1),
    }
    faults += [line for path, made in files.items() for line in compare.of_files(path, made)]
    # The diagram shows the committed bins, or those that are about to be.
    drawn, second = (
        (calibration, fused)
        if write
        else (json.loads(path.read_text(encoding="utf-8")) for path in (CALIBRATION, OBJECTS))
    )
    files[DIAGRAM] = reliability.draw([*drawn["reliability"].items(), ("both looks", second["reliability"])])
    return Fitted(files, faults + compare.of_files(DIAGRAM, files[DIAGRAM]) + background.faults(write))


def show(calibration: dict, people: dict, fused: dict):
    for one in [*calibration["figures"], *people[faces.DETECTOR]["figures"], *fused["figures"]]:
        print(f"{one['name']:<52}{one['value']:8.4f}  {one['set']}, {one['pictures']}")
    print(json.dumps({key: calibration[key] for key in ("calibration", "settings", "parents")}))
    print(json.dumps({key: fused[key] for key in ("fusion", "settings")}))
    print(f"{'without':<36}" + "".join(f"{name:>14}" for name in fused["left_out"]))
    for key in fused["left_out"]["nothing"]:
        print(f"{key:<36}" + "".join(f"{row[key]:14.3f}" for row in fused["left_out"].values()))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fit", description=__doc__.splitlines()[0])
    parser.add_argument("--tagsmith", type=Path, required=True, help="the command line program: it knows what is shown")
    parser.add_argument("--write", action="store_true", help="write what was fitted instead of comparing")
    parser.add_argument("--collect", type=Path, metavar="DIR", help="make `data` of the pictures in this folder")
    arguments = parser.parse_args()
    if arguments.collect:
        collect.collect(arguments.collect.resolve(), arguments.tagsmith)
        collect_objects.collect(arguments.collect.resolve())
        return 0
    fitted = fit(arguments.tagsmith, arguments.write)
    show(*(json.loads(fitted.files[path]) for path in (CALIBRATION, FACES, OBJECTS)))
    if arguments.write:
        for path, text in fitted.files.items():
            path.write_text(text, encoding="utf-8")
        print("written; `cargo x model --write` renews the cards")
        return 0
    for line in fitted.faults:
        print(line, file=sys.stderr)
    if not fitted.faults:
        print("The committed files are what the data give.")
    return 1 if fitted.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
