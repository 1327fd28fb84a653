"""Changed copies of pictures, for measuring how many near duplicates are found.

    models/tools/.venv/bin/python -m eval.changed_copies ../shared/data FOLDER

Of each set of few pictures 20 of its training pictures, changed in each of four ways, as
FOLDER/CHANGE/SET/TAG/NAME.jpg. Then

    tagsmith tag --no-objects --embedding FOLDER > EMBEDDINGS/copies.jsonl
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps

SETS = ("grocery", "clothing", "houses", "materials")
N_EACH = 20


def cut(picture: Image.Image, share: float) -> Image.Image:
    """The middle of it."""
    width, height = (int(side * share) for side in picture.size)
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height))


def smaller(picture: Image.Image, share: float) -> Image.Image:
    return picture.resize((int(picture.width * share), int(picture.height * share)), Image.Resampling.LANCZOS)


def lighter(picture: Image.Image) -> Image.Image:
    return ImageEnhance.Color(ImageEnhance.Brightness(picture).enhance(1.15)).enhance(1.1)


def several(picture: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(smaller(ImageOps.mirror(cut(picture, 0.95)), 0.8)).enhance(1.08)


# A change, and the quality at which its JPEG is saved.
CHANGES: dict[str, tuple[Callable[[Image.Image], Image.Image], int]] = {
    "cut": (lambda picture: cut(picture, 0.92), 85),
    "lighter": (lighter, 80),
    "several": (several, 75),
    "smaller": (lambda picture: smaller(picture, 0.6), 60),
}


def main(data: Path, folder: Path):
    chance = random.Random(5)
    for name in SETS:
        sources = sorted((data / name / "train").rglob("*.jpg"))
        for source in chance.sample(sources, N_EACH):
            picture = Image.open(source).convert("RGB")
            for kind, (change, quality) in CHANGES.items():
                copy = folder / kind / name / source.parent.name / source.name
                copy.parent.mkdir(parents=True, exist_ok=True)
                change(picture).save(copy, quality=quality)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
