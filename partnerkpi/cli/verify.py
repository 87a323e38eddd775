"""`partnerkpi verify`: whether a scorecard that somebody received is the one that was made."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from partnerkpi.cli import options as given
from partnerkpi.cli.declared import Exit
from partnerkpi.cli.terminal import echo, echo_json, in_one_line

if TYPE_CHECKING:
    from partnerkpi.verify import Report

_MOST = 100  # lines; more of them say nothing new to a reader


class ReportFormat(StrEnum):
    """How a report is printed."""

    table = "table"
    json = "json"


def verify(
    files: Annotated[list[Path], given.argument("FILE.xlsx", "The workbook to look at, or several.")],
    fingerprint: Annotated[
        str | None,
        given.option(
            "--fingerprint DIGITS",
            "What 'partnerkpi scorecard' said when it made the workbook: proves that it is this one.",
        ),
    ] = None,
    signers: Annotated[
        Path | None,
        given.option(
            "--signers FILE",
            "Whose signature it must carry: lines such as 'ann@example.com ssh-ed25519 AAAA...', as git knows them.",
        ),
    ] = None,
    output: Annotated[ReportFormat, given.option("--format", "How to print what was found.")] = ReportFormat.table,
    quiet: given.Quiet = False,
) -> None:
    """Check a scorecard workbook that you received: safe, whole, unchanged, and every figure recomputed.

    Needs no Excel. Exit 0: all is right; 1: something is not, with a line for each place.

    \b
    Example:
      partnerkpi verify scorecard.xlsx
      partnerkpi verify packs/*.xlsx
    """
    from partnerkpi.cli.output import print_note
    from partnerkpi.errors import FileProblem, UsageError
    from partnerkpi.verify import verify as look

    if fingerprint is not None and len(files) > 1:
        raise UsageError("--fingerprint is that of one workbook: check it alone")
    reports: list[Report | None] = []
    printed: list[dict[str, Any]] = []
    for file in files:
        try:
            report = look(file, fingerprint, signers)
        except FileProblem as error:  # one that cannot be opened keeps nobody from looking at the others
            if len(files) == 1:
                raise
            reports.append(None)
            printed.append({"file": str(file), "sound": False, "error": str(error)})
            print_note(f"partnerkpi: {error}")
            continue
        reports.append(report)
        printed.append(report.as_dict())
        if output is ReportFormat.table:
            if len(files) > 1:
                echo(f"{'' if len(reports) == 1 else chr(10)}{in_one_line(str(file))}")
            _print(report)
        for note in report.notes:
            print_note(f"Note        {note}", quiet=quiet)
        for change in report.changed:
            print_note(f"Changed     {change}", quiet=quiet)
    sound = sum(report is not None and report.sound for report in reports)
    if output is ReportFormat.json:
        echo_json(printed[0] if len(files) == 1 else {"files": printed})
    elif len(files) > 1:
        echo(f"\n{sound:,} of {len(files):,} workbooks are right")
    if sound < len(files):
        raise Exit(1)


def _print(report: Report) -> None:
    """Print a line for each finding, and the verdict."""
    for finding in report.in_order[:_MOST]:
        echo(in_one_line(finding.line))
    if (left := len(report.findings) - _MOST) > 0:
        echo(f"... and {left:,} more: --format json lists all of them")
    recomputed = f"{report.recomputed:,} of {report.formulas:,} figures recomputed"
    mark = f"fingerprint {report.fingerprint}" if report.fingerprint else "no fingerprint"
    count = len(report.findings)
    verdict = "All is right" if report.sound else f"{count:,} {'finding' if count == 1 else 'findings'}"
    echo(f"{verdict}; {recomputed}; {mark}")
    if report.signature is not None and (who := report.signature["who"]) is not None:
        when = str(report.signature["signed_at"]).replace("T", " ").replace("Z", " UTC")
        counted = "nothing that counts was changed" if report.sound else "but see the findings"
        echo(f"Signed by {who} at {when} ({report.signature['key']}); {counted}")
    for what in report.not_judged:
        echo(f"Not judged: {what}")
