"""Print digests of all results, so that a change of shape can be shown to change no byte.

    python benchmarks/digests.py variables              # every recorded variable of every shipped scenario, by NumPy
    python benchmarks/digests.py variables --compiled   # the same with the compiled month (extra `fast`)
    python benchmarks/digests.py files                  # every file that each command writes, and what it prints

Run it before and after a change and compare the two outputs with `diff`. A line is: what, part, digest. Left out of the
digests are the digest of the program's own text, times and paths of this machine. Two machines may differ.
"""

import argparse
import hashlib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
WORLDS, MONTHS = 64, 24
NARROW = "routes.khasan.capacity=15"
COMMANDS = (
    "run article --worlds 16 --months 6 --out run",
    f"run sea_route --set {NARROW} --worlds 8 --months 3 --no-figures --out narrow",
    "run article --worlds 300 --months 2 --keep series --no-figures --out series",
    "run article --worlds 300 --months 2 --keep summary --out summary",
    "run ceasefire --worlds auto --outcome shells_delivered --precision 0.2 --most-worlds 64 --months 4 --out auto",
    "compare article sea_route --worlds 16 --months 6 --out compare",
    f"sweep article --vary {NARROW.replace('15', '10:100:3')} --vary sanctions.pressure=0:1:2 --worlds 8 --months 4 "
    "--out sweep",
    "history sea_route --worlds 16 --out history",
    "calibrate sea_route --worlds 400 --accept 60 --out calibrate",
    "run sea_route --calibrated calibrate/calibration.nc --worlds 8 --months 3 --no-figures --out tuned",
    "sensitivity article --outcome shells_delivered --keys routes.khasan --trajectories 4 --samples 64 --months 3 "
    "--out sensitivity",
    "information article --outcome shells_delivered --keys routes --worlds 160 --months 4 --out information",
    "influence article --outcome shells_delivered --lever sanctions.pressure=0:1 --worlds 8 --months 4 --out influence",
    "discover article --where 'shells_delivered > p80' --keys routes --worlds 256 --months 4 --out discover",
    "policy article --levers korea --minimise technology --worlds 16 --months 18 --out policy",
    "new mine --from article",
    "list",
    "validate mine.toml",
    "show article routes.khasan",
    "params sanctions",
    "replay narrow",
)
"""Commands in the order in which they need each other's files; every command of the program is among them."""
VARYING = re.compile(
    rb'(?<="program": ")[0-9a-f]{16}|(?<=\\"program\\": \\")[0-9a-f]{16}|(?<=worlds_\d{10}_\d{10}_)[0-9a-f]{16}'
    rb"|(?<=article-)[0-9a-f]{16}"
)
"""The digest of the program's text where a manifest, a block or the name of one repeats it."""


def digest(data: bytes) -> str:
    """Return the beginning of a SHA-256."""
    return hashlib.sha256(data).hexdigest()[:16]


def variables(*, compiled: bool) -> Iterator[tuple[str, str, str]]:
    """Yield scenario, variable and digest of every array that a run records."""
    os.environ["SIM_COMPILED"] = "1" if compiled else "0"
    import sim
    from sim.compile import engine

    engine.WORTH_MAKING = 0
    if compiled and not engine.possible():
        sys.exit("the compiled month cannot be used here: install the extra fast")
    for path in sorted((ROOT / "scenarios").glob("*.toml")):
        results = sim.run(sim.load(path.stem, worlds=WORLDS, months=MONTHS))
        for name in sorted(map(str, results.data_vars)):
            values = np.ascontiguousarray(results[name].values)
            yield path.stem, name, digest(f"{values.dtype} {values.shape}".encode() + values.tobytes())


def files() -> Iterator[tuple[str, str, str]]:
    """Yield command, file or `(printed)`, and digest of everything that the commands leave and print."""
    here = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    with tempfile.TemporaryDirectory() as place:
        known: dict[str, str] = {}
        for line in COMMANDS:
            done = subprocess.run(
                [sys.executable, "-m", "sim", *shlex.split(line)], cwd=place, env=here, capture_output=True, check=False
            )
            if done.returncode != 0:
                sys.exit(f"sim {line} failed:\n{done.stderr.decode()}")
            yield line, "(printed)", digest(done.stdout + done.stderr)
            for path in sorted(Path(place).rglob("*")):
                name = VARYING.sub(b"", path.relative_to(place).as_posix().encode()).decode()
                if path.is_file() and name not in known:
                    known[name] = _of_file(path)
                    yield line, name, known[name]


def _of_file(path: Path) -> str:
    """Return the digest of a file; of labelled arrays that of their values and attributes.

    Files of arrays hold the digest of the program in compressed bytes, where it could not be left out.
    """
    if path.suffix != ".nc":
        return digest(VARYING.sub(b"", _without_digests(path.read_bytes())))
    import xarray as xr

    with xr.open_dataset(path, decode_times=False) as ds:
        parts = [_text(ds.attrs)]
        for name in sorted(map(str, ds.variables)):
            array = ds[name]
            head = f"{name} {array.dims} {array.dtype} {array.shape} "
            values = np.ascontiguousarray(array.values)
            data = repr(values.tolist()).encode() if values.dtype == object else values.tobytes()
            parts.append(head.encode() + _text(array.attrs) + data)
    return digest(b"\n".join(parts))


def _text(attributes: dict[object, object]) -> bytes:
    return VARYING.sub(b"", repr(sorted((str(k), str(v)) for k, v in attributes.items())).encode())


def _without_digests(data: bytes) -> bytes:
    """Return a manifest without the digests of files that are hashed here by their content."""
    return re.sub(rb'("bytes": )\d+|("sha256": ")[0-9a-f]+', rb"\1\2", data)


def main() -> None:
    """Print one line a digest."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", choices=("variables", "files"))
    asked.add_argument("--compiled", action="store_true", help="with machine code")
    given = asked.parse_args()
    for row in variables(compiled=given.compiled) if given.what == "variables" else files():
        print("\t".join(row), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
