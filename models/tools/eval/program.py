"""Runs `tagsmith tag` over many pictures for `eval` and reads what it says."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MOST_BYTES = 24_000  # of paths in one command line; Windows takes 32,767 characters in all
LEAST_CONFIDENCE = 0.01  # of candidates that are kept: below it nothing is measured but the order of the general tags


@dataclass
class Report:
    """What the program said of one picture. Without tags if it failed, which `fault` then says."""

    tags: list[dict] = field(default_factory=list)
    candidates: list[dict] | None = (
        None  # every tag with its confidence, parents too; None where the program was not asked
    )
    scores: list[float] | None = None  # of the classes
    embedding: list[float] | None = None
    ms: float | None = None
    fault: str | None = None


class CannotRun(Exception):
    """The program is missing, too old, or gave up; the message says which."""


class Program:
    """A `tagsmith` at `path`, with the bundled model or that of the folder `model`."""

    def __init__(self, path: Path, model: Path | None = None):
        self.path = path.resolve()
        self.model = ["--model", str(model.resolve())] if model else []
        try:
            text = subprocess.run(
                [str(self.path), "tag", "--help"], capture_output=True, encoding="utf-8", check=True
            ).stdout
            self.version = subprocess.run(
                [str(self.path), "--version"], capture_output=True, encoding="utf-8", check=True
            ).stdout.strip()
        except (OSError, subprocess.CalledProcessError) as error:
            raise CannotRun(f"{path} cannot be run: {error}") from error
        self.options = set(re.findall(r"^\s+(?:-\w, )?(--[a-z-]+)", text, re.MULTILINE))

    def require(self, *options: str):
        if missing := [option for option in options if option not in self.options]:
            raise CannotRun(
                f"{self.path.name} tag has no {', '.join(missing)}: build it from this source first (cargo build)"
            )

    def tag(self, paths: list[Path], options: list[str], keep: frozenset[str] = frozenset()) -> dict[Path, Report]:
        """`keep`: tags whose candidates are wanted however low their confidence is."""
        by_name: dict[str, Path] = {}
        for path in dict.fromkeys(paths):
            if (other := by_name.setdefault(name_in_report(path), path)) != path:
                raise CannotRun(f"{other!r} and {path!r} have the same name as far as it is text: rename one")
        reports: dict[Path, Report] = {}
        names = list(by_name.values())
        for chunk in chunks(names):
            command = [str(self.path), "tag", "--format", "jsonl", *self.model, *options, "--", *map(str, chunk)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
                for line in process.stdout:
                    entry = json.loads(line)
                    reports[by_name[entry["path"]]] = read(entry, keep)
            if process.returncode not in (0, 1):  # 1: some pictures failed, and their lines say why
                raise CannotRun(f"{self.path.name} tag {' '.join(options)} ended with exit code {process.returncode}")
            if missing := [path for path in chunk if path not in reports]:
                raise CannotRun(f"{self.path.name} tag gave no line for {missing[0]}")
        return reports


def name_in_report(path: Path) -> str:
    """A path as the program writes it: what is no UTF-8 is replaced."""
    return os.fsencode(path).decode("utf-8", "replace")


def chunks(paths: list[Path]) -> Iterator[list[Path]]:
    chunk, size = [], 0
    for path in paths:
        length = len(os.fsencode(path)) + 3
        if chunk and size + length > MOST_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(path)
        size += length
    if chunk:
        yield chunk


def read(entry: dict, keep: frozenset[str]) -> Report:
    if "error" in entry:
        return Report(fault=f"{entry['error']['code']}: {entry['error']['detail']}")
    candidates = entry.get("candidates")
    if candidates is not None:
        candidates = [one for one in candidates if one["confidence"] >= LEAST_CONFIDENCE or one["id"] in keep]
    ms = sum(value for name, value in entry["timings_ms"].items() if name != "total")
    return Report(entry["tags"], candidates, entry.get("scores"), entry.get("embedding"), ms)
