"""`partnerkpi demo`: example data and its scorecard, the five-minute tour."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.terminal import echo


def demo(
    folder: Annotated[Path, given.argument("[DIR]", "Where to write the files; made if it is not there.")] = Path(
        "partnerkpi-demo"
    ),
    quiet: given.Quiet = False,
) -> None:
    """Write example data of 40 invented partners and build their scorecard: the five-minute tour.

    The data is the same on every machine.

    \b
    Example:
      partnerkpi demo
    """
    from partnerkpi.cli.output import print_note
    from partnerkpi.cli.session import session
    from partnerkpi.demo import WORKBOOK, write_demo_data
    from partnerkpi.results.kinds import sort_out
    from partnerkpi.scorecard.build import build_scorecard
    from partnerkpi.scorecard.words import headline
    from partnerkpi.workbook.build import written
    from partnerkpi.workbook.writer.writer import Writer

    with session(given.Common(quiet=quiet)) as run:
        with run.working("Making up 40 partners and two years of answers ..."):
            files = write_demo_data(folder)
        with run.working("Counting them and laying out the scorecard ..."):
            sources = [str(path) for path in (files.responses, files.activities, files.customers, files.partners)]
            card = build_scorecard(sort_out(run.workspace, sources, {}, {}), run.config)
            target = folder / WORKBOOK
            _write(target, written(card, Writer(several=False))[0])
    for line in headline(card):
        print_note(line, quiet=quiet)
    echo(str(target))
    steps = (
        "",
        "Three things to look at:",
        f" 1. Open {target}: the first sheet is the executive's page. Choose another period in its period cell.",
        " 2. On the Benchmarks sheet, change a threshold: every colour and rating follows.",
        f" 3. Ask the answers yourself:  partnerkpi nps {files.responses} --by region --period quarter",
        f"What was read and what was set aside:  partnerkpi check {files.responses}",
    )
    for line in steps:
        print_note(line, quiet=quiet)


def _write(target: Path, content: bytes) -> None:
    """Write the workbook; FileProblem where another one is there, or the demo's that somebody has changed."""
    from partnerkpi.errors import FileProblem
    from partnerkpi.files import atomic_write

    if target.exists() and target.read_bytes() != content:
        raise FileProblem(
            f"{target} is not as the demo wrote it, and is not overwritten: name another folder: partnerkpi demo DIR"
        )
    atomic_write(target, content, option="DIR")
