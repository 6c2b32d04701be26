"""The pictures of the lessons, drawn from the numbers that are kept, with the words of either language."""

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.generate.lessons import LESSONS, Results
from docs.generate.lessons_study import PRESSURES, RAILS
from sim.present.palette import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY
from sim.present.style import styled
from sim.present.words import plain_number
from sim.texts import LANGUAGES
from sim.texts.spoken import speaking

WIDE, DOTS = (8.4, 4.4), 190
BOUND = {
    "capacity": (RED, "xx", "the railway", "la voie ferrée"),
    "handling": (BLUE, "oo", "loading at the depots", "le chargement aux dépôts"),
    "credit": (PURPLE, "\\\\", "credit", "le crédit"),
    "demand": (SKY, "", "what Russia asks for", "la demande russe"),
    "none": ("#D9D9D9", "", "no gain from trade", "aucun gain à échanger"),
}
"""What bound the shells -> colour, hatching, and its name in English and in French."""
TITLES = {
    "rail": (
        "Capacity of the railway, thousand tonnes a month",
        "Capacité de la voie ferrée, milliers de tonnes par mois",
    ),
    "pressure": (
        "Pressure of sanctions, 0 none to 1 the fullest",
        "Pression des sanctions, de 0 (aucune) à 1 (maximale)",
    ),
    "shells": ("Million shells in 36 months", "Millions d’obus en 36 mois"),
    "food": ("Food in 36 months, thousand tonnes", "Nourriture en 36 mois, milliers de tonnes"),
    "months": ("Share of months, %", "Part des mois, %"),
    "worlds": ("Worlds with this tier or a higher one, %", "Mondes où ce palier ou un plus haut est cédé, %"),
    "band": ("line: middle world; band: 90 % of the worlds", "trait : monde médian ; bande : 90 % des mondes"),
    "russia": ("from Russia", "de Russie"),
    "china": ("from China", "de Chine"),
    "market": ("from the world market", "du marché mondial"),
    "guess": (
        "Draw your curve here, before you see the model’s",
        "Tracez ici votre courbe, avant de voir celle du modèle",
    ),
    "oil": ("Russian oil to North Korea, thousand barrels", "Pétrole russe vers la Corée du Nord, milliers de barils"),
    "tests": ("Missile tests of North Korea", "Tirs de missiles nord-coréens"),
    "dependence_chn": (
        "Share of China in North Korea’s imports, %",
        "Part de la Chine dans les importations nord-coréennes, %",
    ),
    "practical": ("Practical cooperation at the end, 0 to 1", "Coopération concrète à la fin, de 0 à 1"),
    "hungry": ("Worlds with hunger in North Korea, %", "Mondes où la Corée du Nord a faim, %"),
    "panel_shells": ("Shells to Russia, millions", "Obus vers la Russie, millions"),
}
"""Words on a picture, in English and in French."""
TIERS = (
    ("1 conventional,\nair defence", "2 space\nlaunch", "3 submarines,\nhypersonic", "4 nuclear,\nre-entry"),
    ("1 classique,\nantiaérien", "2 lanceurs\nspatiaux", "3 sous-marins,\nhypersonique", "4 nucléaire,\nrentrée"),
)


def draw_all(results: Results) -> None:
    """Draw every picture in both languages."""
    for k, language in enumerate(LANGUAGES):
        words = {name: both[k] for name, both in TITLES.items()}
        folder = LESSONS / language
        _save(_shells(results, words), folder / "1_railway" / "shells.png", language)
        _save(_bound(results, words, k), folder / "1_railway" / "bound.png", language)
        _save(_food(results, words), folder / "1_railway" / "food.png", language)
        _save(_empty(words, "rail", (0, 160), (0, 14)), folder / "1_railway" / "sketch.png", language)
        _save(_panels(results, words), folder / "2_pressure" / "pressure.png", language)
        _save(_empty(words, "pressure", (0, 1), (0, 14)), folder / "2_pressure" / "sketch.png", language)
        _save(_tiers(results, words, TIERS[k]), folder / "3_barter" / "tiers.png", language)


def _save(figure: Figure, path: Path, language: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with speaking(language):
        for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) if not axis.get_gid()):
            axis.set_major_formatter(plain_number)
        figure.savefig(path, dpi=DOTS, metadata={"Software": None})


def _canvas(rows: int = 1, columns: int = 1, size: tuple[float, float] = WIDE) -> tuple[Figure, list[Axes]]:
    with styled():
        figure = Figure(size, layout="constrained")
        return figure, list(figure.subplots(rows, columns, squeeze=False).flat)


