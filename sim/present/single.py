"""Write one table into one file: whole or not at all, and never over a file that is no table of this kind."""

import csv
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from sim.files import aside_name, open_regular
from sim.present.atomic import OutputError, check_parent, resolved
from sim.present.cells import row_as_text


def write_table(rows: Iterable[Sequence[str]], path: Path, decimal_comma: bool = False) -> int:
    """Write CSV and return the number of its rows, the header aside.

    UTF-8, a comma between cells, a point in numbers; with `decimal_comma` a semicolon, a comma, and the byte order mark
    by which spreadsheets know UTF-8. Raises OutputError for a file that is another table, or cannot be written.
    """
    table = iter(rows)
    header = [str(name) for name in next(table)]
    separator = ";" if decimal_comma else ","
    check_place(path)
    beside = aside_name(path)
    try:
        _check(path, header)
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8-sig" if decimal_comma else "utf-8", newline="") as file:
            out = csv.writer(file, delimiter=separator, lineterminator="\n")
            out.writerow(header)
            count = 0
            for row in table:
                cells = row_as_text(row)
                out.writerow([_with_comma(str(one)) for one in cells] if decimal_comma else cells)
                count += 1
        os.replace(beside, path)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return count


def check_place(path: Path) -> None:
    """Raise OutputError unless a file can be written there; call it before a long reading."""
    target = resolved(path)
    if target.is_dir():
        raise OutputError(f"{path}: is a folder; name a file with --out, such as {path / 'table.csv'}")
    check_parent(path, target)


def _check(path: Path, header: Sequence[str]) -> None:
    """Raise OutputError unless the path is free or holds an older table with the same header."""
    if not path.exists():
        return
    if not path.is_file():
        raise OutputError(f"{path}: is no regular file; choose another with --out")
    with open_regular(path) as file:
        first = file.readline(10_000).decode("utf-8-sig", errors="replace").strip().replace(";", ",")
    if first != ",".join(header):
        raise OutputError(f"{path}: holds something else than such a table; choose another with --out")


def _with_comma(text: str) -> str:
    """Return a number with a decimal comma; any other text as it is."""
    try:
        float(text)
    except ValueError:
        return text
    return text.replace(".", ",")
