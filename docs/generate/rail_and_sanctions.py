"""Rail capacity and sanctions pressure: every number and figure comes from the commands that the page shows."""

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from docs.generate.markdown import DOCS, bullets, fill

RAIL, PRESSURE = "routes.khasan.capacity", "sanctions.pressure"
WIDE = (
    *("--set", f'{RAIL}={{low=10, high=200, distribution="loguniform"}}'),
    *("--set", f'{PRESSURE}={{low=0, high=1, distribution="uniform"}}'),
)
PAIR = ("--keys", RAIL, "--keys", PRESSURE)
OUTCOMES = ("--outcome", "shells_delivered", "--outcome", "rus_prk.practical", "--outcome", "technology")
GRID = ("--vary", f"{RAIL}=10:200:20", "--vary", f"{PRESSURE}=0:1:6", "--worlds", "48")
COMMANDS = {
    "shells": ("sweep", "article", *GRID, "--outcome", "shells_delivered"),
    "practical": ("sweep", "article", *GRID, "--outcome", "practical"),
    "pair": ("sensitivity", "article", *WIDE, *PAIR, *OUTCOMES),
    "centre": ("sensitivity", "article", *WIDE, *PAIR, *OUTCOMES, "--others", "centre"),
    "box": ("discover", "article", *WIDE, "--where", "rus_prk.practical > p80"),
    "shells_box": ("discover", "article", *WIDE, "--where", "shells_delivered > p80"),
}
FIGURES = {
    "rail_map_shells": "shells/figures/map.png",
    "rail_map_practical": "practical/figures/map.png",
    "rail_pair_shells": "pair/figures/indices_shells_delivered.png",
    "rail_pair_practical": "pair/figures/indices_rus_prk.practical.png",
    "rail_box": "shells_box/figures/box.png",
    "rail_box_practical": "box/figures/box.png",
}
"""Name of the picture in the documentation -> file that a command has made."""


def page() -> str:
    """Return the page; run its commands and keep their pictures."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        parts: dict[str, str] = {}
        for name, words in COMMANDS.items():
            call = [sys.executable, "-m", "sim", *words, "--out", str(folder / name)]
            printed = subprocess.run(call, cwd=DOCS.parent, stdout=subprocess.PIPE, text=True, check=True).stdout
            parts |= {f"command:{name}": shown(name), f"said:{name}": bullets(sentences(printed))}
        parts |= {f"pairs:{name}": pairs(folder / name) for name in ("pair", "centre")}
        for name, source in FIGURES.items():
            picture(folder / source, DOCS / f"{name}.png")
    return fill("rail_and_sanctions", parts)


def shown(name: str) -> str:
    """Return a command as a user types it."""
    return f"```console\n{shlex.join(['sim', *COMMANDS[name]])}\n```"


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences that a command printed; tables and the last line left out."""
    return (line for line in text.splitlines() if re.match(r"[A-Za-z0-9`].*\.$", line))


def pairs(folder: Path) -> str:
    """Return the table of pairs of a sensitivity analysis."""
    text = (folder / "summary.md").read_text(encoding="utf-8")
    return text.partition("## Pairs")[2].partition("##")[0].partition("\n")[2].strip()


def picture(source: Path, target: Path) -> None:
    """Save a figure with few colours, a third of the size, with its origin."""
    with Image.open(source) as image:
        words = PngInfo()
        for name, text in image.info.items():
            if isinstance(name, str) and isinstance(text, str):
                words.add_text(name, text)
        image.convert("RGB").quantize(256).save(target, optimize=True, pnginfo=words)
