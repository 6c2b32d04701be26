"""What this process may use: processors and memory, as container, job and system allow, not what the machine has."""

import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path("/")
UNLIMITED = 1 << 60
"""From here on a number of bytes stands for no limit."""


def cores(root: Path = ROOT, environ: Mapping[str, str] = os.environ) -> int:
    """Return the number of processors that this process may use, at least 1.

    The least of: the processors it is bound to, the quota of its control groups (containers), and what Slurm gave.
    """
    try:
        bound = len(os.sched_getaffinity(0))
    except AttributeError:
        bound = os.cpu_count() or 1
    quotas = [math.ceil(quota) for quota in _quotas(root)]
    given = [number for name in ("SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE") if (number := _number(environ.get(name)))]
    return max(1, min([bound, *quotas, *given[:1]]))


def memory_bytes(root: Path = ROOT, environ: Mapping[str, str] = os.environ) -> int:
    """Return the bytes of memory that this process may use; 0 where the system reports nothing.

    The least of: the memory of the machine, the limit of its control groups (containers), and what Slurm gave.
    """
    found = [_of_machine(), *_limits(root), *_of_slurm(environ)]
    return min((size for size in found if 0 < size < UNLIMITED), default=0)


def _of_machine() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 0


def _of_slurm(environ: Mapping[str, str]) -> Iterator[int]:
    """Yield the memory of the job on this machine, which Slurm states in MiB."""
    if whole := _number(environ.get("SLURM_MEM_PER_NODE")):
        yield whole << 20
    elif each := _number(environ.get("SLURM_MEM_PER_CPU")):
        yield (each * (_number(environ.get("SLURM_CPUS_ON_NODE")) or 1)) << 20


def _quotas(root: Path) -> Iterator[float]:
    """Yield the processors that control groups allow, as quota of time by period."""
    for folder in _groups(root, "cpu"):
        words = _text(folder / "cpu.max").split()
        if not words:
            words = [_text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us")]
        quota, period = (_number(word) for word in (*words, "", "")[:2])
        if quota and period:
            yield quota / period


def _limits(root: Path) -> Iterator[int]:
    """Yield the bytes that control groups allow."""
    for folder in _groups(root, "memory"):
        for name in ("memory.max", "memory.limit_in_bytes"):
            if size := _number(_text(folder / name)):
                yield size


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """Yield the folders of the control groups of this process, from its own up to the top, in both versions.

    Inside a container its own group may be the top of what can be seen.
    """
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, names, place = [*line.split(":", 2), "", ""][:3]
        if names and controller not in names.split(","):
            continue
        top = root / "sys/fs/cgroup" / (controller if names else "")
        group = top / place.lstrip("/")
        yield from (folder for folder in (group, *group.parents) if folder.is_relative_to(top))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _number(text: str | None) -> int:
    """Return a whole number above zero; 0 for `max`, -1, and what is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 20 else 0
