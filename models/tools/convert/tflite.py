"""Reads the parts of a `.tflite` file that a network of plain layers is made of, with numpy alone.

Why: the face detector is published as a `.tflite` file, and TensorFlow is a gigabyte that nothing else here needs. Such
a file is a flatbuffer: tables whose fields are found through a list of offsets (vtable), and vectors that begin with
their length. Which field has which number stands in TensorFlow's `schema.fbs`; only the few that are needed are named
here, and an operator that is not known is refused.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

IDENTIFIER = b"TFL3"
DTYPES = {0: np.dtype("<f4"), 1: np.dtype("<f2"), 2: np.dtype("<i4")}

# builtin code -> name, and its options: name -> (number of the field, struct format, value where the file leaves it
# out)
STRIDES = {"padding": (0, "b", 0), "stride_width": (1, "i", 0), "stride_height": (2, "i", 0)}
OPERATORS = {
    0: ("add", {"activation": (0, "b", 0)}),
    2: ("concatenation", {"axis": (0, "i", 0), "activation": (1, "b", 0)}),
    3: ("conv", STRIDES | {"activation": (3, "b", 0), "dilation_width": (4, "i", 1), "dilation_height": (5, "i", 1)}),
    4: (
        "depthwise_conv",
        STRIDES
        | {
            "multiplier": (3, "i", 0),
            "activation": (4, "b", 0),
            "dilation_width": (5, "i", 1),
            "dilation_height": (6, "i", 1),
        },
    ),
    5: ("depth_to_space", {"block": (0, "i", 0)}),
    6: ("dequantize", {}),
    17: ("max_pool", STRIDES | {"width": (3, "i", 0), "height": (4, "i", 0), "activation": (5, "b", 0)}),
    19: ("relu", {}),
    22: ("reshape", {}),
    23: ("resize_bilinear", {"align_corners": (2, "b", 0), "half_pixel_centres": (3, "b", 0)}),
    34: ("pad", {}),
    124: ("densify", {}),
}
SPARSE = {1: np.dtype("<i4"), 2: np.dtype("<u2"), 3: np.dtype("u1")}  # how the places of a sparse tensor are written


class Refused(ValueError):
    """The file is no `.tflite` file, or holds something that this reader does not know."""


@dataclass(frozen=True)
class Tensor:
    """A value of the network; `data` is there where it is a constant."""

    name: str
    shape: tuple[int, ...]
    data: np.ndarray | None


@dataclass(frozen=True)
class Operator:
    """A layer: numbers of the tensors that go in and come out, and its options by name."""

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: dict[str, int]


@dataclass(frozen=True)
class Network:
    """The one graph of a file, in the order in which it is run."""

    tensors: list[Tensor]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    operators: list[Operator]


class _Table:
    """A table of a flatbuffer; fields are asked for by number."""

    def __init__(self, raw: bytes, at: int):
        self.raw, self.at = raw, at
        self.vtable = at - self._number("i", at)
        self.fields = (self._number("H", self.vtable) - 4) // 2

    def _number(self, kind: str, at: int) -> int:
        return struct.unpack_from("<" + kind, self.raw, at)[0]

    def _field(self, number: int) -> int | None:
        offset = self._number("H", self.vtable + 4 + 2 * number) if number < self.fields else 0
        return self.at + offset if offset else None

    def _follow(self, at: int) -> int:
        return at + self._number("I", at)

    def number(self, number: int, kind: str, default: int = 0) -> int:
        at = self._field(number)
        return default if at is None else self._number(kind, at)

    def table(self, number: int) -> "_Table | None":
        at = self._field(number)
        return None if at is None else _Table(self.raw, self._follow(at))

    def tables(self, number: int) -> list["_Table"]:
        at = self._field(number)
        if at is None:
            return []
        start = self._follow(at)
        places = range(start + 4, start + 4 + 4 * self._number("I", start), 4)
        return [_Table(self.raw, self._follow(place)) for place in places]

    def numbers(self, number: int, dtype) -> np.ndarray:
        at = self._field(number)
        if at is None:
            return np.zeros(0, dtype)
        start = self._follow(at)
        return np.frombuffer(self.raw, dtype, self._number("I", start), start + 4)

    def text(self, number: int) -> str:
        return self.numbers(number, np.uint8).tobytes().decode()


def read(path: Path) -> Network:
    """The network in a `.tflite` file."""
    raw = path.read_bytes()
    if raw[4:8] != IDENTIFIER:
        raise Refused(f"{path.name} is not a .tflite file")
    model = _Table(raw, struct.unpack_from("<I", raw)[0])
    graphs = model.tables(2)
    if len(graphs) != 1:
        raise Refused(f"{path.name} holds {len(graphs)} graphs; one was expected")
    buffers = model.tables(4)
    # The code stood in a byte at first; the wider field came later, and the greater of both counts.
    codes = [max(code.number(0, "b"), code.number(3, "i")) for code in model.tables(1)]
    tensors = [_tensor(table, buffers) for table in graphs[0].tables(0)]
    operators = [_operator(table, codes) for table in graphs[0].tables(3)]
    return Network(tensors, _whole(graphs[0], 1), _whole(graphs[0], 2), operators)


def _whole(table: _Table, number: int) -> tuple[int, ...]:
    return tuple(table.numbers(number, "<i4").tolist())


def _tensor(table: _Table, buffers: list[_Table]) -> Tensor:
    name, shape, kind = table.text(3), _whole(table, 0), table.number(1, "b")
    raw = buffers[table.number(2, "I")].numbers(0, np.uint8)
    if len(raw) == 0:
        return Tensor(name, shape, None)
    if kind not in DTYPES:
        raise Refused(f"{name} holds numbers of type {kind}, which this reader does not know")
    numbers, sparsity = raw.view(DTYPES[kind]), table.table(6)
    return Tensor(name, shape, numbers.reshape(shape) if sparsity is None else _dense(name, numbers, shape, sparsity))


def _dense(name: str, numbers: np.ndarray, shape: tuple[int, ...], sparsity: _Table) -> np.ndarray:
    """The whole array of a sparse one whose last axis alone is sparse: of each row there are only the numbers that
    are not 0."""
    axes = sparsity.tables(2)
    if [axis.number(0, "b") for axis in axes] != [0] * (len(shape) - 1) + [1] or len(_whole(sparsity, 1)):
        raise Refused(f"{name} is sparse in a way that this reader does not know")
    starts, columns = (axes[-1].table(at).numbers(0, SPARSE[axes[-1].number(at - 1, "b")]) for at in (3, 5))
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts.astype(np.int64)))
    whole = np.zeros((len(starts) - 1, shape[-1]), numbers.dtype)
    whole[rows, columns] = numbers
    return whole.reshape(shape)


def _operator(table: _Table, codes: list[int]) -> Operator:
    code = codes[table.number(0, "I")]
    if code not in OPERATORS:
        raise Refused(f"the network asks for operator {code}, which this reader does not know")
    kind, fields = OPERATORS[code]
    options = table.table(4)
    values = {name: options.number(*where) if options else where[2] for name, where in fields.items()}
    return Operator(kind, _whole(table, 1), _whole(table, 2), values)
