"""The workbook that is sent: ours, whole, harmless, small enough, no older than its data; and the page in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, FileProblem, UnsafeFile
from partnerkpi.files import sha256_of
from partnerkpi.mail.content import PageContent, from_scorecard
from partnerkpi.tables.guard import preflight
from partnerkpi.verify import recovered, verify
from partnerkpi.verify.package import unwanted

_MEGABYTE = 1_000_000
_CELL = re.compile(rb"<c\s([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]+[0-9]+)"')
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v>|<is>")


def refuse_unfit(path: Path, max_megabytes: float) -> None:
    """Raise FileProblem (UnsafeFile where it could do harm) with the reason for which a workbook must not be sent.

    Checked are: its name and kind; no macros, controls, embedded files, links or connections; every formula carries a
    value, and no value is an error but #N/A, which says "no data"; its size.
    """
    if path.suffix.lower() != ".xlsx":
        raise FileProblem(f"{path} is not sent: only workbooks that end in .xlsx are, which can hold no macros")
    preflight(path)
    size = path.stat().st_size
    if size > max_megabytes * _MEGABYTE:
        raise FileProblem(
            f"{path} is not sent: it has {size / _MEGABYTE:.1f} MB, more than the {max_megabytes:g} MB of "
            "[mail] max_megabytes"
        )
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            _refuse_part(path, package, part)
        for part in package.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                _refuse_values(path, part, package.read(part))


def _refuse_part(path: Path, package: zipfile.ZipFile, part: str) -> None:
    if what := unwanted(part):
        raise UnsafeFile(f"{path} is not sent: it {what} ({part})")
    lowered = part.lower()
    if lowered.endswith(".rels") and re.search(rb"TargetMode\s*=\s*[\"']External", package.read(part)):
        raise UnsafeFile(f"{path} is not sent: it links to something outside ({part})")
    if lowered == "[content_types].xml" and b"macroEnabled" in package.read(part):
        raise UnsafeFile(f"{path} is not sent: it says of itself that it holds macros")


def _refuse_values(path: Path, part: str, sheet: bytes) -> None:
    # `partnerkpi verify` asks more of a cell: that its formula is one that we write, and #N/A only where a formula asks
    # for it. Whoever adds a column of their own before sending may do so; what previews would show wrong may not go.
    for reference, attributes, content in _cells(sheet):
        value = _VALUE.search(content)
        if b"<f" in content and value is None:
            raise FileProblem(
                f"{path} is not sent: a formula carries no value ({part}, {reference}), so a preview would show none. "
                "Open it in Excel and save it, or build it again"
            )
        error = value[1] if value is not None and b't="e"' in attributes else None
        if error is not None and error != b"#N/A":
            shown = error.decode("ascii", "replace")
            raise FileProblem(f"{path} is not sent: {reference} shows {shown} ({part}). Build it again")


def _cells(sheet: bytes) -> Iterator[tuple[str, bytes, bytes]]:
    for match in _CELL.finditer(sheet):
        if match[2]:
            reference = _REFERENCE.search(match[1])
            yield reference[1].decode("ascii") if reference is not None else "a cell", match[1], match[2]


def refuse_stale(path: Path, digests: Mapping[str, str], data: Iterable[Path], others: Sequence[str] = ()) -> None:
    """Raise FileProblem where a workbook was made from other content than the files now have.

    `digests` are those that the workbook lists, `others` what it was made from that is no file. The files of `data`
    are compared by content. A file of the same name that lies beside the workbook is compared as well, if it changed
    later. A partner's pack lists nothing: it must not be older than the files of `data`.
    """
    for file in data:
        if not digests and not others:
            _refuse_older(path, file)
            continue
        listed = digests.get(file.name)
        if listed is None:
            raise FileProblem(
                f"{path} is not sent: it was not made from {file.name}; About lists {', '.join([*digests, *others])}"
            )
        _compare(path, file, listed)
    made = path.stat().st_mtime
    for name, listed in digests.items():
        file = path.parent / name
        if file.is_file() and file.stat().st_mtime > made:
            _compare(path, file, listed)


def _refuse_older(path: Path, file: Path) -> None:
    try:
        changed = file.stat().st_mtime
    except OSError as error:
        raise FileProblem(f"--data {file} cannot be read: {(error.strerror or str(error)).lower()}") from None
    if changed > path.stat().st_mtime:
        raise FileProblem(f"{path} is not sent: it is older than {file}. Build it again")


def _compare(path: Path, file: Path, listed: str) -> None:
    if digest(file) != listed:
        raise FileProblem(f"{path} is not sent: {file} has changed since it was made. Build it again")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file. FileProblem where it cannot be read."""
    try:
        return sha256_of(path)
    except OSError as error:
        raise FileProblem(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None


@dataclass(frozen=True, slots=True)
class BookContent:
    """What a workbook says: its page, the SHA-256 of each file that it was made from, and its other sources."""

    page: PageContent
    digests: Mapping[str, str]
    others: tuple[str, ...]


def read_book(path: Path) -> BookContent:
    """Return what a scorecard workbook says in the period that is chosen in it, if `verify` finds nothing wrong.

    Raises FileProblem where the file cannot be read or is not as it was made, DataProblem where it is no scorecard.
    """
    report = verify(path)
    if report.findings:
        more = f", and {len(report.findings) - 1} more findings" if len(report.findings) > 1 else ""
        raise FileProblem(
            f"{path} is not sent: {report.findings[0].line}{more}. 'partnerkpi verify' shows all; build it again"
        )
    card = recovered(path)
    if card is None:
        raise DataProblem(f"{path} is no scorecard that can be read: build it again with 'partnerkpi scorecard'")
    digests = {name: digest for source in card.sources for name, digest in source.digests.items()}
    others = tuple(origin.name for source in card.sources for origin in source.origins)
    return BookContent(from_scorecard(card), digests, others)
