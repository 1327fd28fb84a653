"""Lets every script here be started with any Python 3.11 or newer.

Why: the scripts need four packages (requirements.txt says which and what for). Where they are missing, a virtual environment of
their own is made at `models/tools/.venv` (not in git), so that nothing else on the machine changes, and the script starts again
in it.
"""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
VENV = TOOLS / ".venv"
REQUIREMENTS = TOOLS / "requirements.txt"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def requirements() -> dict[str, str]:
    """Pinned version by package name."""
    lines = (line.partition("#")[0].strip() for line in REQUIREMENTS.read_text().splitlines())
    return dict(line.split("==") for line in lines if line)


def satisfied() -> bool:
    """Whether this Python has every package at its pinned version."""
    try:
        return all(importlib.metadata.version(name) == version for name, version in requirements().items())
    except importlib.metadata.PackageNotFoundError:
        return False


def enter():
    """Returns in a Python that has the packages; starts the running script again in one where this is not."""
    if satisfied():
        return
    if sys.version_info < (3, 11):
        raise SystemExit(f"This needs Python 3.11 or newer; this one is {sys.version.split()[0]}.")
    if Path(sys.prefix).resolve() == VENV:
        install()
        if not satisfied():
            raise SystemExit(f"{VENV} does not have what {REQUIREMENTS.name} asks for. Delete it and run this again.")
        return
    if not PYTHON.exists():
        print(f"making a virtual environment at {VENV}, so that nothing else on this machine changes", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    raise SystemExit(subprocess.run([str(PYTHON), *sys.argv]).returncode)


def install():
    """Installs the pinned packages into this Python."""
    names = ", ".join(f"{name} {version}" for name, version in requirements().items())
    print(f"installing {names}: the packages that make and measure the model files", file=sys.stderr)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)]
    if subprocess.run(command).returncode:
        raise SystemExit(f"pip could not install {names}: see its message above. Is there a network?")
