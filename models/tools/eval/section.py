"""What a section of the evaluation is made of: figures with bars, tables, notes, reliability bins, and the worst
mistakes."""

from dataclasses import dataclass, field
from pathlib import Path

from eval.measures import Bin

MOST_MISTAKES = 24


@dataclass(frozen=True)
class Figure:
    """One number; None where nothing could be measured. `n` counts what it was measured over."""

    name: str
    value: float | None
    n: int
    bar: float | None = None
    at_most: bool = False
    unit: str = "share"

    @property
    def holds(self) -> bool | None:
        """None without a bar or a value."""
        if self.bar is None or self.value is None:
            return None
        return self.value <= self.bar if self.at_most else self.value >= self.bar

    def show(self, value: float | None) -> str:
        if value is None:
            return "-"
        match self.unit:
            case "share":
                return f"{value * 100:.1f} %"
            case "":
                return f"{value:.3f}"
            case unit:
                return f"{value:.2f} {unit}"

    @property
    def value_text(self) -> str:
        return self.show(self.value)

    @property
    def bar_text(self) -> str:
        return "" if self.bar is None else f"{'<=' if self.at_most else '>='} {self.show(self.bar)}"

    @property
    def holds_text(self) -> str:
        return {None: "", True: "yes", False: "NO"}[self.holds]

    def to_json(self, section: str) -> dict:
        return {
            "section": section,
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "n": self.n,
            "bar": self.bar,
            "at_most": self.at_most,
            "holds": self.holds,
        }


@dataclass(frozen=True)
class Table:
    """Rows of text and numbers. A number that is not whole is a share, but in the columns of `digits`, which says
    how many to show."""

    title: str
    columns: list[str]
    rows: list[list]
    digits: dict[str, int] = field(default_factory=dict)

    def cell(self, column: str, value) -> str:
        if value is None:
            return "-"
        if column in self.digits:
            return f"{value:.{self.digits[column]}f}"
        return f"{value * 100:.1f} %" if isinstance(value, float) else str(value)

    def cells(self) -> list[list[str]]:
        return [[self.cell(*cell) for cell in zip(self.columns, row, strict=True)] for row in self.rows]


@dataclass(frozen=True)
class Reliability:
    """How often tags were right, by how sure the program was."""

    title: str
    bins: list[Bin]
    error: float | None


@dataclass(frozen=True)
class Mistake:
    path: Path
    said: str
    truth: str
    confidence: float | None = None  # None where the mistake is a tag that was not shown


@dataclass
class Mistakes:
    """The most confident mistakes of one sort."""

    title: str
    all: list[Mistake]

    def worst(self) -> list[Mistake]:
        return sorted(self.all, key=lambda one: -(one.confidence or 0))[:MOST_MISTAKES]


@dataclass
class Section:
    title: str
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reliability: list[Reliability] = field(default_factory=list)
    mistakes: list[Mistakes] = field(default_factory=list)

    def to_json(self, data: Path) -> dict:
        return {
            "title": self.title,
            "figures": [figure.to_json(self.title) for figure in self.figures],
            "tables": [{"title": table.title, "columns": table.columns, "rows": table.rows} for table in self.tables],
            "notes": self.notes,
            "reliability": [
                {"title": one.title, "error": one.error, "bins": [vars(one_bin) for one_bin in one.bins]}
                for one in self.reliability
            ],
            "mistakes": [
                {
                    "title": group.title,
                    "n": len(group.all),
                    "worst": [vars(one) | {"path": relative(one.path, data)} for one in group.worst()],
                }
                for group in self.mistakes
            ],
        }


def relative(path: Path, data: Path) -> str:
    return path.relative_to(data).as_posix()
