"""The last runs of a source as a small chart. Colours are the page's: light, dark and print."""

from __future__ import annotations

from collections.abc import Sequence

import drawsvg

from harvester.reports.report import PastRun

_WIDTH, _HEIGHT, _BAR, _GAP, _LEAST = 300, 48, 7, 3, 5


def draw_runs(runs: Sequence[PastRun]) -> str:
    """An SVG with a bar per run, the oldest on the left. What a bar means shows by its form, not only by its colour.

    No text of a source is in it: the page names it.
    """
    drawing = drawsvg.Drawing(_WIDTH, _HEIGHT, origin=(0, 0), class_="chart", aria_hidden="true", focusable="false")
    most = max((run.services or 0 for run in runs), default=0) or 1
    x = _WIDTH - len(runs) * (_BAR + _GAP)
    drawing.append(drawsvg.Line(0, _HEIGHT - 0.5, _WIDTH, _HEIGHT - 0.5, class_="axis"))
    last = _LEAST
    for run in runs:
        height = max(_LEAST, round((run.services or 0) / most * (_HEIGHT - 8))) if run.services is not None else last
        if run.verdict == "failed":
            drawing.append(_cross(x, _HEIGHT - 6))
        else:
            drawing.append(drawsvg.Rectangle(x, _HEIGHT - 1 - height, _BAR, height, class_=f"bar {run.verdict}"))
            last = height
        x += _BAR + _GAP
    svg = str(drawing.as_svg(header=""))
    return svg[svg.index("<svg") :]


def _cross(x: float, y: float) -> drawsvg.Path:
    half = _BAR / 2
    return drawsvg.Path(class_="cross").M(x, y - half).L(x + _BAR, y + half).M(x + _BAR, y - half).L(x, y + half)


def draw_badge(label: str, told: str, verdict: str) -> str:
    """A badge of a source: its name and its verdict in words, for the list of reports and for pages elsewhere."""
    left, right = 12 + 7 * len(label), 16 + 7 * len(told)
    drawing = drawsvg.Drawing(left + right, 22, origin=(0, 0), role="img", aria_label=f"{label}: {told}")
    drawing.append(drawsvg.Rectangle(0, 0, left + right, 22, rx=4, fill="#33413f"))
    drawing.append(drawsvg.Rectangle(left, 0, right, 22, rx=4, fill=_COLOURS.get(verdict, "#5a5f5e")))
    style = {"font_family": "system-ui, sans-serif", "fill": "#ffffff", "text_anchor": "middle"}
    drawing.append(drawsvg.Text(label, 12, left / 2, 15, **style))
    drawing.append(drawsvg.Text(told, 12, left + right / 2, 15, **style))
    svg = str(drawing.as_svg(header=""))
    return svg[svg.index("<svg") :]


_COLOURS = {"complete": "#1f6b52", "partial": "#7a5a00", "held": "#6b3f86", "failed": "#9c2b2b"}
