"""Write the pages of lessons as a folder: whole or not at all, and never over what is somebody else's."""

from collections.abc import Mapping
from pathlib import Path

from sim.present.atomic import (
    KIND,
    MANIFEST,
    OutputError,
    aside,
    check_target,
    digest,
    manifest_text,
    put_in_place,
    resolved,
)


def write_folder(files: Mapping[str, str], out: Path) -> None:
    """Write texts aside, with a manifest, and rename the folder into place. Raises OutputError."""
    check_target(out)
    target = resolved(out)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with aside(target) as folder:
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
            entries = [
                {"path": name, "bytes": (folder / name).stat().st_size, "sha256": digest(folder / name)}
                for name in sorted(files)
            ]
            (folder / MANIFEST).write_text(
                manifest_text({"kind": KIND, "files": entries}), encoding="utf-8", newline="\n"
            )
            put_in_place(folder, target)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error
