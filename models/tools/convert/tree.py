"""The tree of tags, read once for all: what lies above each tag, which are leaves, which class feeds which."""

import json
from collections.abc import Sequence

from convert import vocabulary


class Tree:
    """Tags in their order with the tags right above them, and the tag that each class feeds."""

    def __init__(self, parents: dict[str, Sequence[str]], classes: Sequence[str]):
        self.parents, self.classes = parents, classes
        self.ids = list(parents)
        self.ancestors = {tag: vocabulary.ancestors(tag, parents) for tag in parents}  # the nearest first
        self._above = {tag: frozenset(above) for tag, above in self.ancestors.items()}
        self._inner = {parent for above in parents.values() for parent in above}

    @classmethod
    def parse(cls, text: str | bytes) -> "Tree":
        """Of a `vocabulary.json`."""
        content = json.loads(text)
        return cls({tag["id"]: tag.get("parents", []) for tag in content["tags"]}, content["classes"])

    def __contains__(self, tag: str) -> bool:
        return tag in self.parents

    def above(self, tag: str) -> frozenset[str]:
        return self._above[tag]

    def way(self, tag: str) -> frozenset[str]:
        """The tag and all above it: what is right on a picture of it."""
        return self._above[tag] | {tag}

    def is_leaf(self, tag: str) -> bool:
        return tag not in self._inner

    def category(self, tag: str) -> str:
        return vocabulary.category(tag, self.parents)

    def categories(self, tag: str) -> set[str]:
        """Every top that the tag lies below; most have one."""
        return {top for top in self.way(tag) if not self.parents[top]}
