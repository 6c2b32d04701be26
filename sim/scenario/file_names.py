"""Names of files that systems and programs leave behind by themselves."""

import re
from pathlib import PurePath

LITTER = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".localized", ".directory", "icon\r"})
"""Files that file managers write into any folder that is looked at, in small letters."""
LITTER_FOLDERS = frozenset({".ipynb_checkpoints", "__pycache__", "@eadir", "__macosx", ".trashes", ".fseventsd"})
_LITTER = re.compile(r"\._.*|~\$.*|\.~lock\..*#|\.nfs[0-9a-f]+|\.fuse_hidden\w+|\..*\.sw[a-p]|.*~", re.DOTALL)
"""Shadows of files on foreign disks, and locks and copies of programs that have a file open."""


def is_litter(path: str) -> bool:
    """Return whether a path inside a folder of output was left by a system or an open program, not by a person."""
    *folders, name = PurePath(path.rstrip("@/")).parts
    return (
        any(one.lower() in LITTER_FOLDERS for one in (*folders, name))
        or name.lower() in LITTER
        or _LITTER.fullmatch(name) is not None
    )
