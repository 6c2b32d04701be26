"""Make a report: open every folder, say all that is wrong at once, then write one file."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from sim.present.naming import tells, title_of
from sim.present.text import literal
from sim.reports.folders import Opened, open_all
from sim.reports.html import Chapter, escaped, page, prose
from sim.reports.origin import origin_chapter, reading_chapter
from sim.reports.run import run_chapter
from sim.reports.several import several_runs
from sim.reports.study import study_chapter, study_title
from sim.reports.target import FILE, check_file, write
from sim.scenario import Problem
from sim.texts.spoken import foreign, joined, spoken


class ReportError(Exception):
    """Folders that cannot be reported on, or a file that cannot be written, with all problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


def make_report(folders: Sequence[Path], out: Path | None = None, title: str = "", question: str = "") -> Path:
    """Write the report on some folders to `out`, or into the first of them, in the language spoken; return its path.

    Raises ReportError with every problem, and OSError if the file cannot be written.
    """
    problems: list[Problem] = []
    opened = open_all(folders, problems)
    target = out or (folders[0] / FILE if folders else Path(FILE))
    if out or (opened and opened[0].path == folders[0]):
        check_file(target, problems)
    if problems:
        raise ReportError(problems)
    return write(report(opened, title, question), target)


def report(folders: Sequence[Opened], title: str = "", question: str = "") -> str:
    """Return the page of a report; title and question are plain text, and may be empty."""
    title, question = title.strip(), question.strip()
    parts = [_chapter(one, literal(_title(one)) if len(folders) > 1 else tells("came_out")) for one in folders]
    chapters = [chapter for chapter in (several_runs(folders), *parts) if chapter]
    again = shlex.join(
        [
            *("sim", "report", *(str(one.path) for one in folders)),
            *(("--title", title) if title else ()),
            *(("--question", question) if question else ()),
            *(("--language", spoken()) if foreign() else ()),
        ]
    )
    asked = f"<blockquote>\n<p>{escaped(question)}</p>\n</blockquote>\n" if question else ""
    about = f'{asked}<div class="caution">\n{prose(tells("caution"))}</div>\n'
    names = joined(*(_title(one) for one in folders))
    foot = prose(f"{tells('made', names=literal(', '.join(one.name for one in folders)))} {tells('caution')}")
    return page(title or names, about, [*chapters, reading_chapter(), origin_chapter(folders, again)], foot)


def _title(opened: Opened) -> str:
    """Return the title of a folder; of a run in the language that is spoken."""
    if opened.is_run and opened.data is not None and foreign():
        return title_of(opened.data)
    return study_title(opened)


def _chapter(opened: Opened, title: str) -> Chapter:
    if opened.is_run and opened.data is not None:
        return run_chapter(opened, opened.data, title)
    return study_chapter(opened, title)
