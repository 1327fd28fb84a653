"""LiteRT's Python package on the same pictures: Pillow decodes, one thread classifies, as its own examples do.

    python litert.py NETWORK.tflite < PATHS    answers each line "go" that follows an empty line with the ms that all pictures took

First it prints, as JSON, which of the paths Pillow cannot read.
"""

import json
import sys
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

SIDE, SHORTER = 224, 256


def prepared(path: str) -> np.ndarray:
    """As the network's card says: bicubic, shorter side to 256, centre 224, (x - 127) / 128."""
    picture = Image.open(path).convert("RGB")
    scale = SHORTER / min(picture.size)
    width, height = (round(side * scale) for side in picture.size)
    picture = picture.resize((width, height), Image.Resampling.BICUBIC)
    left, top = (width - SIDE) // 2, (height - SIDE) // 2
    picture = picture.crop((left, top, left + SIDE, top + SIDE))
    return ((np.asarray(picture, np.float32) - 127) / 128)[None]


def is_read(path: str) -> bool:
    try:
        prepared(path)
    except Exception:  # Pillow has no one kind for what it cannot read
        return False
    return True


def main():
    interpreter = Interpreter(sys.argv[1], num_threads=1)
    interpreter.allocate_tensors()
    image, logits = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    paths = []
    for line in sys.stdin:
        if not line.strip():
            break
        paths.append(line.rstrip("\n"))
    unread = [path for path in paths if not is_read(path)]
    print(json.dumps(unread), flush=True)
    paths = [path for path in paths if path not in unread]
    for _ in sys.stdin:
        begun = time.perf_counter()
        for path in paths:
            interpreter.set_tensor(image, prepared(path))
            interpreter.invoke()
            interpreter.get_tensor(logits)[0].argsort()[:5]
        print(1000 * (time.perf_counter() - begun), flush=True)


main()
