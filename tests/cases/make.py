"""Makes the golden pictures and what the reference says about them.

    models/tools/.venv/bin/python tests/cases/make.py              pictures and expectations
    models/tools/.venv/bin/python tests/cases/make.py --expected   expectations only, from the pictures as they are (after a change of the model)

Each case is a folder with `picture.<ext>` and `expected.json`: size and format of the upright picture, and the five best tags of the
bundled model by Pillow and onnxruntime, which share no code with ours. A test passes where each of those tags scores within
`tolerance` of `score`, and the best one is at least `min_top1_score`. `faces` and `objects` are those of the detectors, as fractions of the picture;
`surest` the tags that classes, heads and detector together are surest of, within `confidence_tolerance`, and who says so where
nobody else is nearly as sure.

The photographs come from the scikit-image package, whose sample data are CC0 or in the public domain (README.md names each); the
rest is drawn here.
"""

import argparse
import io
import json
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from convert import fetch
from eval import reference, reference_faces
from fit import arrays, curve, logistic, network as numbers
from fit.head import Head, class_logits, normalise

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(__file__).resolve().parent
MODEL = ROOT / "models" / "efficientnet-lite0"
TOLERANCE = 0.03
# A score of 0.5 that is off by 0.03 is a confidence that is off by 0.04; of the heads the same is true.
CONFIDENCE_TOLERANCE = 0.06
LEAST_OBJECT = 0.5  # score of a box that is sure enough to be compared
LONGER_SIDE = 512
SCIKIT_IMAGE = fetch.Package(
    name="scikit-image",
    version="0.22.0",
    sha256="c5c378db54e61b491b9edeefff87e49fcf7fdf729bb93c777d7a5f15d36f743e",
    file="scikit_image-0.22.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
)
JPEG = {"format": "JPEG", "quality": 90}
PNG = {"format": "PNG", "optimize": True}
WEBP = {"format": "WEBP", "lossless": True, "method": 6}


def photograph(archive: zipfile.ZipFile, name: str) -> Image.Image:
    """A sample picture of scikit-image, at most `LONGER_SIDE` px long."""
    picture = Image.open(io.BytesIO(archive.read(f"skimage/data/{name}")))
    picture.load()
    picture.thumbnail((LONGER_SIDE, LONGER_SIDE), Image.Resampling.LANCZOS)
    return picture


def drawn_traffic_light() -> Image.Image:
    """Narrow, with soft transparent edges: the ground has to become white, not black."""
    width, height, finer = 120, 240, 4
    picture = Image.new("RGBA", (width * finer, height * finer), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)

    def box(left, top, right, bottom):
        return [side * finer for side in (left, top, right, bottom)]

    pen.rectangle(box(55, 200, 65, 240), fill=(90, 90, 90, 255))
    pen.rounded_rectangle(box(24, 10, 96, 210), 14 * finer, fill=(25, 30, 28, 255))
    for y, colour in [(46, (245, 40, 30, 255)), (105, (90, 70, 10, 255)), (164, (10, 80, 30, 255))]:
        pen.ellipse(box(34, y - 26, 86, y + 26), fill=(10, 10, 10, 255))
        pen.ellipse(box(38, y - 22, 82, y + 22), fill=colour)
    return picture.resize((width, height), Image.Resampling.BOX)


def drawn_crossword() -> Image.Image:
    """Wide, two colours, hard edges: resizing without antialiasing would show."""
    columns, rows, cell = 31, 13, 15
    picture = Image.new("L", (columns * cell + 1, rows * cell + 1), 255)
    pen = ImageDraw.Draw(picture)
    black = np.random.default_rng(7).random((rows, columns)) < 0.22
    for y in range(rows):
        for x in range(columns):
            box = [x * cell, y * cell, (x + 1) * cell, (y + 1) * cell]
            pen.rectangle(box, fill=0 if black[y, x] else 255, outline=0)
    return picture.convert("1", dither=Image.Dither.NONE)


def drawn_balloons() -> Image.Image:
    """Smooth gradients in a small palette, 16:5."""
    width, height = 400, 125
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([90 + y * 1.2, 150 + y * 0.6, 230 - y * 0.2], axis=2)
    balloons = [
        (205, 50, 34, (230, 50, 40)),
        (160, 75, 24, (240, 200, 40)),
        (255, 80, 20, (60, 90, 220)),
        (60, 50, 30, (60, 170, 80)),
        (340, 45, 30, (200, 60, 160)),
    ]
    for left, top, radius, colour in balloons:
        inside = np.hypot(x - left, (y - top) * 0.85) < radius
        light = np.clip(1.15 - np.hypot(x - left + radius / 3, y - top + radius / 3) / (2.2 * radius), 0.4, 1.2)
        pixels[inside] = (light[..., None] * np.array(colour))[inside]
        pixels[(x == left) & (y > top + radius)] = 230
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return picture.quantize(64, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)


