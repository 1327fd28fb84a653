"""Compares two outputs of `tagsmith tag --format jsonl`: every picture once, with the same content and tags.

python3 benches/scale/same_reports.py pictures.txt ONE.jsonl OTHER.jsonl
"""

import json
import sys
from pathlib import Path


def reports_by_path(lines: list[str]) -> dict[str, list[dict]]:
    """All reports of each path, without the times that they took."""
    found: dict[str, list[dict]] = {}
    for line in lines:
        report = json.loads(line)
        report.pop("timings_ms", None)
        found.setdefault(report["path"], []).append(report)
    return found


def differences(paths: list[str], one: dict[str, list[dict]], other: dict[str, list[dict]]) -> list[str]:
    """A sentence for each picture that is missing, there twice or different; none: exactly once, the same."""
    wrong = []
    for path in paths:
        ours, theirs = one.get(path, []), other.get(path, [])
        if len(ours) != 1 or len(theirs) != 1:
            wrong.append(f"{path}: {len(ours)} reports on one side, {len(theirs)} on the other")
        elif ours != theirs:
            wrong.append(f"{path}: {ours[0]} is not {theirs[0]}")
    wrong += [f"{path}: nobody asked for it" for path in sorted((set(one) | set(other)) - set(paths))]
    return wrong


def main():
    listed, *outputs = (Path(name).read_text(encoding="utf-8").splitlines() for name in sys.argv[1:4])
    one, other = (reports_by_path(lines) for lines in outputs)
    wrong = differences(listed, one, other)
    print("\n".join(wrong) or f"{len(listed)} pictures, each once on both sides, with the same reports")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
