"""The engine of the page, in a real browser: the same digests as `sim.run`."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from browser import browser

import sim
from sim.compile.month import Month, Part, arrays_of
from sim.experiment.chance import BEFORE, draw_all
from sim.experiment.design import sample
from sim.experiment.happenings import happenings
from sim.experiment.rest import SPIN_UP, come_to_rest
from sim.experiment.run import run
from sim.model.block import GROUP
from sim.model.record import nothing
from sim.model.world import World
from sim.page import module as module_of
from sim.page import payload as payload_of
from sim.page.before import unread_before
from sim.page.module import made_for
from sim.page.payload import PageError, payload
from sim.results.digest import HEADLINE, digest
from sim.scenario.options import OPTIONS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import Scenario, Setting
from sim.scenario.values import Parameters

ENGINE = Path(payload_of.__file__).with_name("assets") / "engine.js"
WORLDS, MONTHS = 16, 5
EVENTS = """
title = "All kinds of events"
question = "Does a page do them?"
extends = "article"

[[events]]
name = "thaw"
month = { low = "2023-10", high = "2024-01" }
probability = 0.6
key = "sanctions.pressure"
factor = { low = 0.2, high = 0.7, distribution = "uniform" }
over = 3
why = "by chance, by steps"

[[events]]
month = "2023-11"
key = "war.intensity"
value = 0.4
duration = 2
why = "and back"

[[events]]
month = "2023-10"
shock = "prk.ammunition.stock"
factor = 0.5
every = 3
why = "a depot burns"

[[events]]
name = "scandal"
month = "2023-12"
probability = 0.5
shock = "rus_prk.trust"
add = { low = -0.3, high = -0.1, distribution = "uniform" }
why = "by chance"

[[events]]
month = "2023-12"
act = "summit"
actors = ["RUS", "PRK"]
why = "prescribed"

[[events]]
name = "cooler Beijing"
month = "2023-10"
willing = "visit"
by = "CHN"
add = { low = -1.0, high = -0.2, distribution = "uniform" }
over = 3
why = "by steps, and by how much is drawn"

[[events]]
month = "2023-11"
refused = "missile_test"
duration = 2
why = "a pause"

[[events]]
asked = "visit"
by = "PRK"
why = "but some are refused"

[[events]]
name = "alarm"
when = "kor.threat > 0.2 and not (usa_kor.trust < 0.1 or prk.food.stock < 0)"
probability = 0.7
delay = 1
key = "acts.precision"
factor = 0.5
why = "where it is afraid"
"""
TARGETS = ("prk.ammunition.stock", "rus_prk.trust")
"""Of its shocks: programs are made once for the same ones."""
RULINGS = """
title = "A log"
question = "Does a page keep it?"
extends = "article"

[[events]]
month = "2023-10"
asked = "summit"
by = "PRK"
with = "CHN"
duration = 1
why = "asked"

