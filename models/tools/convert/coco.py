"""The 80 classes of COCO in the order of the object detector's outputs, and the tag of each: `tags/coco.csv`."""

from pathlib import Path

from convert import vocabulary

TABLE = vocabulary.FOLDER / "coco.csv"
CLASSES = 80


def read(path: Path = TABLE) -> dict[str, str]:
    """Tags by the names of the classes."""
    rows = vocabulary.read(path, ["coco", "tag"])
    found = {row["coco"]: row["tag"] for row in rows}
    if len(rows) != CLASSES or len(found) != CLASSES:
        raise SystemExit(f"{path.name} must have {CLASSES} classes, each once.")
    return found
