"""Full disks, folders of other users, users without a home: a plain message, and nothing half written."""

import ast
import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, Command

from sim.compile import cache
from sim.files import told
from sim.present.atomic import OutputError, check_own
from sim.present.sealed import put

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full(*_given: object, **_more: object) -> int:
    raise FULL


def test_errors_of_the_system_are_told_with_their_path_and_without_their_number() -> None:
    assert told(FULL, "a.html") == "a.html: cannot be read or written: no space left on device"
    assert told(PermissionError(errno.EACCES, "Permission denied", "b"), "a").startswith("b: cannot be read or written")
    assert told(OutputError("a: is a file")) == "a: is a file"
    assert told(OSError(errno.EINVAL, "is no regular file", "a")) == "a: is no regular file"


def test_a_full_disk_stops_a_page_with_its_path(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.commands.page._content", lambda *_given: "<p>")
    monkeypatch.setattr(Path, "write_bytes", full)
    said = command("page", "article", "--worlds", "8", "--out", "p.html")
    assert (said.code, said.err) == (2, "p.html: cannot be read or written: no space left on device\n")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_no_file_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        put(b"x", tmp_path / "p.html")
    with pytest.raises(OSError, match="No space"):
        cache._replace(tmp_path / "month-1", b"x")
    assert not list(tmp_path.iterdir())


def test_what_may_not_be_removed_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "figures").mkdir()
    check_own("run", tmp_path)
    really = os.access  # a superuser may write anywhere, so modes of folders would not show it
    shut = tmp_path / "figures"
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != shut and really(path, mode))
    with pytest.raises(OutputError, match="run: no permission to write in it"):
        check_own("run", tmp_path)


def test_a_user_without_a_home_keeps_no_machine_code(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SIM_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(OSError, match=r"null|nul"):
        cache._replace(cache.cache_folder() / "month-1", b"x")


# ---- Systems without what POSIX has -----------------------------------------------------------------------------

MODULES = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "posix", "syslog")
NAMES = {
    "os": "fork killpg getpgrp setsid getuid geteuid getgid sched_getaffinity O_NONBLOCK O_NOFOLLOW chown mkfifo "
    "statvfs uname nice wait WNOHANG getloadavg sysconf pread",
    "signal": "SIGKILL SIGHUP SIGCONT SIGSTOP SIGUSR1 SIGUSR2 SIGALRM SIGPIPE SIGCHLD alarm setitimer pthread_kill",
    "time": "tzset",
}
GUARDS = ("hasattr(", "ImportError", "AttributeError", "os.name", "sys.platform")
TEXTS = ("write_text(", "open(", "NamedTemporaryFile(")


def trees(words: Sequence[str]) -> Iterator[tuple[str, ast.Module]]:
    """The modules in which any of these words stands, by path."""
    for path in sorted((ROOT / "sim").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if any(word in text for word in words):
            yield path.relative_to(ROOT).as_posix(), ast.parse(text)


def needs_posix(node: ast.AST) -> bool:
    """Whether a line uses what Windows lacks."""
    if isinstance(node, ast.Import):
        return any(one.name in MODULES for one in node.names)
    if isinstance(node, ast.ImportFrom):
        return node.module in MODULES
    is_named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return is_named and node.attr in NAMES.get(node.value.id, "").split()  # type: ignore[attr-defined]


def unguarded(tree: ast.Module) -> Iterator[int]:
    """The lines that use what Windows lacks outside a function that asks for it first."""
    needy = [node for node in ast.walk(tree) if needs_posix(node)]
    inside: set[ast.AST] = set()
    for one in ast.walk(tree) if needy else ():
        if isinstance(one, ast.FunctionDef) and not inside.issuperset(needy):
            mine = set(ast.walk(one)).intersection(needy)
            inside |= mine if mine and any(guard in ast.unparse(one) for guard in GUARDS) else set()
    yield from (node.lineno for node in needy if node not in inside)  # type: ignore[attr-defined]


def test_what_windows_lacks_is_asked_for_first() -> None:
    words = [*(f"import {name}" for name in MODULES), *(f"{name}." for name in NAMES if name != "os"), "os.O_"]
    words += [f"os.{name}" for name in NAMES["os"].split()]
    assert {name: lines for name, tree in trees(words) if (lines := list(unguarded(tree)))} == {}
    assert list(unguarded(ast.parse("import os, fcntl\nos.fork()\ndef f():\n    signal.SIGKILL"))) == [1, 2, 4]


def as_the_system_likes(node: ast.AST) -> bool:
    """Whether a call writes a text whose encoding or line ends are those of the system."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
        return False
    name: Any = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    writes = name == "write_text" or any(set(mode) <= set("wxat+") and mode for mode in modes)
    given = {one.arg for one in node.keywords}
    return (
        f"{name}(" in TEXTS and writes and not {"encoding", "newline"} <= given and "devnull" not in ast.unparse(node)
    )


def test_texts_are_written_alike_everywhere() -> None:
    found = {name: [one.lineno for one in ast.walk(tree) if as_the_system_likes(one)] for name, tree in trees(TEXTS)}  # type: ignore[attr-defined]
    assert {name: lines for name, lines in found.items() if lines} == {}
    wrong = ast.parse('p.write_text(a, encoding="utf-8")\np.open("w", newline="")\np.open("rb")')
    assert sum(map(as_the_system_likes, ast.walk(wrong))) == 2