[[events]]
month = "2023-12"
refused = "missile_test"
by = "PRK"
duration = 1
why = "refused"
"""
RUN = """
async ([code, wasm, data, head, asked]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const {load} = await import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})));
  const engine = await load(bytes(wasm), bytes(data), JSON.parse(head));
  const found = [];
  for (const one of asked) {
    const {series, failed} = engine.run({...one, names: engine.head.headline});
    found.push({digest: await engine.digest(series), failed});
  }
  const half = engine.run({...asked[0], first: 8, last: 16, names: ["terms"]}).series.terms;
  const one = engine.world({...asked[0], world: 9});
  const {shape, values} = half, count = shape.at(-1);
  const same = one.terms.every((value, k) => Math.fround(value) === values[k * count + 1]);
  return {found, shape, same};
}
"""


MOVES: list[dict[str, Any]] = [
    {"scenario": "article", "settings": {"routes.khasan.capacity": 100.0}},
    {"scenario": "article", "settings": {"PRK.food.harvest": 1.5}},
    {"scenario": "article", "settings": {"PRK.food.harvest": 1.5, "routes.khasan.capacity": 15.0}},
]
"""The first and the last begin with a state that the page has kept, the second with one of its own."""


def _settings(values: dict[str, float]) -> dict[str, Setting]:
    return {key: Setting(value, None, None, "fixed", "test") for key, value in values.items()}


def option(act: str, actor: str, *partners: str) -> int:
    return next(k for k, o in enumerate(OPTIONS) if (o.act, o.actor, *o.partners) == (act, actor, *partners))


def test_a_browser_computes_what_a_run_computes(tmp_path: Path) -> None:
    """Of events of all kinds, settings and rulings, to the last bit; a part of the worlds, and one, are as in all."""
    article = sim.load("article", worlds=WORLDS, months=MONTHS)
    made_of = {"eventful": EVENTS, "log": RULINGS}
    for name, text in made_of.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    eventful, log = (sim.load(tmp_path / f"{name}.toml", worlds=WORLDS, months=MONTHS) for name in made_of)
    made = payload([article, eventful], worlds=WORLDS)
    setting = Setting(0.9, None, None, "fixed", "test")
    changed = article.with_settings({"sanctions.pressure": setting, "routes.rajin.open": replace(setting, value=0.0)})
    offs = [1, 4], [[e.name for e in eventful.events].index("alarm")]
    without, calm = (
        replace(eventful, events=tuple(e for k, e in enumerate(eventful.events) if k not in off)) for off in offs
    )
    rulings = [
        {"month": 1, "option": option("summit", "PRK", "CHN"), "what": "asked"},
        {"month": 3, "option": option("missile_test", "PRK"), "what": "refused"},
    ]
    asked: list[tuple[dict[str, Any], Scenario]] = [
        ({"scenario": "article"}, article),
        ({"scenario": 0, "settings": {"sanctions.pressure": 0.9, "routes.rajin.open": 0}}, changed),
        ({"scenario": "eventful"}, eventful),
        ({"scenario": "eventful", "off": offs[0]}, without),
        ({"scenario": "eventful", "off": offs[1]}, calm),
        ({"scenario": "article", "rulings": rulings}, log),
        *((one, article.with_settings(_settings(one["settings"]))) for one in MOVES),
    ]
    with browser() as chromium:
        page = chromium.new_page()
        text = [base64.b64encode(one).decode() for one in (made.wasm, made.data)]
        code = ENGINE.read_text(encoding="utf-8")
        found = page.evaluate(RUN, [code, *text, json.dumps(made.head), [one for one, _ in asked]])
    digests = [digest(run(spec, variables=HEADLINE)) for _, spec in asked]
    assert found["found"] == [{"digest": one, "failed": []} for one in digests]
    assert len(set(digests)) == len(digests), "no two are alike"
    assert found["same"]
    assert found["shape"][0] == MONTHS
    assert found["shape"][-1] == 8


def test_a_module_is_made_once_and_then_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged file is made anew; where nothing can be kept it is made each time; other shocks have their own."""
    parts = [Part("x", (2,), 0)]
    layout = Month(parameters=[("now", "a.key")], inputs=[], state=[], recorded=parts, sizes={"given": 1})
    short = SimpleNamespace(operations={"month": []}, module=lambda: (b"wasm\ncode", layout))
    made: list[tuple[str, ...]] = []
    monkeypatch.setattr(module_of, "made_for", lambda of: made.append(of) or SimpleNamespace(short=lambda: short))
    monkeypatch.setattr(module_of, "unread_before", lambda _, routes: [f"unread with {routes}"])
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path / "mine"))

    def found(*targets: str) -> module_of.Module:
        return module_of.module.__wrapped__(targets, (("rajin",), ()))

    first = found()
    assert found() == first
    assert first.unread == {("rajin",): ["unread with ['routes.rajin.open']"], (): ["unread with []"]}
    assert (first.wasm, first.layout, first.sets) == (b"wasm\ncode", layout, {"month": []})
    assert made == [()]
    (kept,) = (tmp_path / "mine").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert found() == first
    assert made == [(), ()]
    found("war")
    assert made == [(), (), ("war",)]
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path / "file"))
    assert [found(), found()] == [first, first]
    assert len(made) == 5


def test_what_the_months_before_the_first_do_not_read_does_not_matter_to_them() -> None:
    """Worlds with the same chance, each with one such parameter at an end of its range, are in the same state."""
    article = sim.load("article", worlds=8)
    unread = module_of.module(TARGETS, (article.shut_before,)).unread[article.shut_before]
    assert {"routes.khasan.capacity", "routes.rajin.open"} <= set(unread)
    assert not {"PRK.food.harvest", "sanctions.pressure", "routes.dandong.capacity"} & set(unread)
    assert "routes.khasan.capacity" not in unread_before(made_for(TARGETS), ())
    ends = [(key, end) for key in unread for end in (PARAMETERS[key].min, PARAMETERS[key].max) if np.isfinite(end)]
    count = -(-(len(ends) + 1) // GROUP) * GROUP
    values = {key: np.repeat(one[:1], count) for key, one in sample(article, 0, GROUP).items()}
    for place, (key, end) in enumerate(ends, 1):
        values[key][place] = end
    same = np.zeros(count, dtype=int)
    draws = draw_all(article.seed, SPIN_UP, 0, count, chance=same, streams=BEFORE)
    world = World(article, Parameters(values, happenings(article, 0, count)), draws, nothing)
    come_to_rest(world, draws)
    for name, array in arrays_of(world.state):
        differ = (
            np.flatnonzero((array != array[..., :1]).reshape(-1, array.shape[-1]).any(axis=0))
            if array.shape[-1] == count
            else []
        )
        assert not len(differ), (name, [ends[place - 1] for place in differ])
    world.close()


def test_another_number_of_worlds_is_refused() -> None:
    with pytest.raises(PageError, match="multiple of 8, found 12"):
        payload([], worlds=12)
