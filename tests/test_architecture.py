"""The shape of the code: who may import whom, who never loads what, the order of a month, memory.

scenario file -> Scenario -> World (Mesa model, Country agents) -> Results -> measures -> plots, tables, screen
"""

import ast
import gc
import re
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest
from command_line import python, well
from small_worlds import SEA, from_month, scenario, world_of

import sim
from sim.compile import engine
from sim.experiment import run as running
from sim.model.block import Block
from sim.model.country import Country
from sim.model.state import State
from sim.model.world import World

ROOT = Path(sim.__file__).parent
STANDS_ON = {
    "arrays": set(),
    "elementary": {"arrays"},
    "signals": set(),
    "left_out": set(),
    "texts": set(),
    "files": set(),
    "limits": set(),
    "plain": set(),
    "scenario": {"arrays", "files", "plain", "texts"},
    "results": {"files", "arrays", "scenario"},
    "model": {"arrays", "elementary", "scenario"},
    "compile": {"files", "limits", "arrays", "elementary", "model", "scenario"},
    "experiment": {
        "files",
        "limits",
        "left_out",
        "arrays",
        "signals",
        "elementary",
        "compile",
        "model",
        "scenario",
        "results",
    },
    "analysis": {"files", "arrays", "results", "scenario", "texts"},
    "present": {"files", "arrays", "plain", "analysis", "results", "scenario", "texts"},
    "page": {"arrays", "texts", "compile", "model", "experiment", "results", "analysis", "present", "scenario"},
    "commands": {
        "files",
        "limits",
        "plain",
        "signals",
        "texts",
        "page",
        "lessons",
        "model",
        "experiment",
        "results",
        "analysis",
        "present",
        "scenario",
    },
    "studies": {
        *(
            "files",
            "arrays",
            "plain",
            "signals",
            "texts",
            "experiment",
            "results",
            "analysis",
            "present",
            "commands",
            "scenario",
        ),
    },
    "reports": {
        "texts",
        "files",
        "plain",
        "signals",
        "results",
        "analysis",
        "present",
        "commands",
        "studies",
        "scenario",
    },
    "lessons": {"texts", "present", "scenario"},
}
"""What each part may import besides itself. The front of the package may import everything."""
FRONT = {"attributing", "api", "cli", "frames", "ema", "start", "__main__", "__init__"}
ROLES = {"command", "design"}
"""Files of a study that may run worlds; all others only read results."""
KIT = {"command", "options", "objectives", "axes"}
"""Files of a study that may use the kit of the commands: they deal with what a user typed."""
NEVER = {
    "arrays": {"mesa", "xarray", "pandas", "matplotlib", "typer", "rich", "scipy"},
    "elementary": {"mesa", "xarray", "pandas", "matplotlib", "typer", "rich", "scipy"},
    "scenario": {"mesa", "xarray", "pandas", "matplotlib", "typer", "rich"},
    "model": {"scipy", "xarray", "pandas", "matplotlib", "typer", "rich", "netCDF4"},
    "compile": {"scipy", "xarray", "pandas", "matplotlib", "typer", "rich", "netCDF4"},
    "experiment": {"scipy", "matplotlib", "typer", "rich"},
    "results": {"mesa", "matplotlib"},
    "analysis": {"mesa", "matplotlib"},
    "present": {"mesa"},
    "texts": {"numpy", "mesa", "xarray", "pandas", "matplotlib", "typer", "rich", "scipy"},
    "page": {"matplotlib", "typer", "rich"},
    "files": {"numpy", "mesa", "xarray", "pandas", "matplotlib", "typer", "rich", "scipy"},
    "limits": {"numpy", "mesa", "xarray", "pandas", "matplotlib", "typer", "rich", "scipy"},
    "plain": {"numpy", "mesa", "xarray", "pandas", "matplotlib", "typer", "rich", "scipy"},
    "left_out": {"numpy", "mesa", "xarray", "pandas", "matplotlib", "typer", "rich", "scipy"},
    "signals": {"numpy", "mesa", "xarray", "pandas", "matplotlib", "typer", "rich", "scipy"},
    "commands": {"mesa"},
    "studies": {"mesa"},
    "reports": {"mesa"},
    "lessons": {"mesa", "numpy", "xarray", "pandas", "matplotlib", "scipy"},
}
"""Libraries that a part never imports: the model draws nothing, the reading wing steps nothing."""
LINES, OF_A_FUNCTION, OF_THE_MODEL, BY_POSITION = 300, 59, 3_489, 9
"""At most so many lines of a file, of a function, of `sim/model` in all, and arguments that are handed by position."""


