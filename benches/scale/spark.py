"""Tags a list of pictures by Spark and by one process on the same cores, and compares the tags.

    python3 models/tools/environment.py benches/scale    once; Java 17 or newer is needed
    benches/scale/.venv/bin/python benches/scale/spark.py --program target/release/tagsmith --list pictures.txt \
        [--cores 2] [--rounds 4] [--partitions 8] [--kill 2] [--out reports.jsonl] [-- --no-objects ...]

A partition is a list of files: it goes to the command line's standard input, and its reports come back as JSON Lines.
The list is tagged in rounds, of which both sides take the same pictures one after the other, since nothing else makes
them comparable on a machine that others use. `--kill` kills one of Spark's processes in the middle of the first round:
Spark starts that partition again.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from pyspark.sql import SparkSession

sys.path.append(str(Path(__file__).parent))  # Spark's workers start elsewhere
from same_reports import differences, reports_by_path

# How often Spark begins a partition anew before it gives up.
TRIES = 4


def tag(program: str, options: list[str]):
    """What a partition does: paths in, reports out. Its process ends with 1 if a report is an error."""

    def run(paths):
        listed = list(paths)
        if not listed:
            return
        command = [program, "tag", "--files-from", "-", "--format", "jsonl", *options]
        ran = subprocess.run(command, input="\n".join(listed), capture_output=True, text=True)
        # Negative: killed. What it has written until then is dropped with the attempt, so no report comes twice.
        if ran.returncode not in (0, 1):
            raise RuntimeError(f"tagsmith ended with {ran.returncode}: {ran.stderr[-500:]}")
        yield from ran.stdout.splitlines()

    return run


def by_spark(session: SparkSession, paths: list[str], wanted: argparse.Namespace) -> list[str]:
    shared = session.sparkContext.parallelize(paths, wanted.partitions)
    return shared.mapPartitions(tag(wanted.program, ["--threads", "1", *wanted.options])).collect()


def by_one_process(paths: list[str], wanted: argparse.Namespace) -> list[str]:
    return list(tag(wanted.program, ["--threads", str(wanted.cores), *wanted.options])(iter(paths)))


def process_of(program: str) -> int | None:
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue  # it has ended
        if command[:1] == [os.fsencode(program)] and b"--files-from" in command:
            return int(entry.name)
    return None


def kill_one(program: str, after_s: float) -> threading.Thread:
    """Kills a process of the program so long after the first has begun, as a machine would that fails."""

    def run():
        while process_of(program) is None:
            time.sleep(0.02)
        time.sleep(after_s)
        process = process_of(program)
        if process is None:
            print("there was no process to kill: choose an earlier moment", file=sys.stderr)
        else:
            os.kill(process, signal.SIGKILL)
            print(f"killed process {process}", file=sys.stderr)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=os.path.abspath)
    parser.add_argument("--list", required=True, type=Path, help="paths, one a line")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--partitions", type=int, default=8, help="of each round")
    parser.add_argument("--kill", type=float, metavar="SECONDS", help="kill a process so long after the first began")
    parser.add_argument("--out", type=Path, help="the reports that came by Spark")
    parser.add_argument("options", nargs="*", help="more options of `tagsmith tag`, after --")
    return parser.parse_args()


def main():
    wanted = arguments()
    paths = wanted.list.read_text(encoding="utf-8").splitlines()
    master = f"local[{wanted.cores},{TRIES}]"
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    session = SparkSession.builder.master(master).appName("tagsmith").config(map=quiet).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.sparkContext.addPyFile(str(Path(__file__).parent / "same_reports.py"))
    session.sparkContext.parallelize(range(wanted.cores), wanted.cores).map(abs).collect()  # its workers are started
    sides = {
        "spark": lambda paths: by_spark(session, paths, wanted),
        "one process": lambda paths: by_one_process(paths, wanted),
    }
    took = dict.fromkeys(sides, 0.0)
    reports: dict[str, list[str]] = {side: [] for side in sides}
    for at in range(wanted.rounds):
        of_round = paths[at :: wanted.rounds]
        killer = kill_one(wanted.program, wanted.kill) if wanted.kill is not None and at == 0 else None
        for side, run in sides.items():
            begin = time.monotonic()
            reports[side] += run(of_round)
            took[side] += time.monotonic() - begin
            if killer and side == "spark":
                killer.join()
        print(f"round {at + 1} of {wanted.rounds}: {len(of_round)} pictures", file=sys.stderr)
    session.stop()
    if wanted.out:
        wanted.out.write_text("".join(f"{line}\n" for line in reports["spark"]), encoding="utf-8")
    wrong = differences(paths, *(reports_by_path(lines) for lines in reports.values()))
    rates = {side: len(paths) / seconds for side, seconds in took.items()}
    ratio = rates["spark"] / rates["one process"]
    print(json.dumps({"pictures": len(paths), "per_second": rates, "ratio": ratio, "different": wrong}, indent=1))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
