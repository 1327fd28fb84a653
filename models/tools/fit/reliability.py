"""The reliability diagram: how often tags are right against how sure they were, as a small SVG that suits light and
dark pages."""

import numpy as np

SIDE, LEFT, TOP, GAP = 220, 44, 34, 64
STYLE = """<style>
text{font:12px sans-serif;fill:#333}.frame{fill:none;stroke:#888}.even{stroke:#888;stroke-dasharray:4 4}\
.bar{fill:#2b7bba;fill-opacity:.25}
.line{fill:none;stroke:#2b7bba;stroke-width:2}.dot{fill:#2b7bba}
@media(prefers-color-scheme:dark){text{fill:#ccc}.bar,.dot{fill:#6bb3e8}.line{stroke:#6bb3e8}}
</style>"""


def bins(confidence: np.ndarray, right: np.ndarray, n: int) -> list[dict]:
    """Bins of equal width that hold anything: where, how many, their share of all, mean confidence, share that is
    right."""
    number = np.minimum((confidence * n).astype(int), n - 1)
    found = []
    for one in range(n):
        m = number == one
        if m.any():
            entry = {"from": one / n, "pairs": int(m.sum()), "share": float(m.mean())}
            found.append(entry | {"confidence": float(confidence[m].mean()), "right": float(right[m].mean())})
    return [{key: round(value, 4) for key, value in one.items()} for one in found]


def panel(title: str, rows: list[dict], left: int) -> list[str]:
    def x(value):
        return round(left + value * SIDE, 1)

    def y(value):
        return round(TOP + (1 - value) * SIDE, 1)

    highest = max(row["pairs"] for row in rows)
    parts = [f'<text x="{x(0.5)}" y="{TOP - 14}" text-anchor="middle">{title}</text>']
    for row in rows:  # how many, as a bar; the root keeps the rare ones visible
        height = round((row["pairs"] / highest) ** 0.25 * SIDE * 0.3, 1)
        width = round(SIDE / 10 - 2, 1)
        parts.append(
            f'<rect class="bar" x="{x(row["from"]) + 1}" y="{round(y(0) - height, 1)}" width="{width}" '
            f'height="{height}"/>'
        )
    parts.append(f'<rect class="frame" x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}"/>')
    parts.append(f'<line class="even" x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}"/>')
    points = " ".join(f"{x(row['confidence'])},{y(row['right'])}" for row in rows)
    parts.append(f'<polyline class="line" points="{points}"/>')
    parts += [f'<circle class="dot" cx="{x(row["confidence"])}" cy="{y(row["right"])}" r="3"/>' for row in rows]
    for tick in (0, 0.5, 1):
        parts.append(f'<text x="{x(tick)}" y="{y(0) + 16}" text-anchor="middle">{tick:.0%}</text>')
        parts.append(f'<text x="{left - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:.0%}</text>')
    parts.append(f'<text x="{x(0.5)}" y="{y(0) + 34}" text-anchor="middle">confidence</text>')
    return parts


def draw(diagrams: list[tuple[str, list[dict]]]) -> str:
    """Panels side by side: the line is the share that is right, the bars are how many pairs (fourth root)."""
    width, height = LEFT + len(diagrams) * SIDE + (len(diagrams) - 1) * GAP + 16, TOP + SIDE + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img">'
    ]
    parts += ["<title>Share of tags that are right on everyday pictures, by confidence</title>", STYLE]
    for number, (name, rows) in enumerate(diagrams):
        parts += panel(f"{name}: share that is right", rows, LEFT + number * (SIDE + GAP))
    return "\n".join([*parts, "</svg>"]) + "\n"
