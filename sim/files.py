"""The one way to open a file that somebody else may have written: a regular file, of a size that it may have.

A pipe or a device in its place could block for ever or never end; a file may be larger than memory. Nothing that is
read is unpickled or evaluated: texts are UTF-8, tables are JSON, TOML or CSV, numbers are NetCDF.
"""

import errno
import json
import os
import re
import secrets
import stat
import unicodedata
from io import BufferedReader
from pathlib import Path, PurePath
from typing import Any

MOST_JSON = 50_000_000
"""Most bytes of a manifest or of attributes; those of a large run have less than one million."""
MOST_TEXT = 20_000_000
"""Most bytes of a text."""
LONGEST_PATH, LONGEST_NAME, DEEPEST = 3_500, 255, 100
"""Most bytes of a whole path and of a name in it, and most names; systems take 4,096 bytes, and files need some."""

_DEVICES = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$)", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever their ending."""
_SIGNS = '<>:"|?*'
"""Signs that no name may have on Windows."""
LITTER = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".localized", ".directory", "icon\r"})
"""Files that file managers write into any folder that is looked at, in small letters."""
LITTER_FOLDERS = frozenset({".ipynb_checkpoints", "__pycache__", "@eadir", "__macosx", ".trashes", ".fseventsd"})
_LITTER = re.compile(r"\._.*|~\$.*|\.(~lock\.|#).*|#.*#|\.nfs[0-9a-f]+|\.fuse_hidden\w+|\..*\.sw[a-p]|.*~", re.DOTALL)
"""Shadows of files on foreign disks, and locks and copies of programs that have a file open."""


def open_regular(path: str | Path, *, most: int | None = None, follow: bool = True) -> BufferedReader:
    """Open a file for reading if it is a regular one of at most `most` bytes; with `follow=False` no link.

    Raises OSError, whose `strerror` says what is wrong, for anything else; opening never waits.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    if not follow:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags)
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error), shown_path(path)) from error
    except OSError as error:
        if error.errno == errno.ELOOP and Path(path).is_symlink():
            raise OSError(errno.ELOOP, "is a link that is not followed", shown_path(path)) from error
        if error.errno == errno.ENXIO:
            raise OSError(errno.EINVAL, "is no regular file", shown_path(path)) from error
        raise
    try:
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, "is a folder, not a file", shown_path(path))
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "is no regular file", shown_path(path))
        if most is not None and found.st_size > most:
            raise OSError(errno.EFBIG, f"is larger than {most:,} bytes", shown_path(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_bytes(path: str | Path, *, most: int | None = None, follow: bool = True) -> bytes:
    """Return the content of a regular file, as `open_regular` opens it. Raises OSError."""
    with open_regular(path, most=most, follow=follow) as file:
        content = file.read() if most is None else file.read(most + 1)
    if most is not None and len(content) > most:
        raise OSError(errno.EFBIG, f"is larger than {most:,} bytes", shown_path(path))
    return content


def read_text(path: str | Path, *, most: int = MOST_TEXT, follow: bool = True) -> str:
    """Return the text of a regular file in UTF-8, its line ends as newlines. Raises OSError and ValueError."""
    text = read_bytes(path, most=most, follow=follow).decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_json(path: str | Path, *, most: int = MOST_JSON, follow: bool = True) -> Any:
    """Return what a regular file of JSON holds. Raises OSError, and ValueError where it holds none."""
    return parsed_json(read_text(path, most=most, follow=follow))


def parsed_json(text: str) -> Any:
    """Return what a text of JSON holds; raise ValueError where it holds none, is nested too deeply, or has NaN."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def why(error: OSError) -> str:
    """Return why a file could not be opened: `is no regular file`, `cannot be read: no such file or directory`."""
    rule = error.strerror or str(error)
    return rule if rule.startswith("is ") else f"cannot be read: {rule[:1].lower()}{rule[1:]}"


def told(error: Exception, place: str | Path = "") -> str:
    """Return an error as a message: one of the system as path and reason, without its number; any other as it is."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    path, rule = error.filename or place, error.strerror or "the system gives no reason"
    where = f"{shown_path(path)}: " if path else ""
    return f"{where}{rule if rule.startswith('is ') else f'cannot be read or written: {rule[:1].lower()}{rule[1:]}'}"


def fault_of_path(path: str | Path) -> str:
    """Return why nothing can be written under a path, whatever is there; empty if something may be."""
    text = str(path)
    if not text.strip():
        return "must be the name of a folder or file, found a blank"
    if any(unicodedata.category(one) == "Cc" for one in text):
        return "has a control character in it"
    try:
        name = max((len(part.encode()) for part in Path(text).parts), default=0)
        whole = os.path.abspath(text)
        size = len(whole.encode())
    except UnicodeEncodeError:
        return "cannot be written as UTF-8, which NetCDF needs"
    except OSError:  # the current folder was removed
        return ""
    if name > LONGEST_NAME:
        return f"has a name in it of more than {LONGEST_NAME} bytes"
    if size > LONGEST_PATH or len(Path(whole).parts) > DEEPEST:
        return f"is too long: at most {LONGEST_PATH:,} bytes and {DEEPEST} folders"
    made = [one for one in Path(text).parents if one.name and not os.path.exists(one)]
    return next((fault for one in (Path(text), *made) if (fault := fault_of_file_name(one.name))), "")


def fault_of_file_name(name: str, windows: bool = os.name == "nt") -> str:
    """Return why a name is none for a folder or a file; empty if it is one.

    Names that Windows takes for something else, and would lose on a copy, are refused everywhere. Signs that it just
    refuses are refused there alone: elsewhere a name such as `2026-01-01T12:30` is the user's to give.
    """
    if windows and any(sign in _SIGNS for sign in name):
        return f"has one of {' '.join(_SIGNS)} in it, which Windows takes in no name"
    if _DEVICES.fullmatch(name.partition(".")[0].strip()):
        return "is a name that Windows reserves for a device"
    return "ends in a dot or a blank, which Windows drops" if name.strip(".") and name != name.rstrip(". ") else ""


def portable(name: str) -> str:
    """Return a name that the program makes without what Windows takes in none."""
    return "".join("_" if sign in _SIGNS else sign for sign in name).rstrip(". ")


def is_litter(path: str) -> bool:
    """Return whether a path inside a folder of output was left by a system or an open program, not by a person."""
    *folders, name = PurePath(path.rstrip("@/")).parts
    return (
        any(one.lower() in LITTER_FOLDERS for one in (*folders, name))
        or name.lower() in LITTER
        or _LITTER.fullmatch(name) is not None
    )


def aside_name(target: Path) -> Path:
    """Return a new hidden name beside a file, to be written and then renamed to it.

    The number of the process is not enough: in containers two processes may have the same, and so have threads. Names
    are limited in bytes, and a character may have four.
    """
    begun = target.name.encode(errors="ignore")[:60].decode(errors="ignore")
    return target.with_name(f".{begun}.{os.getpid()}-{secrets.token_hex(4)}.part")


def without_tilde(path: str | Path) -> Path:
    """Return a path with `~` as the home folder. Raises ValueError if there is no such user."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{shown_path(path)}: no such user") from error


def shown_path(path: str | Path) -> str:
    """Return a path as a message may show it: at most 200 characters, without control characters."""
    text = "".join(one if one.isprintable() else "?" for one in str(path))
    return text if len(text) <= 200 else f"{text[:197]}..."