def modules() -> dict[str, Path]:
    """Dotted name -> file, for every module of the package."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()
TEXTS = {module: path.read_text(encoding="utf-8") for module, path in MODULES.items()}


@cache
def tree(module: str) -> list[ast.AST]:
    """Everything that stands in a module."""
    return list(ast.walk(ast.parse(TEXTS[module])))


def part_of(module: str) -> str:
    """The folder of a module under sim/, or the file itself where it stands alone."""
    names = module.split(".")
    return names[1] if len(names) > 1 else "__init__"


def imports(module: str) -> Iterator[str]:
    """Dotted names that a module imports anywhere in it, inside functions and for type checkers too."""
    for node in tree(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are written in full"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else str(node.module)


# ---- Who imports whom -----------------------------------------------------------------------------------------


def test_every_part_is_in_the_table() -> None:
    assert {part_of(module) for module in MODULES} <= STANDS_ON.keys() | FRONT


@pytest.mark.parametrize("part", STANDS_ON)
def test_parts_import_only_what_they_stand_on(part: str) -> None:
    wrong = {}
    for module in (m for m in MODULES if part_of(m) == part):
        ours = {part_of(name) for name in imports(module) if name.split(".")[0] == "sim"}
        libraries = {name.split(".")[0] for name in imports(module)}
        wrong[module] = (ours - {part} - STANDS_ON[part]) | (libraries & NEVER[part])
    assert wrong
    assert not {module: found for module, found in wrong.items() if found}


@pytest.mark.parametrize("module", [m for m in MODULES if part_of(m) == "studies" and m.count(".") == 3])
def test_only_some_files_of_a_study_run_worlds_or_talk_to_the_user(module: str) -> None:
    study, role = module.split(".")[2:]
    ours = set(imports(module))
    assert role in ROLES or not {name for name in ours if part_of(name) == "experiment"}
    assert role in KIT or not {name for name in ours if part_of(name) == "commands"}
    others = {name.split(".")[2] for name in ours if part_of(name) == "studies" and name.count(".") > 1} - {study}
    assert not others, "no study needs another"


def test_the_table_has_no_way_back() -> None:
    assert len(list(TopologicalSorter(STANDS_ON).static_order())) == len(STANDS_ON)


def test_no_import_cycles() -> None:
    """Between modules, imports inside functions and for type checkers included."""
    graph = {m: {name for name in imports(m) if name in MODULES and name != m} for m in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


ROUNDED_BY_LIBRARIES = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "tanh", "sinh", "cosh", "sin", "cos", "tan", "arctan",
    "power", "float_power", "cbrt", "hypot", "logaddexp", "dot", "matmul", "einsum", "vdot", "inner", "tensordot",
}  # fmt: skip
"""Functions of NumPy whose last digits differ between processors or versions; what is allowed is in sim.elementary."""


def rounded_by_libraries(tree: ast.AST) -> set[str]:
    """Those that a file uses, powers and matrix products by operators among them; squares are exact everywhere."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("np", "numpy", "math", "np.linalg"):
            found |= {node.attr} & ROUNDED_BY_LIBRARIES
        if isinstance(node, ast.ImportFrom) and node.module in ("numpy", "math"):
            found |= {alias.name for alias in node.names} & ROUNDED_BY_LIBRARIES
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.MatMult):
            both = [ast.unparse(side).lstrip("-").replace(".", "", 1) for side in (node.left, node.right)]
            found |= set() if both[1] == "2" or all(side.isdigit() for side in both) else {ast.unparse(node)}
    return found


@pytest.mark.parametrize("module", [m for m in MODULES if part_of(m) in ("model", "experiment", "elementary")])
def test_on_the_way_from_seed_to_result_no_library_rounds(module: str) -> None:
    assert rounded_by_libraries(ast.parse(TEXTS[module])) == set()


@pytest.mark.parametrize("text", ["np.exp(x)", "from numpy import log1p", "x**y", "x**0.5", "a @ b", "math.log(x)"])
def test_what_libraries_round_is_found(text: str) -> None:
    """The control."""
    assert rounded_by_libraries(ast.parse(text))


def test_the_search_for_imports_finds_them() -> None:
    """The control: known imports, one of them inside a function, one for type checkers only."""
    assert "mesa" in set(imports("sim.model.world"))
    assert "sim.experiment.run" in set(imports("sim"))
    assert "sim.scenario.load" in set(imports("sim"))


