"""The evaluation as one HTML file that needs nothing else: bars, tables, reliability diagrams, pictures of the worst
mistakes.

File names, and whatever comes out of the program, are hostile: all text passes through `text`, and the page itself
forbids scripts.
"""

import base64
import html
import io
from collections.abc import Iterable
from pathlib import Path

from eval.section import Figure, Mistake, Mistakes, Reliability, Section, Table, relative

THUMBNAIL = 160  # pixels, longer side

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1a; --quiet: #63635d; --paper: #fbfbf9; --card: #fff; --line: #dededa;
  --good: #1a7f4b; --bad: #b3261e; --mark: #2f6fb3; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececE6; --quiet: #a3a39b; --paper: #161615; --card: #201f1e;
  --line: #3a3a37;
  --good: #58c58c; --bad: #ff8a80; --mark: #7db4ee; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 20px 64px; max-width: 1080px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 20px; margin: 40px 0 8px; padding-top: 16px;
  border-top: 1px solid var(--line); }
h3 { font-size: 15px; margin: 24px 0 8px; }
p { margin: 0 0 8px; max-width: 75ch; } .quiet { color: var(--quiet); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th { color: var(--quiet); font-weight: 500; vertical-align: bottom; max-width: 11em; }
td { white-space: nowrap; }
th:first-child, td:first-child { text-align: left; max-width: none; white-space: normal; min-width: 9em; }
.yes { color: var(--good); font-weight: 600; } .no { color: var(--bad); font-weight: 600; }
.overview { margin-top: 16px; } .overview th[colspan] { padding-top: 12px; } a { color: var(--mark); }
.diagrams { display: flex; flex-wrap: wrap; gap: 24px; margin-top: 16px; } figure { margin: 0; }
  figcaption { color: var(--quiet); }
svg { width: 260px; height: 260px; display: block; } svg text { font-size: 9px; fill: var(--quiet); }
.frame, .even { fill: none; stroke: var(--line); } .even { stroke-dasharray: 3 3; stroke: var(--quiet); }
.curve { fill: none; stroke: var(--mark); stroke-width: 1.5; } .dot { fill: var(--mark); fill-opacity: .7; }
.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 16px; }
.mistake { background: var(--card); border: 1px solid var(--line); border-radius: 6px; overflow: hidden;
  overflow-wrap: anywhere; }
.mistake .picture { height: 160px; display: grid; place-items: center; background: var(--line); color: var(--quiet); }
.mistake img { max-width: 100%; max-height: 160px; display: block; }
.mistake figcaption { padding: 8px 10px; font-size: 13px; line-height: 1.4; }
.mistake b { color: var(--ink); } .path { font-size: 11px; }
"""


def plain(value: object) -> str:
    """Safe to print: characters that cannot be seen, or turn the text around, are spelt out."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in str(value))


def text(value: object) -> str:
    """Safe to stand in the page."""
    return html.escape(plain(value))


def make(title: str, about: list[str], sections: list[Section], absent: list[str], data: Path) -> str:
    anchors = [f"section-{i}" for i in range(len(sections))]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; img-src data:; style-src "
        "'unsafe-inline'\">",
        f"<meta name=viewport content='width=device-width'><title>{text(title)}</title><style>{STYLE}</style>",
        f"<h1>{text(title)}</h1>",
        *(f'<p class="quiet">{text(line)}</p>' for line in about),
        overview(zip(anchors, sections, strict=True)),
        "".join(f'<p class="quiet">Not there: {text(line)}</p>' for line in absent),
        *(show_section(anchor, section, data) for anchor, section in zip(anchors, sections, strict=True)),
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def show_section(anchor: str, section: Section, data: Path) -> str:
    return "\n".join(
        [
            f'<section id="{anchor}"><h2>{text(section.title)}</h2>',
            *(f'<p class="quiet">{text(note)}</p>' for note in section.notes),
            figures_table(section.figures) if section.figures else "",
            diagrams(section.reliability) if section.reliability else "",
            *(show_table(table) for table in section.tables),
            *(show_mistakes(group, data) for group in section.mistakes if group.all),
            "</section>",
        ]
    )


FIGURE_COLUMNS = "<th>measured</th><th>bar</th><th>holds</th><th>of</th>"


def figure_cells(figure: Figure) -> str:
    bar = figure.bar_text.replace(">=", "≥").replace("<=", "≤")
    mark = f'<td class="{figure.holds_text.lower()}">{figure.holds_text}</td>'
    return f"<td>{text(figure.value_text)}</td><td>{text(bar)}</td>{mark}<td>{figure.n}</td>"


