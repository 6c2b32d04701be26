"""Pictures for a room: titles that the data bear out and contradict, and pages on which nothing is cut or small."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from drawings import text_problems
from synthetic import dataset

import sim
from sim.present.publish import publish
from sim.present.room import claims, hedge, routes
from sim.present.room.contrast import Compared, contrast
from sim.present.room.geography import HEIGHT, WIDTH, arrow, shapes, smooth
from sim.present.room.handout import claim, handout
from sim.present.room.happenings import listing
from sim.present.room.pages import page
from sim.present.room.pictures import PICTURES
from sim.present.room.slide import FORMATS, LINE, wrapped
from sim.scenario.names import ROUTES
from sim.texts.spoken import speaking

pytestmark = pytest.mark.usefixtures("short_rest")

DEEDS = "Practical cooperation at the end, 0 to 1"
LEAST = 28.0 / 1080.0
"""Share of the height of a slide that its smallest text has."""


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return dataset(months=24, worlds=40, name="trilateral_surge")


@pytest.fixture(scope="module")
def short() -> xr.Dataset:
    return dataset(months=9, worlds=40, seed=8, name="a_scenario_with_a_name_of_its_own")


def changed(ds: xr.Dataset, **arrays: np.ndarray | float) -> xr.Dataset:
    """A copy with other numbers in some variables."""
    return ds.assign(
        {name: (ds[name].dims, np.broadcast_to(values, ds[name].shape)) for name, values in arrays.items()}
    )


# ---- What they say --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holds", "worlds", "words"),
    [
        (100, 100, "in every world"),
        (95, 100, "in nearly all worlds"),
        (89, 100, "in most worlds"),
        (60, 100, "in more than half of the worlds"),
        (50, 100, "in about half of the worlds"),
        (40, 100, "in fewer than half of the worlds"),
        (12, 100, "in a minority of worlds"),
        (2, 100, "in a few worlds"),
        (0, 100, "in no world"),
        (3, 5, "in 3 of 5 worlds"),
        (0, 5, "in none of 5 worlds"),
        (5, 5, "in all 5 worlds"),
        (1, 1, "in the one world drawn"),
    ],
)
def test_words_for_shares_of_worlds(holds: int, worlds: int, words: str) -> None:
    assert hedge.in_worlds(np.arange(worlds) < holds) == words


def test_numbers_are_rounded_and_said_to_be_about() -> None:
    assert hedge.about_millions(9.567) == "about 9.6 million"
    assert hedge.about(234.0) == "about 230"
    assert hedge.about_millions(0.0) == "none"
    assert hedge.spread(np.full(50, 3.0)) == ""
    assert hedge.spread(np.array([1.0, 2.0, 4.0])) == " (1 to 4 over all 3 worlds)"
    assert hedge.spread(np.linspace(0.0, 100.0, 101)) == " (5 to 95 in nine of ten worlds)"


Lie = tuple[str, Callable[[xr.Dataset], xr.Dataset], str]
LIES: list[Lie] = [
    ("shells", lambda ds: changed(ds, shells_delivered=np.array(0.0)), "No North Korean shell reaches Russia"),
    (
        "shells",
        lambda ds: changed(ds, shells_delivered=np.arange(40) % 3 // 2 * 1000.0),
        "only in a minority of worlds",
    ),
    ("tiers", lambda ds: changed(ds, tier_released=np.array(0.0)), "passes on no tier of technology in any world"),
    ("tiers", lambda ds: changed(ds, tier_released=np.array(4.0)), "tier 4 (nuclear and ICBM re-entry) in every world"),
    ("deeds", lambda ds: changed(ds, practical=np.array(0.3)), "Practical cooperation hardly moves in every world"),
    ("hunger", lambda ds: changed(ds, shortage=np.array(0.0)), "In no world does North Korea lack"),
    ("suppliers", lambda ds: changed(ds, dependence=np.array(0.0)), "imports nothing"),
    ("routes", lambda ds: changed(ds, route_load=np.array(0.0)), "Nothing crosses"),
]


@pytest.mark.parametrize(("name", "lie", "words"), LIES)
def test_a_title_changes_when_the_data_contradict_it(ds: xr.Dataset, name: str, lie: Callable, words: str) -> None:
    assert words not in PICTURES[name].claim(ds).text
    assert words in PICTURES[name].claim(lie(ds)).text


def test_titles_rest_on_the_numbers_of_the_run(ds: xr.Dataset) -> None:
    """Each counted anew, from the variables alone."""
    end = ds["shells_delivered"].values[-1] / 1000.0
    assert f"about {hedge.rounded(float(np.median(end)))} million" in claims.shells(ds).text
    passed = (ds["tier_released"].values[-1] >= 1.0).mean()
    assert claims.tiers(ds).numbers["tier 1"] == pytest.approx(passed)
    lanes = ds.sel(country="PRK", partner=["RUS", "CHN", "USA", "KOR", "JPN"])["dependence"]
    year = lanes.isel(month=slice(-12, None)).mean("month")
    leader = str(year["partner"].values[np.argmax(year.median("world").values)])
    said = claims.suppliers(ds)
    assert said.text.startswith({"RUS": "Russia", "CHN": "China"}.get(leader, ""))
    assert said.numbers["share"] == pytest.approx(float((year.sel(partner=leader) == year.max("partner")).mean()))
    own = [name for name, ends in ROUTES.items() if "PRK" in ends]
    assert set(own) == set(routes.NAMES)
    both = ds["route_load"].sel(route=own).mean("month").sum("direction")
    assert routes.routes(ds).numbers["khasan"] == pytest.approx(float(both.sel(route="khasan").median("world")))


def test_a_lead_is_said_in_as_many_worlds_as_it_holds(ds: xr.Dataset) -> None:
    shares = np.zeros(ds["dependence"].shape)
    rus, prk, chn = (list(ds["country"].values).index(code) for code in ("RUS", "PRK", "CHN"))
    shares[:, prk, rus], shares[:, prk, chn] = 0.4, np.where(np.arange(40) < 30, 0.5, 0.3)
    said = claims.suppliers(changed(ds, dependence=shares))
    assert said.text.startswith("China is North Korea's main supplier in most worlds: about 50 %")
    assert said.numbers["share"] == 0.75


def test_runs_are_told_apart_world_by_world(ds: xr.Dataset) -> None:
    compared = PICTURES["shells"].compared
    more = changed(ds, shells_delivered=ds["shells_delivered"].values * 2.0)
    assert contrast(compared, [ds, more]).text.endswith("higher in B in every world")
    assert contrast(compared, [more, ds]).text.endswith("higher in A in every world")
    assert contrast(compared, [ds, ds]).text.endswith("the same in every world")
    mixed = changed(ds, shells_delivered=ds["shells_delivered"].values * np.where(np.arange(40) % 2, 2.0, 0.5))
    assert contrast(compared, [ds, mixed]).text.endswith("neither is clearly higher")
    other = more.assign_attrs(seed=1)
    assert "of all combinations of worlds" in contrast(compared, [ds, changed(other, shells_delivered=1e9)]).text


def test_a_difference_of_shares_must_stand_out_of_chance(ds: xr.Dataset) -> None:
    def hungry(worlds: int) -> xr.Dataset:
        return changed(ds, shortage=np.where(np.arange(40) < worlds, 10.0, 0.0), requirement=100.0)

    compared = PICTURES["hunger"].compared
    assert contrast(compared, [hungry(20), hungry(21)]).text.endswith("50 % in A and 52 % in B; no clear difference")
    assert contrast(compared, [hungry(4), hungry(20)]).text.endswith("clearly higher in B")
    few = [hungry(worlds).isel(world=slice(8)) for worlds in (3, 8)]
    assert "3 of 8 in A and 8 of 8 in B" in contrast(compared, few).text


def test_a_share_of_the_last_year_is_called_so(ds: xr.Dataset) -> None:
    compared = PICTURES["suppliers"].compared
    assert "imports over the last year" in contrast(compared, [ds, ds]).text
    short = ds.isel(month=slice(12))
    assert "imports over the run" in contrast(compared, [short, short]).text


# ---- How they look --------------------------------------------------------------------------------------------


def problems(runs: list[xr.Dataset], name: str, form: str = "room", language: str = "en") -> list[str]:
    figure = page(runs, name, form, language)
    small = [text.get_text() for text in figure.texts if text.get_fontsize() < FORMATS[form].text - 1e-9]
    return [*text_problems(figure), *small, *(["long"] if figure.texts[0].get_text().count("\n") > 1 else [])]


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_cut_overlaps_or_is_small(ds: xr.Dataset, name: str) -> None:
    assert not problems([ds], name)


@pytest.mark.parametrize(("name", "form"), [("shells", "print"), ("hunger", "room")])
def test_nor_where_all_numbers_are_missing(name: str, form: str) -> None:
    empty = dataset(months=1, worlds=5, fill=float("nan"))
    assert PICTURES[name].claim(empty).text.startswith("These results hold no numbers on")
    assert not problems([empty], name, form)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_of_one_month_the_page_names_it_once_and_nothing_moves(language: str) -> None:
    one = dataset(months=1, worlds=5)
    told = [text.get_text() for text in page([one], "deeds", language=language).texts]
    when = "September 2023" if language == "en" else "septembre\u00a02023"
    assert [text.count(when) for text in told if when in text] == [1], told
    assert not re.search(r"hardly moves| to 0|varie peu| à 0.* à 0", told[0]), told


@pytest.mark.parametrize("name", ["tiers", "routes"])
def test_nor_side_by_side(ds: xr.Dataset, short: xr.Dataset, name: str) -> None:
    assert not problems([ds, short, ds, short][: 3 if name == "tiers" else 4], name)


@pytest.mark.parametrize("name", ["tiers", "routes"])
def test_nor_four_with_long_titles_in_french(name: str) -> None:
    assert not problems([dataset(months=3, worlds=5, name="sea_route")] * 4, name, language="fr")


def test_four_maps_leave_their_titles_no_room_above(ds: xr.Dataset) -> None:
    """Titles stand beside the maps, which would shrink to a fifth of the page otherwise."""
    figure = page([ds] * 4, "routes")
    assert min(ax.get_position().height for ax in figure.axes[:4]) > 0.3


def test_runs_that_differ_in_worlds_or_months_say_so_each(ds: xr.Dataset, short: xr.Dataset) -> None:
    foot = " ".join(text.get_text() for text in page([ds, short], "shells").texts)
    assert f"A: {ds.sizes['world']} worlds to " in foot
    assert "B: 40 worlds to May 2024" in foot
    assert "A: 40 worlds to" not in " ".join(text.get_text() for text in page([short, short], "shells").texts)
    assert not [one for one in problems([ds, short, ds, short], "tiers", "print") if "A: " in one]


def test_what_does_not_fit_is_cut_and_not_left_out(ds: xr.Dataset) -> None:
    stored = json.loads(ds.attrs["scenario"])
    ruled = {"month": 0, "what": "refused", "by": [], "partners": [], "add": None, "duration": None}
    ruled |= {"why": "", "origin": "", "name": "", "act": "trilateral_exercise"}
    many = ds.assign_attrs(scenario=json.dumps(stored | {"events": [ruled] * 13}))
    told = listing(many, 20.0, 4 * LINE)
    assert told.replace("\n", " ").startswith("(1) Sep 2023: trilateral exercise forbidden; trilateral")
    assert told.endswith("…")
    assert told.count("\n") == 3
    with speaking("fr"):
        assert "interdit\N{NARROW NO-BREAK SPACE};" in listing(many, 20.0, 4 * LINE)


def test_the_last_event_takes_the_line_of_those_left_out(ds: xr.Dataset) -> None:
    """The longer French needs it: what is left out is only told where something is, and of the last event what fits."""
    stored = json.loads(ds.attrs["scenario"])
    ruled = {"what": "refused", "by": [], "partners": [], "add": None, "duration": None, "why": "", "origin": ""}
    events = [ruled | {"month": k, "name": "", "act": "trilateral_exercise"} for k in range(4)]
    many = ds.assign_attrs(scenario=json.dumps(stored | {"events": events}))
    with speaking("fr"):
        whole = listing(many, 16.0, 100 * LINE).split("\n")
        rows = len(whole)
        assert rows > 4  # the last has more than one line
        assert listing(many, 16.0, rows * LINE).split("\n") == whole
        assert listing(many, 16.0, (rows - 1) * LINE).split("\n") == [*whole[: rows - 2], f"{whole[rows - 2]}…"]
        assert listing(many, 16.0, (rows - 3) * LINE).split("\n") == [*whole[: rows - 4], "et 2 de plus"]


def test_runs_side_by_side_share_their_axes(ds: xr.Dataset, short: xr.Dataset) -> None:
    first, second = page([ds, short], "shells").axes[:2]
    assert (first.get_xlim(), first.get_ylim()) == (second.get_xlim(), second.get_ylim())


def test_a_slide_has_1920_by_1080_dots_and_text_of_28() -> None:
    room = FORMATS["room"]
    assert (room.size[0] * room.dpi, room.size[1] * room.dpi) == (1920.0, 1080.0)
    assert room.text / 72.0 / room.size[1] >= LEAST
    assert wrapped("x" * 400, 10.0).endswith("…")


def test_the_width_of_an_arrow_is_its_cargo() -> None:
    course = np.linspace([0.0, 0.0], [0.0, 4.0], 40)
    for width in (0.2, 0.5):
        outline = arrow(course, width, 0.0)
        assert np.ptp(outline[outline[:, 1] < 2.0, 0]) == pytest.approx(width)
    assert routes.breadth(40.0, 80.0) == pytest.approx(2.0 * routes.breadth(20.0, 80.0))


def test_every_route_of_north_korea_has_a_course_within_the_frame() -> None:
    courses = {shape.name: smooth(shape.points) for shape in shapes("route")}
    assert set(courses) == set(routes.NAMES)
    for course in courses.values():
        assert any(0.0 < x < WIDTH and 0.0 < y < HEIGHT for x, y in course)


def test_a_set_of_pictures_is_written_whole_and_alike(ds: xr.Dataset, tmp_path: Path) -> None:
    written = []
    for folder in (tmp_path / "first", tmp_path / "second"):
        publish(*_set_of(ds, folder))
        written.append({path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert set(written[0]) == {"manifest.json", "slides.md", "slides.pdf", "tiers.png", "tiers.svg"}
    assert written[0] == written[1]
    assert claim([ds], "tiers").text in written[0]["slides.md"].decode()


def _set_of(ds: xr.Dataset, folder: Path) -> tuple:
    made, files, figures = handout([ds], ["tiers"], "room")
    return made, folder, files, figures


def _told(*runs: object, counted: bool = False) -> str:
    """Return the title of runs whose number is one of these in each of 30 worlds."""
    axes = {"world": np.arange(30), "month": [0]}
    made = [xr.Dataset({"x": ("world", np.resize(run, 30))}, axes, {"seed": 1}) for run in runs]
    return contrast(Compared("deeds", lambda ds: ds["x"].values, counted=counted), made).text


def test_a_verdict_and_the_medians_beside_it_are_no_contradiction() -> None:
    """Digits may hide a lead; and where most worlds go against the medians, the title says so itself."""
    close = f"{DEEDS}: about 0.44 in A and B; higher in B in every world, by less than these digits show"
    assert _told(0.4401, 0.4432) == close
    against = f"{DEEDS}: about 0.5 in A and 0.4 in B; yet, world by world, higher in B in most worlds"
    assert _told([0.1, 0.2, 0.5, 0.6, 0.7], [0.15, 0.25, 0.4, 0.65, 0.75]) == against
    tiers = _told([1, 2, 2], [2, 2, 3], counted=True)
    assert tiers == f"{DEEDS}: 2 in A and B; yet, world by world, higher in B in most worlds"


def test_the_share_of_food_stands_in_the_title_and_a_number_keeps_its_sign(ds: xr.Dataset) -> None:
    assert PICTURES["hunger"].compared.words([ds]).endswith("5 % or more of its food in some month"), "drawn by month"
    lines = wrapped("aaaa 5 % or more and 60 % of it " * 4, 12.0).split("\n")
    assert not any(line.startswith("%") for line in lines)


def test_what_was_changed_stands_below_the_title() -> None:
    changed = "routes.khasan.capacity=15"
    ds = sim.run(sim.load(f"article+{changed}", worlds=8, months=4))
    texts = [text.get_text() for text in page([ds], "shells").texts]
    assert any(text.endswith(f"with {changed}") for text in texts)


def test_a_key_too_long_for_a_line_goes_on_in_the_next_and_keeps_its_value() -> None:
    lines = wrapped("with routes.khasan.capacity=15.5", 9.0).split("\n")
    assert "".join(lines).replace("with", "") == "routes.khasan.capacity=15.5"
    assert wrapped("unbreakablyverylong", 4.0).endswith("…")


def test_the_foot_of_runs_side_by_side_tells_what_was_changed() -> None:
    runs = [sim.run(sim.load(f"article{end}", worlds=8, months=4)) for end in ("", "+routes.khasan.capacity=15")]
    texts = [text.get_text() for text in page([*runs, *runs], "shells").texts]
    assert any(text.count("=15 ") == 2 for text in texts)