SEGMENTS = {"0": "abcdef", "1": "bc", "2": "abged", "4": "fgbc"}


def drawn_tiny_clock() -> Image.Image:
    """Smaller than the network's input: it has to be enlarged."""
    red = (255, 40, 30)
    picture = Image.new("RGB", (64, 48), (20, 16, 16))
    pen = ImageDraw.Draw(picture)
    for x, digit in zip((4, 17, 36, 49), "1024"):
        boxes = {
            "a": [x, 15, x + 9, 16],
            "b": [x + 8, 15, x + 9, 24],
            "c": [x + 8, 24, x + 9, 33],
            "d": [x, 32, x + 9, 33],
            "e": [x, 24, x + 1, 33],
            "f": [x, 15, x + 1, 24],
            "g": [x, 23, x + 9, 24],
        }
        for segment in SEGMENTS[digit]:
            pen.rectangle(boxes[segment], fill=red)
    for y in (19, 27):
        pen.rectangle([30, y, 31, y + 1], fill=red)
    return picture


def turned(picture: Image.Image) -> tuple[Image.Image, Image.Exif]:
    """`picture` as a camera held upright stores it: lying on its side, with EXIF orientation 6."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return picture.transpose(Image.Transpose.ROTATE_90), exif


def make_pictures():
    """Writes every `picture.<ext>`."""
    with zipfile.ZipFile(fetch.fetch(SCIKIT_IMAGE, platform="manylinux_2_17_x86_64")) as archive:
        chelsea = photograph(archive, "chelsea.png")
        on_its_side, orientation_6 = turned(chelsea)
        pictures = [
            ("chelsea", chelsea, JPEG),
            ("chelsea_orientation_6", on_its_side, JPEG | {"exif": orientation_6}),
            ("chelsea_small_png", chelsea.resize((240, 160), Image.Resampling.LANCZOS), PNG),
            ("coffee", photograph(archive, "coffee.png"), JPEG),
            ("rocket_progressive", photograph(archive, "rocket.jpg"), JPEG | {"progressive": True}),
            ("camera_grey", photograph(archive, "camera.png"), JPEG),
            ("brick_grey_png", photograph(archive, "brick.png"), PNG),
            ("clock_webp", photograph(archive, "clock_motion.png"), WEBP),
            ("astronaut", photograph(archive, "astronaut.png"), JPEG),
            ("hubble_full_chroma", photograph(archive, "hubble_deep_field.jpg"), JPEG | {"subsampling": "4:4:4"}),
        ]
    pictures += [
        ("drawn_traffic_light_alpha", drawn_traffic_light(), PNG),
        ("drawn_crossword_one_bit", drawn_crossword(), PNG),
        ("drawn_balloons_gif", drawn_balloons(), {"format": "GIF"}),
        ("drawn_tiny_clock_bmp", drawn_tiny_clock(), {"format": "BMP"}),
    ]
    extensions = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "BMP": "bmp"}
    for name, picture, how in pictures:
        path = CASES / name / f"picture.{extensions[how['format']]}"
        path.parent.mkdir(exist_ok=True)
        picture.save(path, **how)


class Weighing:
    """What classes, heads and detector say together, by the numbers in the cards."""

    def __init__(self, card: dict):
        self.tree = arrays.bundled()
        self.head = Head((MODEL / "heads" / f"{card['heads'][0]['id']}.json").read_text())
        self.detector = reference_faces.Detector(MODEL.parent / card["detectors"][0]["id"])
        calibration = card["calibration"]
        self.curve = np.array([calibration[name] for name in ("slope", "intercept", "support", "conflict")])
        self.relations = curve.relate(self.tree, self.head.tags, calibration["conflicting"])

    def of_faces(self, z: np.ndarray, sizes: list[float], animal: float, person: float) -> dict[str, float]:
        """Confidences of the detector's tags, of its faces (the surest first), the classes' score of "animal" and the head's logit."""
        rules = self.detector.card["tags"]
        curve = rules["person"]
        evidence = curve["against"]["weight"] * logistic.logit(np.clip(animal, 1e-4, 1 - 1e-4))
        evidence += curve["support"]["weight"] * np.clip(person, -4, 4) + curve["intercept"]
        sure = logistic.sigmoid(curve["slope"] * z + evidence)
        said = {tag: sure[n - 1] for tag, n in [("person", 1), ("group", rules["group"]["faces"]), ("crowd", rules["crowd"]["faces"])] if len(z) >= n}
        if len(z):
            largest = int(np.argmax(sizes))
            if sizes[largest] >= rules["portrait"]["least_size"] and sum(size >= sizes[largest] / 2 for size in sizes) == 1:
                said["portrait"] = sure[largest]
        return said

    def scores(self, raw: dict[str, np.ndarray]) -> np.ndarray:
        """Of every tag: the sum over its classes and those of all tags below it."""
        return numbers.tag_scores(raw["scores"].reshape(1, -1).astype(float), self.tree)

    def weigh(self, picture: Image.Image, raw: dict[str, np.ndarray]) -> tuple[list[dict], list[dict]]:
        """Faces, and the tags that are surest, with who says so."""
        scores = self.scores(raw)
        z = self.head.values(normalise(raw["embedding"].reshape(1, -1)))
        heard = self.head.confidences(z, class_logits(scores, self.relations.tags))
        own = curve.confidences(curve.Set(scores, heard, None), self.curve, self.relations).own[0]
        logits, boxes = self.detector.faces(picture)
        sizes = [float((box[2:] * picture.size).max() / min(picture.size)) for box in boxes]
        animal, person = scores[0, self.tree.index["animal"]], z[0, self.head.tags.index("person")]
        said = {"classes": own, "head:general": np.zeros_like(own), f"detector:{self.detector.card['id']}": np.zeros_like(own)}
        for name, tags in [("head:general", dict(zip(self.head.tags, heard[0]))), (list(said)[2], self.of_faces(logits, sizes, animal, person))]:
            for tag, confidence in tags.items():
                said[name][self.tree.index[tag]] = confidence
        parts = np.array([self.tree.raise_parents(one[None])[0] for one in said.values()])
        surest = []
        for tag in np.argsort(-parts.max(axis=0), kind="stable")[:8]:
            second, first = np.sort(parts[:, tag])[-2:]
            entry = {"id": self.tree.ids[tag], "confidence": round(float(first), 4)}
            is_clear = first - second > CONFIDENCE_TOLERANCE
            surest.append(entry | ({"from": list(said)[int(parts[:, tag].argmax())]} if is_clear else {}))
        return [rounded(box, z) for z, box in zip(logits, boxes)], surest