def figures_table(figures: list[Figure]) -> str:
    rows = "".join(f"<tr><td>{text(figure.name)}</td>{figure_cells(figure)}</tr>" for figure in figures)
    return f'<div class="wide"><table><tr><th></th>{FIGURE_COLUMNS}</tr>{rows}</table></div>'


def overview(sections: Iterable[tuple[str, Section]]) -> str:
    """Every bar, below the section that measures it."""
    rows = ""
    for anchor, section in sections:
        if bars := [figure for figure in section.figures if figure.bar is not None]:
            rows += f'<tr><th colspan="5"><a href="#{anchor}">{text(section.title)}</a></th></tr>'
            rows += "".join(f"<tr><td>{text(figure.name)}</td>{figure_cells(figure)}</tr>" for figure in bars)
    if not rows:
        return "<p>No bar could be measured.</p>"
    return f'<div class="wide"><table class="overview"><tr><th></th>{FIGURE_COLUMNS}</tr>{rows}</table></div>'


def show_table(table: Table) -> str:
    def row(tag: str, cells: list[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{text(cell)}</{tag}>" for cell in cells) + "</tr>"

    rows = "".join(row("td", cells) for cells in table.cells())
    return f'<h3>{text(table.title)}</h3><div class="wide"><table>{row("th", table.columns)}{rows}</table></div>'


def diagrams(reliability: list[Reliability]) -> str:
    return f'<div class="diagrams">{"".join(map(diagram, reliability))}</div>'


def diagram(one: Reliability) -> str:
    """Share right over confidence; on the dashed line every promise is kept. The area of a dot is its number of
    pairs."""
    left, top, size = 34, 10, 172

    def at(confidence: float, right: float) -> tuple[float, float]:
        return left + confidence * size, top + (1 - right) * size

    points = [at(each.confidence, each.right) for each in one.bins]
    most = max((each.n for each in one.bins), default=1)
    dots = "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{2 + 7 * (each.n / most) ** 0.5:.1f}">'
        f"<title>{each.n} pairs: confidence {each.confidence:.3f}, right {each.right:.3f}</title></circle>"
        for (x, y), each in zip(points, one.bins, strict=True)
    )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    marks = "".join(
        f'<text x="{at(value, 0)[0]:.0f}" y="{top + size + 16}" text-anchor="middle">{value}</text>'
        f'<text x="{left - 8}" y="{at(0, value)[1] + 3:.0f}" text-anchor="end">{value}</text>'
        for value in (0, 0.5, 1)
    )
    error = "-" if one.error is None else f"{one.error:.3f}"
    return (
        f'<figure><svg viewBox="0 0 216 216" role="img" aria-label="{text(one.title)}: share right over confidence">'
        f'<rect class="frame" x="{left}" y="{top}" width="{size}" height="{size}"/>'
        f'<line class="even" x1="{left}" y1="{top + size}" x2="{left + size}" y2="{top}"/>'
        f'<polyline class="curve" points="{line}"/>{dots}{marks}'
        f'<text x="{left + size / 2}" y="212" text-anchor="middle">confidence</text>'
        f'<text transform="translate(8 {top + size / 2}) rotate(-90)" text-anchor="middle">share right</text></svg>'
        f"<figcaption>{text(one.title)}: error {error}</figcaption></figure>"
    )


def show_mistakes(group: Mistakes, data: Path) -> str:
    def show(mistake: Mistake) -> str:
        picture = thumbnail(mistake.path)
        image = f'<img src="{picture}" alt="" loading="lazy">' if picture else "no preview"
        path = text(relative(mistake.path, data)).replace("/", "/<wbr>")
        sure = "" if mistake.confidence is None else f" {mistake.confidence:.2f}"
        return (
            f'<figure class="mistake"><div '
            f'class="picture">{image}</div><figcaption><b>{text(mistake.said)}</b>{sure}<br>'
            f'is {text(mistake.truth)}<br><span class="quiet path">{path}</span></figcaption></figure>'
        )

    worst = group.worst()
    count = f"{len(group.all)}" if len(worst) == len(group.all) else f"{len(worst)} of {len(group.all)}"
    return f'<h3>{text(group.title)} ({count})</h3><div class="mistakes">{"".join(map(show, worst))}</div>'


def thumbnail(path: Path) -> str | None:
    """A small JPEG as a data: address; None where Pillow cannot read the picture."""
    from PIL import Image, ImageOps  # here, so that the rest works, and is tested, without

    try:
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=75)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
