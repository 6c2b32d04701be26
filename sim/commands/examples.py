"""Examples of every command, for the end of its `--help`."""

from collections.abc import Mapping, Sequence

EXAMPLES: Mapping[str, Sequence[str]] = {
    "run": (
        "sim run article sea_route --worlds 64",
        "sim run article+routes.khasan.capacity=15 --figures none",
        "sim run article --language fr",
    ),
    "compare": (
        "sim compare article sea_route --worlds 64 --outcome tier3",
        "sim compare article sea_route --worlds 64 --language fr",
        "sim compare article article+routes.khasan.capacity=15+sanctions.pressure=0.9 --attribute --worlds 32",
    ),
    "figures": (
        "sim figures outputs/article",
        "sim figures outputs/article flows war",
        "sim figures outputs/article all --language fr",
    ),
    "tables": ("sim tables outputs/article", "sim tables outputs/article series"),
    "report": (
        "sim report outputs/article",
        'sim report outputs/article outputs/sea_route --title "Rail or sea?" --out rail_or_sea.html',
        "sim report outputs/article --language fr",
    ),
    "page": (
        "sim page article sea_route max_pressure --out class.html",
        "sim page sea_route --levers routes.khasan.capacity,PRK.autonomy --language fr --out classe.html",
        "sim page --lesson 1 --out lesson_1.html",
    ),
    "sweep": (
        "sim sweep article --vary routes.khasan.capacity=10:400:8 --worlds 16",
        "sim sweep article --vary routes.khasan.capacity=10:400:8 --vary sanctions.pressure=0:1:5 --outcome technology",
    ),
    "history": ("sim history sea_route --worlds 64", "sim history sea_route --observed mine.csv --from 2024-01-01"),
    "calibrate": (
        "sim calibrate sea_route --worlds 2000 --accept 200",
        "sim calibrate sea_route --until 2024-03-31 --out outputs/early",
    ),
    "sensitivity": (
        "sim sensitivity article --outcome shells_delivered --keys routes --trajectories 4 --samples 64",
        "sim sensitivity sea_route --outcome technology --outcome oil --top 6",
    ),
    "information": (
        "sim information sea_route --outcome shells_delivered --worlds 512",
        "sim information sea_route --outcome technology --levers korea --minimise technology --worlds 512",
    ),
    "influence": (
        "sim influence sea_route --outcome shells_delivered --worlds 16",
        "sim influence sea_route --lever routes.khasan.capacity=10:200 --worlds 16",
    ),
    "explain": (
        "sim explain sea_route --ask technology --tier 3 --worlds 32",
        "sim explain sea_route --ask aid --world 'aid in 2024-04' --counterfactual",
        "sim explain article --ask shells --language fr",
    ),
    "discover": (
        "sim discover article --where 'shells_delivered > p80' --keys routes --worlds 400",
        "sim discover sea_route --where 'rus_prk.practical > 0.6 and not tier3 >= 1'",
    ),
    "policy": (
        "sim policy article --levers korea --minimise technology",
        "sim policy article --levers korea --minimise kor.threat --maximise kor_jpn.trust --worlds 64",
    ),
    "select": ("sim select theories --worlds 400 --no-figures", "sim select theories --until 2024-03-31"),
    "slides": (
        "sim slides outputs/article",
        "sim slides outputs/article outputs/sea_route --pictures shells,hunger --for print",
        "sim slides outputs/article --language fr",
    ),
    "tidy": (
        "sim tidy outputs/article outputs/sea_route --variable route_delivered",
        "sim tidy outputs/article --world all",
    ),
    "decisions": ("sim decisions outputs/article --world 17 --act summit", "sim decisions outputs/article --happened"),
    "lessons": ("sim lessons", "sim lessons 1_railway --language fr"),
    "replay": ("sim replay outputs/article",),
    "selfcheck": ("sim selfcheck",),
    "list": ("sim list", "sim list outcomes"),
    "validate": ("sim validate my_scenario.toml",),
    "show": ("sim show article", "sim show article routes.khasan"),
    "params": ("sim params sanctions.pressure", "sim params railway capacity"),
    "new": ("sim new my_scenario --from article",),
}
"""Command -> one or two examples, each on a line."""


def epilog(command: str) -> str:
    """Return the end of a command's help; its mark before the lines keeps click from joining them."""
    examples = EXAMPLES.get(command, ())
    lines = "\n".join(f"  {example}" for example in examples)
    return f"\b\nExample{'s' if len(examples) > 1 else ''}:\n{lines}" if examples else ""