def loaded_by(*modules: str) -> list[set[str]]:
    """Libraries and parts of `sim` in memory after a fresh Python has imported each of `modules` in turn."""
    parts = "{'.'.join(name.split('.')[: 1 + name.startswith('sim.')]) for name in sys.modules}"
    code = "import sys\n" + "".join(f"import {module}\nprint(*{parts})\n" for module in modules)
    return [set(line.split()) for line in well(python(ROOT.parent, "-c", code)).out.splitlines()]


@pytest.mark.parametrize(
    "imports",
    [
        {
            "sim.cli": ({"typer"}, {"mesa", "matplotlib", "xarray", "scipy"}),
            "sim.experiment.run": ({"xarray"}, {"mesa", "matplotlib"}),
            "sim.commands.run": ({"xarray"}, {"mesa", "matplotlib"}),
            "sim.present.figures": ({"xarray", "matplotlib"}, {"mesa"}),
        },
        {"sim.model.world": ({"mesa"}, {"matplotlib", "xarray", "llvmlite", "sim.compile"})},
    ],
    ids=["commands", "model"],
)
def test_what_is_not_needed_is_not_loaded(imports: dict[str, tuple[set[str], set[str]]]) -> None:
    """Drawing steps nothing, the model draws nothing, a run without figures neither; `sim --help` answers at once.

    In one process, one after the other: none loads what it or a later one must not.
    """
    for found, (module, (loads, never)) in zip(loaded_by(*imports), imports.items(), strict=True):
        assert found & (loads | never) == loads, module


# ---- Size -----------------------------------------------------------------------------------------------------


def lines(module: str) -> int:
    return len(TEXTS[module].splitlines())


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the package, with its name."""
    for module in MODULES:
        for node in tree(module):
            if isinstance(node, ast.FunctionDef):
                yield f"{module}.{node.name}", node


def by_position(function: ast.FunctionDef) -> int:
    """How many arguments may be handed by position, the object itself aside."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def test_files_and_functions_fit_in_the_head() -> None:
    assert {module: lines(module) for module in MODULES if lines(module) > LINES} == {}
    length = {name: one.end_lineno - one.lineno + 1 for name, one in functions() if one.end_lineno}
    assert {name: n for name, n in length.items() if n > OF_A_FUNCTION} == {}
    assert {name: by_position(one) for name, one in functions() if by_position(one) > BY_POSITION} == {}