def objects(detector: reference_faces.Detector, picture: Image.Image) -> list[dict]:
    """The sure boxes of the object detector, whatever the first look says, as far as they lie in the picture."""
    classes, logits, boxes = detector.objects(picture, LEAST_OBJECT)
    start, end = np.clip(boxes[:, :2], 0, 1), np.clip(boxes[:, :2] + boxes[:, 2:], 0, 1)
    found = zip(classes, logits, np.concatenate([start, end - start], 1))
    return [{"id": detector.card["classes"][one], **rounded(box, z)} for one, z, box in found]


def rounded(box: np.ndarray, z: float) -> dict:
    return {"box": [round(float(side), 4) for side in box], "z": round(float(z), 3)}


def expectation(network: reference.Reference, weighing: Weighing, detector: reference_faces.Detector, vocabulary: dict, path: Path) -> dict:
    """What `expected.json` says about a picture: the five best of the tags that classes feed, then what lies above the best one."""
    with Image.open(path) as file:
        kind = file.format.lower()
    picture = reference.open_picture(path)
    raw = network.run(reference.to_tensor(reference.fit(picture, network.card["input"]), network.card["input"]))
    faces, surest = weighing.weigh(picture, raw)
    tree = weighing.tree
    scores = dict(zip(tree.ids, weighing.scores(raw)[0]))
    fed = dict.fromkeys(vocabulary["classes"])
    best = sorted(fed, key=lambda tag: -scores[tag])[:5]
    above = [tree.ids[tag] for tag in sorted(tree.above[tree.index[best[0]]]) if tree.ids[tag] not in best]
    return {
        "model": network.card["id"],
        "width": picture.width,
        "height": picture.height,
        "format": kind,
        "tolerance": TOLERANCE,
        "min_top1_score": round(max(0.0, float(scores[best[0]]) - TOLERANCE), 5),
        "top": [{"id": tag, "score": round(float(scores[tag]), 5)} for tag in best + above],
        "confidence_tolerance": CONFIDENCE_TOLERANCE,
        "faces": faces,
        "objects": objects(detector, picture),
        "surest": surest,
    }


def make_expectations():
    """Writes every `expected.json`."""
    network = reference.Reference.load(MODEL)
    weighing = Weighing(network.card)
    detector = reference_faces.Detector(MODEL.parent / "nanodet-g")
    vocabulary = json.loads((MODEL / network.card["vocabulary"]["file"]).read_text(encoding="utf-8"))
    for path in sorted(CASES.glob("*/picture.*")):
        expected = expectation(network, weighing, detector, vocabulary, path)
        (path.parent / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
        best = expected["top"][0]
        surest = ", ".join(f"{tag['id']} {tag['confidence']:.2f}" for tag in expected["surest"][:3])
        print(f"{path.parent.name}: {path.stat().st_size} bytes, {best['id']} {best['score']:.3f}; {surest}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--expected", action="store_true", help="leave the pictures as they are")
    if not parser.parse_args().expected:
        make_pictures()
    make_expectations()


if __name__ == "__main__":
    main()
