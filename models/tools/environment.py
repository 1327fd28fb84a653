"""Makes the virtual environment of the tools, `models/tools/.venv` (not in git), or brings it up to date.

    python3 models/tools/environment.py [FOLDER]    FOLDER: of another `pyproject.toml`, whose environment is then there

It gets the packages of `pyproject.toml` at their pinned versions, and this folder on its path, so that
`models/tools/.venv/bin/python -m fit` and the scripts of `tests` work from anywhere. `cargo x` does this by itself.
Nothing else on the machine changes.
"""

import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
FOLDER = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else TOOLS
VENV = FOLDER / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
INSTALLED = VENV / "installed.txt"  # what was asked for when pip last succeeded
ON_THE_PATH = "tagsmith_tools.pth"


def wanted() -> list[str]:
    """The pinned packages, as pip takes them."""
    return tomllib.loads((FOLDER / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]


def make(packages: list[str]):
    print(f"making {VENV} with {', '.join(packages)}, to make and measure the model files", file=sys.stderr)
    venv.create(VENV, clear=True, with_pip=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    if subprocess.run(pip).returncode:
        raise SystemExit("pip could not install the packages: see its message above. Is there a network?")
    places = sysconfig.get_paths(scheme="venv", vars={"base": str(VENV), "platbase": str(VENV)})
    Path(places["purelib"], ON_THE_PATH).write_text(f"{TOOLS}\n", encoding="utf-8")
    INSTALLED.write_text("\n".join(packages) + "\n", encoding="utf-8")


def main():
    packages = wanted()
    is_current = INSTALLED.is_file() and INSTALLED.read_text(encoding="utf-8").split("\n")[:-1] == packages
    if not (is_current and PYTHON.exists()):
        make(packages)


if __name__ == "__main__":
    main()
