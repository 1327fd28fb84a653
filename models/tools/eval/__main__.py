"""Evaluates the tags of the command line on labelled pictures: `cargo x model eval [DIR]`.

    python -m eval --tagsmith target/release/tagsmith                the pictures beside the repository
    python -m eval DIR --tagsmith target/release/tagsmith            any folder in their layout
    python -m eval --tagsmith target/release/tagsmith --quick 10     one picture in ten, for a first look

Prints every figure with its bar and writes `report.json` and `report.html` (with pictures of the worst mistakes) to
`target/eval`. A set of pictures that is not there is named and skipped. All figures come from what the program says of
the pictures, as people get it; only the average precision of the general head is also taken from its file, over
embeddings.

Exit code: 0 if every bar that could be measured holds, 1 if one is missed, 2 if nothing could be measured.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from convert import coco
from convert.tree import Tree
from eval import labelled, on_classes, on_everyday, on_general, report_page
from eval.everyday import Everyday
from eval.labelled import Picture, Sets
from eval.program import CannotRun, Program, Report
from eval.section import Section

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "models" / "efficientnet-lite0"
DATA = ROOT.parent / "shared" / "data"
OUT = ROOT / "target" / "eval"
POLICIES = ["sure", "balanced", "generous"]


class Reports:
    """What the program says of all pictures; each is tagged once a policy."""

    def __init__(self, program: Program, sets: Sets):
        self.program, self.sets = program, sets
        self.n_faults = 0
        self.has_candidates = "--candidates" in program.options
        general = frozenset(tag for picture in sets.general for tag in picture.yes | picture.no)
        more = ["--candidates"] if self.has_candidates else []
        others = [one for one in sets.all() if isinstance(one, Everyday) or one.label is None]
        self.by_policy: dict[str, dict[Path, Report]] = {}
        for policy in POLICIES:
            own = ["--policy", policy]
            if policy == "balanced":  # the run that all else is measured on
                found = self.tag(sets.imagenet, [*own, *more, "--all-scores"]) | self.tag(
                    others, [*own, *more], general
                )
            else:
                found = self.tag([*sets.imagenet, *sets.out_of_vocabulary, *sets.everyday()], own)
            self.by_policy[policy] = found

    def tag(
        self, pictures: list[Picture | Everyday], options: list[str], keep: frozenset[str] = frozenset()
    ) -> dict[Path, Report]:
        if not pictures:
            return {}
        start = time.monotonic()
        reports = self.program.tag([picture.path for picture in pictures], options, keep)
        print(
            f"tagged {len(pictures)} pictures in {time.monotonic() - start:.0f} s: {' '.join(options)}", file=sys.stderr
        )
        for path, report in reports.items():
            if report.fault:
                self.n_faults += 1
                print(f"{report_page.plain(path)}: {report_page.plain(report.fault)}", file=sys.stderr)
        return reports

    def of(self, pictures: list, policy: str = "balanced") -> list[tuple]:
        """Each picture, of whichever kind, with its report."""
        return [(picture, self.by_policy[policy][picture.path]) for picture in pictures]


def measure(reports: Reports, tree: Tree, head: Path) -> tuple[list[Section], list[str]]:
    """The sections that the pictures and the program allow, and what was left out."""
    sets, left_out, sections = reports.sets, [], []
    if not reports.has_candidates:
        left_out.append(
            "calibration, top category of candidates, average precision on pictures: tagsmith tag has no --candidates"
        )
    if sets.imagenet:
        balanced = reports.of(sets.imagenet)
        sections += [
            on_classes.classes(balanced),
            on_classes.policies({policy: reports.of(sets.imagenet, policy) for policy in POLICIES}, tree),
            on_classes.top_category(balanced, tree, reports.has_candidates),
        ]
        if reports.has_candidates:
            sections.append(on_classes.calibration(balanced, tree))
        sections.append(on_classes.categories(balanced, tree))
    if sets.out_of_vocabulary:
        by_policy = {policy: reports.of(sets.out_of_vocabulary, policy) for policy in POLICIES}
        sections.append(on_classes.out_of_vocabulary(by_policy, tree))
    by_embedding = None
    if sets.embeddings and head.is_file():
        by_embedding = on_general.of_embeddings(sets.embeddings, head)
    elif sets.embeddings:
        left_out.append(f"average precision over embeddings: the model has no heads/{head.name}")
    general = reports.of(sets.general)
    if general or by_embedding:
        sections.append(on_general.general(general, tree, by_embedding, reports.has_candidates))
    portraits, others = reports.of(sets.people), reports.of(sets.without_people)
    if portraits or others or general:
        sections.append(on_general.people(portraits, others, general, reports.of(sets.out_of_vocabulary)))
    return [*everyday_sections(reports, tree), *sections], left_out


def everyday_sections(reports: Reports, tree: Tree) -> list[Section]:
    sets, names, found = reports.sets, frozenset(coco.read().values()), []
    if sets.objects:
        pairs = reports.of(sets.objects)
        found += [on_everyday.objects(pairs, tree, names), on_everyday.labelled(pairs, tree, names)]
    if pictures := sets.everyday():
        found.append(on_everyday.promise({policy: reports.of(pictures, policy) for policy in POLICIES}, tree, names))
        if reports.has_candidates:
            found.append(on_everyday.reliability(reports.of(pictures), tree, names))
    return found


def print_sections(sections: list[Section]):
    for section in sections:
        print(f"\n{section.title}")
        if section.figures:
            print(f"  {'':<62}{'measured':>10}{'bar':>12}{'holds':>7}{'of':>7}")
        for figure in section.figures:
            print(f"  {figure.name:<62}{figure.value_text:>10}{figure.bar_text:>12}{figure.holds_text:>7}{figure.n:>7}")
        for table in section.tables:
            rows = [table.columns, *table.cells()]
            widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
            print(f"  {table.title}:")
            for first, *rest in rows:
                cells = [f"{cell:>{width}}" for cell, width in zip(rest, widths[1:], strict=True)]
                print("    " + "  ".join([f"{first:<{widths[0]}}", *cells]))
        for note in section.notes:
            print(f"  {note}")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "data",
        nargs="?",
        type=Path,
        metavar="DIR",
        help="folder with imagenet, objects, general, ..., or one of everyday pictures labelled like `objects`",
    )
    parser.add_argument("--tagsmith", type=Path, required=True, help="the command line program")
    parser.add_argument("--model", type=Path, help="folder of another model than the bundled one")
    parser.add_argument(
        "--out", type=Path, default=OUT, help="where report.json and report.html go (default: target/eval)"
    )
    parser.add_argument("--quick", type=int, default=1, metavar="N", help="look at one picture in N of each set")
    arguments = parser.parse_args()
    if arguments.quick < 1:
        parser.error("--quick takes a whole number from 1")
    return arguments


def evaluate(arguments: argparse.Namespace) -> int:
    data = (arguments.data or DATA).resolve()
    if not data.is_dir():
        if arguments.data is None:
            print(f"skipped: the labelled pictures are not at {data}; they are no part of this repository")
            return 0
        raise CannotRun(f"{arguments.data} is no folder")
    model = (arguments.model or MODEL).resolve()
    tree = Tree.parse((model / "vocabulary.json").read_bytes())
    program = Program(arguments.tagsmith, arguments.model)
    program.require("--policy", "--all-scores")
    sets = labelled.read(data, tree, arguments.quick)
    if not sets.all() and not sets.embeddings:
        raise CannotRun(f"{data} has none of the sets: " + "; ".join(sets.absent))
    reports = Reports(program, sets)
    known_to_tree(reports, tree)
    sections, left_out = measure(reports, tree, model / "heads" / "general.json")
    left_out = sets.absent + left_out
    bars = [figure for section in sections for figure in section.figures if figure.holds is not None]
    missed = [
        f"{section.title}: {figure.name}" for section in sections for figure in section.figures if figure.holds is False
    ]

    print_sections(sections)
    print()
    for line in left_out:
        print(f"skipped: {report_page.plain(line)}")
    for line in missed:
        print(f"missed: {line}")
    counted = f"{len(sets.all())} pictures" + (f", one in {arguments.quick}" if arguments.quick > 1 else "")
    summary = f"{len(bars) - len(missed)} of {len(bars)} bars hold; {counted}; {reports.n_faults} could not be tagged"
    print(summary)
    write(arguments.out, data, program.version, arguments.quick, sections, left_out, summary)
    return 1 if missed else 0


def known_to_tree(reports: Reports, tree: Tree):
    """A program built before the vocabulary changed would be measured against the wrong tree."""
    for found in reports.by_policy.values():
        for report in found.values():
            for tag in [*report.tags, *(report.candidates or [])]:
                if tag["id"] not in tree:
                    raise CannotRun(
                        f"the program shows {tag['id']!r}, which is not in vocabulary.json: "
                        "build it again, or give --model"
                    )


def write(out: Path, data: Path, version: str, quick: int, sections: list[Section], left_out: list[str], summary: str):
    out.mkdir(parents=True, exist_ok=True)
    content = {
        "version": 1,
        "program": version,
        "data": str(data),
        "quick": quick,
        "summary": summary,
        "skipped": left_out,
        "rows": [figure.to_json(section.title) for section in sections for figure in section.figures],
        "sections": [section.to_json(data) for section in sections],
    }
    (out / "report.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    page = report_page.make(
        "Tagsmith: evaluation", [f"{version}, {summary}.", f"Pictures: {data}"], sections, left_out, data
    )
    (out / "report.html").write_text(page, encoding="utf-8")
    print(f"written: {out / 'report.json'}, {out / 'report.html'}")


def main() -> int:
    try:
        return evaluate(parse())
    except (CannotRun, OSError) as error:
        print(f"cannot evaluate: {report_page.plain(error)}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
