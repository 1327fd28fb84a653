"""Reads a graph model of TensorFlow.js, a `.json` with the graph and a `.bin` with its constants, with numpy alone.

Such a file is TensorFlow's own graph, written as JSON: nodes with an operator, the names of what goes in, and
attributes, of which those that are strings stand in base64. The constants lie one behind the other in the order of
the manifest; some are stored as float16 and meant as float32.
"""

import base64
import json
from dataclasses import dataclass

import numpy as np

DTYPES = {"float32": np.dtype("<f4"), "int32": np.dtype("<i4"), "float16": np.dtype("<f2")}


class Refused(ValueError):
    """The file is no graph model, or holds something that this reader does not know."""


@dataclass(frozen=True)
class Node:
    """One operator: where its inputs come from (a second output of a node is `NAME:1`), and its attributes."""

    name: str
    operator: str
    inputs: tuple[str, ...]
    attributes: dict


@dataclass(frozen=True)
class Network:
    """Nodes and constants by name; constants are no nodes."""

    nodes: dict[str, Node]
    constants: dict[str, np.ndarray]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def attribute(value: dict):
    """A number, truth value, word or list of numbers; the rest (types, shapes) as it stands."""
    ((kind, content),) = value.items()
    if kind == "s":
        return base64.b64decode(content).decode()
    if kind == "i":
        return int(content)
    if kind == "list":
        return [int(number) for number in content.get("i", [])]
    return content


def read_constants(manifest: list[dict], weights: bytes) -> dict[str, np.ndarray]:
    """Every constant as float32 or int32."""
    constants, at = {}, 0
    for entry in [entry for group in manifest for entry in group["weights"]]:
        stored = entry.get("quantization", {}).get("dtype", entry["dtype"])
        if stored not in DTYPES or {"min", "scale"} & entry.get("quantization", {}).keys():
            raise Refused(f"{entry['name']} is stored as {stored} in a way that is not known here")
        count = int(np.prod(entry["shape"]))
        end = at + count * DTYPES[stored].itemsize
        if end > len(weights):
            raise Refused(f"{entry['name']} reaches beyond the end of the weights")
        values = np.frombuffer(weights[at:end], DTYPES[stored]).reshape(entry["shape"])
        constants[entry["name"]] = values.astype(DTYPES[entry["dtype"]])
        at = end
    if at != len(weights):
        raise Refused(f"{len(weights) - at} bytes of the weights belong to nothing")
    return constants


def read(graph: bytes, weights: bytes) -> Network:
    """The network of the two files."""
    whole = json.loads(graph)
    if whole.get("format") != "graph-model":
        raise Refused("this is no graph model of TensorFlow.js")
    constants = read_constants(whole["weightsManifest"], weights)
    nodes = {}
    for entry in whole["modelTopology"]["node"]:
        if entry["op"] == "Const":
            if entry["name"] not in constants:
                raise Refused(f"the constant {entry['name']} has no values")
            continue
        attributes = {name: attribute(value) for name, value in entry.get("attr", {}).items() if value}
        nodes[entry["name"]] = Node(entry["name"], entry["op"], tuple(entry.get("input", [])), attributes)

    def names(kind: str) -> tuple[str, ...]:
        return tuple(name.removesuffix(":0") for name in sorted(whole["signature"][kind]))

    return Network(nodes, constants, names("inputs"), names("outputs"))