def defined(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names of functions, classes and variables."""
    for one in nodes:
        if isinstance(one, (ast.FunctionDef, ast.ClassDef)):
            yield one.name
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id


def unused(names: set[str]) -> set[str]:
    """Those that stand in one place of the package and of what uses it, where they are defined."""
    folders = (ROOT, *(ROOT.parent / one for one in ("tests", "docs", "benchmarks", "examples")))
    files = [file for one in folders for kind in ("py", "md", "toml", "js", "ipynb") for file in one.rglob(f"*.{kind}")]
    found = Counter(word for file in files for word in re.findall(r"\w+", file.read_text(encoding="utf-8")))
    return {name for name in names if found[name] == 1}


def test_every_name_is_used() -> None:
    """Or asked for by Python and other libraries: emit, evaluate_experiments, finalize, initialize, writable."""
    names = {name for module in MODULES for name in defined(tree(module)) if not name.startswith("__")}
    assert unused(names) == set()
    assert len(unused({"a_name_of_this_line_alone"})) == 1


def test_the_model_stays_small() -> None:
    model = sum(lines(module) for module in MODULES if part_of(module) == "model")
    assert model <= OF_THE_MODEL, "the model has its size: what is added makes room by what nobody feels or says twice"


def test_long_functions_and_many_arguments_would_be_noticed() -> None:
    """The control."""
    tall = ast.parse("def f(self, a, b, /, c, *, d):" + "\n    pass" * 60).body[0]
    assert isinstance(tall, ast.FunctionDef)
    assert (by_position(tall), tall.end_lineno) == (3, 61)


# ---- The month ------------------------------------------------------------------------------------------------

STEPS = ("drive", "produce_and_consume", "appraise", "act", "bargain", "ship", "settle", "record")


def test_a_month_has_eight_steps_in_the_order_of_the_description(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def logged(name: str) -> object:
        original = getattr(World, name)

        def step(self: World) -> None:
            called.append(name)
            original(self)

        return step

    description = (ROOT.parent / "docs" / "model.md").read_text(encoding="utf-8")
    described = re.findall(r"^(\d)\. \*\*(.+?)\*\*", description, flags=re.MULTILINE)
    in_code = [re.match(r"(\d) ([a-z ]+)[:.]", str(getattr(World, name).__doc__)) for name in STEPS]
    assert [match.groups() if match else None for match in in_code] == described
    assert len(described) == 8

    for name in STEPS:
        monkeypatch.setattr(World, name, logged(name))
    world = world_of(scenario(months=2, worlds=8))
    for _ in range(2):
        world.step()
    world.close()
    assert tuple(called) == STEPS * 2


# ---- An agent lives in all worlds at once ---------------------------------------------------------------------


@pytest.fixture
def stepped() -> Iterator[World]:
    """A world after some months with an event in them."""
    spec = scenario(SEA, months=6, worlds=8, events=(from_month(3, "PRK.food.harvest", 0.5),))
    world = world_of(spec)
    for _ in range(5):
        world.step()
    yield world
    world.close()


def test_countries_look_into_the_arrays_of_the_state(stepped: World) -> None:
    """Every array of a country is a view of its row of the state's array of that name, after months as at the start."""
    assert [country.code for country in stepped.countries] == ["RUS", "PRK", "USA", "KOR", "JPN", "CHN"]
    for country in stepped.countries:
        assert isinstance(country, Country)
        views = {name: value for name, value in vars(country).items() if isinstance(value, np.ndarray)}
        assert {"stock", "production", "cover", "value"} <= views.keys()
        for name, view in views.items():
            row = getattr(stepped.state, name)[country.number]
            assert view.shape == row.shape, name
            assert np.shares_memory(view, row), f"{country.code}.{name} has come loose"


def test_a_copy_would_be_noticed(stepped: World) -> None:
    """The control: the same numbers in other memory are not a view."""
    stepped.state.stock = stepped.state.stock.copy()
    assert not np.shares_memory(stepped.countries[0].stock, stepped.state.stock[0])


def test_every_array_of_the_state_has_the_shape_and_kind_that_are_declared(stepped: World) -> None:
    """After months as at the start, and with the axes that the text under it names; the worlds are the last."""
    body = next(node.body for node in tree("sim.model.state") if isinstance(node, ast.ClassDef))
    texts = [ast.literal_eval(node.value) for node in body if isinstance(node, ast.Expr)]
    hints = get_type_hints(State, include_extras=True)
    for (name, hint), text in zip(hints.items(), texts[1:], strict=True):
        shape, *kind = hint.__metadata__
        array = getattr(stepped.state, name)
        assert array.shape == (*shape, stepped.parameters.worlds), name
        assert array.dtype == (*kind, float)[0], name
        axes = re.match(r"\(([a-z, ]+)\)", text)
        assert axes, name
        assert axes[1].split(", ")[-1] == "worlds", name
        assert len(axes[1].split(", ")) == array.ndim, name


def test_no_step_can_leave_an_array_that_is_not_declared(stepped: World) -> None:
    with pytest.raises(AttributeError):
        stepped.state.hidden = np.zeros(8)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("short_rest")
@pytest.mark.skipif(not engine.possible(), reason="machine code is not possible here")
def test_no_world_stays_in_memory_where_a_compiled_month_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy does it again in a world of its own, which names the operation that failed."""
    by_machine = partial(engine.driven, at_once=True)
    running.run(scenario(months=1, worlds=8), engine=by_machine)  # the code is there before a month fails
    alive: list[weakref.ref[World]] = []

    def fail(world: World) -> None:
        alive.append(weakref.ref(world))
        raise FloatingPointError("divide by zero")

    def leave(self: engine.CompiledMonth, block: Block) -> None:
        self._take_in(block)
        self._leave_to_numpy(block)

    monkeypatch.setattr(World, "settle", fail)
    monkeypatch.setattr(engine.CompiledMonth, "__call__", leave)
    with pytest.raises(FloatingPointError):
        running.run(scenario(months=1, worlds=8), engine=by_machine)
    gc.collect()
    assert len(alive) == 1
    assert alive[0]() is None


@pytest.mark.usefixtures("short_rest")
def test_no_world_stays_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of many blocks keeps none of them (Mesa 3.3 by itself keeps every model alive)."""
    alive: list[weakref.ref[World]] = []

    class Remembered(World):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            alive.append(weakref.ref(self))

    monkeypatch.setattr("sim.model.world.World", Remembered)
    monkeypatch.setattr(running, "BATCH", 8)
    monkeypatch.setenv("SIM_COMPILED", "0")
    running.run(scenario(months=2, worlds=40))
    gc.collect()
    assert len(alive) == 10, "five blocks and their twins"
    assert not any(reference() for reference in alive)
