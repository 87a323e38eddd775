"""`partnerkpi excel functions`, `add` and `remove`: the functions as names, for Excel without Python and macros."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.terminal import echo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from partnerkpi.kpi.benchmark import Benchmark

Workbook = Annotated[Path, given.argument("FILE.xlsx", "The workbook: .xlsx or .xlsm.")]
InPlace = Annotated[
    bool, given.option("--in-place", "Change the file itself; what it was before is kept beside it, ending in .bak.")
]


def functions(
    target: Annotated[
        Path, given.option("-o --output FILE", "A workbook, .xlsx; or .txt, to paste into Excel Labs' formula editor.")
    ] = Path("partnerkpi-functions.xlsx"),
    config: given.Config = None,
) -> None:
    """Write the functions as names, for Excel 365 of any kind: Windows, Mac, web, tablet; without Python and macros.

    Ratings are those of the settings, as they are now. Example: partnerkpi excel functions -o partnerkpi-functions.xlsx
    """
    from partnerkpi.carriers.lambdas.source import pack, text_of
    from partnerkpi.errors import UsageError
    from partnerkpi.excel.pack import workbook_bytes
    from partnerkpi.files import atomic_write

    kind = target.suffix.lower()
    if kind not in (".xlsx", ".txt"):
        raise UsageError(f"-o {target}: name a file that ends in .xlsx, for a workbook, or in .txt, for the text")
    made = pack(_benchmarks(config))
    atomic_write(target, text_of(made).encode() if kind == ".txt" else workbook_bytes(made))
    echo(str(target))


def add(
    workbook: Workbook,
    target: Annotated[
        Path | None, given.option("-o --output OUT", "The workbook to write. Default: FILE-with-functions.xlsx.")
    ] = None,
    in_place: InPlace = False,
    config: given.Config = None,
    quiet: given.Quiet = False,
) -> None:
    """Put the functions into a workbook of your own as names; nothing else in it is changed.

    Functions of an earlier version are replaced. Example: partnerkpi excel add Report.xlsx
    """
    from partnerkpi.carriers.lambdas.source import pack
    from partnerkpi.carriers.lambdas.splice import add_names
    from partnerkpi.cli.output import print_note

    made = pack(_benchmarks(config))
    _write(workbook, add_names(workbook, made), target, "with-functions", in_place=in_place)
    print_note(f"{len(made)} functions are in it: type =PARTNER_NPS( and a range of scores", quiet=quiet)


def remove(
    workbook: Workbook,
    target: Annotated[
        Path | None, given.option("-o --output OUT", "The workbook to write. Default: FILE-without-functions.xlsx.")
    ] = None,
    in_place: InPlace = False,
    quiet: given.Quiet = False,
) -> None:
    """Take the functions that 'excel add' put there out of a workbook; cells that use them show #NAME? from then on.

    Example: partnerkpi excel remove Report.xlsx -o Plain.xlsx
    """
    from partnerkpi.carriers.lambdas.splice import remove_names
    from partnerkpi.cli.output import print_note

    made, removed = remove_names(workbook)
    _write(workbook, made, target, "without-functions", in_place=in_place)
    print_note(f"{removed} functions were taken out", quiet=quiet)


def _benchmarks(config: Path | None) -> Mapping[str, Benchmark]:
    from partnerkpi.config import load

    return load(config).benchmarks


def _write(workbook: Path, data: bytes, target: Path | None, ending: str, *, in_place: bool) -> None:
    """Write the changed workbook: to another file, or to its own with the file of before kept."""
    from partnerkpi.errors import UsageError
    from partnerkpi.files import atomic_write, refuse_to_replace

    if in_place:
        if target is not None:
            raise UsageError("-o and --in-place name two places: give one of them")
        kept = workbook.with_name(f"{workbook.name}.bak")
        if kept.exists():
            raise UsageError(f"--in-place: {kept} is there from the last time; move or delete it first")
        atomic_write(kept, workbook.read_bytes(), option="--in-place")
        atomic_write(workbook, data, option="--in-place")
        echo(str(workbook))
        return
    target = target or workbook.with_name(f"{workbook.stem}-{ending}{workbook.suffix}")
    if target.suffix.lower() != workbook.suffix.lower():
        raise UsageError(f"-o {target}: name a file that ends in {workbook.suffix}, as {workbook.name} does")
    refuse_to_replace(target, workbook, "-o")
    atomic_write(target, data)
    echo(str(target))