def _along(
    axes: Axes, results: Results, names: Sequence[str], x: Sequence[float], colour: str, label: str = ""
) -> None:
    """Draw the middle world and the band along the values of a lever."""
    low, middle, high = zip(*(results[name] for name in names), strict=True)
    axes.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(x, middle, color=colour, marker="o")
    axes.set_ylim(bottom=0)


def _shells(results: Results, words: Mapping[str, str]) -> Figure:
    figure, (axes,) = _canvas()
    _along(axes, results, [f"rail.{dose}.shells" for dose in RAILS], RAILS, BLACK)
    axes.set(xlabel=words["rail"], ylabel=words["shells"], xlim=(0, 165))
    axes.set_title(words["band"], color=GREY, fontsize=12)
    axes.set_xticks(RAILS)
    return figure


def _bound(results: Results, words: Mapping[str, str], k: int) -> Figure:
    figure, (axes,) = _canvas()
    bottom = [0.0] * len(RAILS)
    for name, (colour, hatch, *names) in BOUND.items():
        shares = [results[f"rail.{dose}.bound_{name}"][0] for dose in RAILS]
        axes.bar(range(len(RAILS)), shares, 0.7, bottom, color=colour, hatch=hatch, edgecolor="white", label=names[k])
        bottom = [one + more for one, more in zip(bottom, shares, strict=True)]
    axes.set(xlabel=words["rail"], ylabel=words["months"], ylim=(0, 100))
    axes.set_xticks(range(len(RAILS)), [str(dose) for dose in RAILS])
    axes.xaxis.set_gid("named")
    axes.grid(axis="x", visible=False)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure


def _food(results: Results, words: Mapping[str, str]) -> Figure:
    figure, (axes,) = _canvas()
    lines = (("food_rus", RED, "russia", "o"), ("food_chn", ORANGE, "china", "s"), ("food_world", GREEN, "market", "^"))
    for name, colour, label, marker in lines:
        middle = [results[f"rail.{dose}.{name}"][1] for dose in RAILS]
        axes.plot(RAILS, middle, color=colour, marker=marker, label=words[label])
    axes.set(xlabel=words["rail"], ylabel=words["food"], xlim=(0, 165), ylim=(0, None))
    axes.set_xticks(RAILS)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure


def _panels(results: Results, words: Mapping[str, str]) -> Figure:
    figure, axes = _canvas(2, 3, (9.0, 6.0))
    panels = (
        *(("shells", "panel_shells", BLACK), ("oil", "oil", ORANGE), ("practical", "practical", RED)),
        *(("dependence_chn", "dependence_chn", BLUE), ("tests", "tests", PURPLE)),
    )
    for ax, (name, title, colour) in zip(axes, panels, strict=False):
        _along(ax, results, [f"pressure.{dose:g}.{name}" for dose in PRESSURES], PRESSURES, colour)
        ax.set_title(_folded(words[title]), fontsize=12)
    hungry = [results[f"pressure.{dose:g}.hungry"][0] for dose in PRESSURES]
    axes[-1].plot(PRESSURES, hungry, color=GREEN, marker="o")
    axes[-1].set_ylim(0, 100)
    axes[-1].set_title(_folded(words["hungry"]), fontsize=12)
    figure.supxlabel(f"{words['pressure']}\n({words['band']})", fontsize=12)
    return figure


def _folded(title: str, width: int = 26) -> str:
    """Return a title on several lines if it is long."""
    return textwrap.fill(title, width, break_on_hyphens=False)


def _empty(words: Mapping[str, str], lever: str, x: tuple[float, float], y: tuple[float, float]) -> Figure:
    """Return empty axes for the sketch before the model is seen."""
    figure, (axes,) = _canvas(size=(8.4, 3.9))
    axes.set(xlabel=words[lever], ylabel=words["shells"], xlim=x, ylim=y)
    axes.set_title(words["guess"], color=GREY, fontsize=12)
    return figure


def _tiers(results: Results, words: Mapping[str, str], names: Sequence[str]) -> Figure:
    figure, (axes,) = _canvas(size=(8.4, 3.9))
    shares = [results[f"base.tier{k}"][0] for k in range(1, 5)]
    bars = axes.bar(range(4), shares, 0.6, color=[GREEN, BLUE, ORANGE, RED])
    axes.bar_label(bars, [f"{round(share)} %" for share in shares], padding=3)
    axes.set(ylim=(0, 105))
    axes.set_title(words["worlds"], color=GREY, fontsize=12)
    axes.set_xticks(range(4), names)
    axes.xaxis.set_gid("named")
    axes.grid(axis="x", visible=False)
    return figure
