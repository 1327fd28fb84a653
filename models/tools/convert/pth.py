"""Reads the legacy PyTorch `.pth` format with numpy and pickle alone.

Why: the published weights are a `.pth` file, and PyTorch is a gigabyte that nothing else here needs. The format is five
pickles in a row (magic number, protocol version, machine facts, the state dict, the storage keys) followed by the raw
storages, each an int64 count and that many numbers.

A pickle can run code, so the unpickler here knows four names and refuses every other one.
"""

import collections
import pickle
from pathlib import Path
from typing import ClassVar

import numpy as np

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001

DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class Refused(pickle.UnpicklingError):
    """The file asks for something that a state dict of plain tensors does not need."""


class _Tensor:
    """A view into a storage that is filled in after the pickles have been read."""

    def __init__(self, storage, offset, shape, strides):
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides

    def to_array(self, storages):
        """The numbers as a contiguous array of `shape`."""
        numbers = storages[self.storage["key"]]
        size = numbers.dtype.itemsize
        last = self.offset + sum((n - 1) * stride for n, stride in zip(self.shape, self.strides, strict=True))
        if self.offset < 0 or any(stride < 0 for stride in self.strides) or last >= len(numbers):
            raise Refused("a tensor reaches outside its storage")
        view = np.lib.stride_tricks.as_strided(
            numbers[self.offset :], shape=self.shape, strides=[stride * size for stride in self.strides]
        )
        return np.array(view)


def _rebuild_tensor(storage, offset, shape, strides, *_ignored):
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


class _Unpickler(pickle.Unpickler):
    ALLOWED: ClassVar = {
        ("collections", "OrderedDict"): collections.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
        ("torch", "FloatStorage"): "FloatStorage",
        ("torch", "LongStorage"): "LongStorage",
    }

    def find_class(self, module, name):
        if (module, name) not in self.ALLOWED:
            raise Refused(f"the file asks for {module}.{name}, which no state dict of plain tensors needs")
        return self.ALLOWED[module, name]

    def persistent_load(self, pid):
        kind, storage_type, key, _location, count, view = pid
        if kind != "storage" or storage_type not in DTYPES or view is not None:
            raise Refused(f"unknown kind of storage: {kind} {storage_type}")
        return {"key": key, "dtype": DTYPES[storage_type], "count": count}


class _RememberingUnpickler(_Unpickler):
    """Also remembers the type and length of each storage, which only the persistent ids tell."""

    def __init__(self, file):
        super().__init__(file)
        self.storages = {}

    def persistent_load(self, pid):
        storage = super().persistent_load(pid)
        self.storages[storage["key"]] = storage
        return storage


def read_state_dict(path: Path) -> dict[str, np.ndarray]:
    """Every tensor of a legacy `.pth` file by name, in the order of the file."""
    with path.open("rb") as file:
        if _Unpickler(file).load() != MAGIC_NUMBER or _Unpickler(file).load() != PROTOCOL_VERSION:
            raise Refused(f"{path.name} is not a PyTorch file of the legacy kind")
        _Unpickler(file).load()  # facts about the machine it was written on
        reader = _RememberingUnpickler(file)
        tensors = reader.load()
        keys = _Unpickler(file).load()
        storages = {}
        for key in keys:
            storage = reader.storages[key]
            count = int.from_bytes(file.read(8), "little")
            if count != storage["count"]:
                raise Refused(f"storage {key} says {count} numbers and was promised {storage['count']}")
            raw = file.read(count * storage["dtype"].itemsize)
            storages[key] = np.frombuffer(raw, dtype=storage["dtype"], count=count)
    return {name: tensor.to_array(storages) for name, tensor in tensors.items()}
