"""Make ``docs/demo.svg``, the picture in the README, from a real run of the demo: ``python docs/picture.py``."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from harvester.demo import run_demo

_WIDTH = 132
_THEME = TerminalTheme(
    (250, 250, 248),
    (40, 42, 46),
    [
        (40, 42, 46),
        (180, 40, 40),
        (30, 120, 50),
        (150, 110, 0),
        (40, 80, 170),
        (130, 60, 150),
        (20, 120, 130),
        (110, 110, 110),
    ],
)


def main() -> None:
    """Run the demo and write the picture, without fonts from elsewhere and without a path of this machine."""
    console = Console(record=True, width=_WIDTH, file=io.StringIO(), force_terminal=True)
    run_demo(console, keep=False)
    svg = console.export_svg(title="make demo", theme=_THEME, unique_id="demo")
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg).replace("Fira Code", "DejaVu Sans Mono")
    Path(__file__).with_name("demo.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
